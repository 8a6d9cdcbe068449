"""Starts the WeChat stand-in: `python -m deploy.standins.wechat`.

It listens on WECHAT_PORT (8004), loopback only.
Credentials: WECHAT_APP_ID, WECHAT_APP_SECRET, WECOM_CORP_ID, WECOM_SECRET, WECOM_AGENT_ID, WECOM_ROBOT_KEY.
With STANDIN_CERTIFICATE (a PEM file with key and certificate) it speaks HTTPS only.
With WECHAT_CALLBACK_URL, _TOKEN and _KEY it reports what people do there.
"""

import os
import signal
import threading

from deploy.standins.web import serve, tls_context
from deploy.standins.wechat.conversation import Conversation, http_faults
from deploy.standins.wechat.provider import Clock, Provider
from deploy.standins.wechat.server import wechat_routes
from deploy.standins.wechat.settings import settings_from


def main() -> None:
    port = int(os.environ.get("WECHAT_PORT", "8004"))
    conversation = Conversation(Provider(settings_from(os.environ), Clock()), http_faults())
    tls = tls_context(os.environ.get("STANDIN_CERTIFICATE"))
    server = serve(port, wechat_routes(conversation).answer, tls)
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: threading.Thread(target=server.shutdown).start())
    print(f"wechat: http{'s' if tls else ''}://127.0.0.1:{port}", flush=True)
    server.serve_forever()
    server.server_close()
    conversation.provider.callbacks.pool.shutdown(wait=False, cancel_futures=True)


if __name__ == "__main__":
    main()
