"""Starts the development mailbox: `python -m deploy.standins.mailbox`.

MAILBOX_HTTP_PORT (8002) serves the page and the API, MAILBOX_SMTP_PORT (8003) takes mail; both on loopback only.
With STANDIN_CERTIFICATE (a PEM file with key and certificate) mail comes by STARTTLS only, or with
MAILBOX_SMTP_TLS=yes by TLS from the first byte.
"""

import asyncio
import os
import signal
import threading

from deploy.standins.mailbox.inbox import Inbox
from deploy.standins.mailbox.server import mailbox_routes
from deploy.standins.mailbox.sink import listen, smtp_faults
from deploy.standins.web import serve, tls_context


async def run(http_port: int, smtp_port: int) -> None:
    inbox, faults = Inbox(), smtp_faults()
    tls = tls_context(os.environ.get("STANDIN_CERTIFICATE"))
    smtp = await listen(smtp_port, inbox, faults, tls, at_once=os.environ.get("MAILBOX_SMTP_TLS") == "yes")
    pages = serve(http_port, mailbox_routes(inbox, faults).answer)
    threading.Thread(target=pages.serve_forever, daemon=True).start()
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    print(f"mailbox: http://127.0.0.1:{http_port} takes mail on smtp://127.0.0.1:{smtp_port}", flush=True)
    await stop.wait()
    pages.server_close()
    smtp.close()


if __name__ == "__main__":
    asyncio.run(run(int(os.environ.get("MAILBOX_HTTP_PORT", "8002")), int(os.environ.get("MAILBOX_SMTP_PORT", "8003"))))
