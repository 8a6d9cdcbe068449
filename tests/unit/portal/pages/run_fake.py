"""The pages before the fake base, to look at while working: python -m tests.unit.portal.pages.run_fake [port]."""

import sys

from services.portal.app import create_app
from services.portal.config import Settings
from tests.unit.portal.fakes import FakeRedis
from tests.unit.portal.pages.fake_base import FakeBase
from tests.unit.portal.pages.fake_catalogue import PASSWORD


def main() -> None:
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 8900
    settings = Settings(
        amqp_url="amqp://nowhere",
        redis_url="redis://nowhere",
        secret_key="k" * 32,
        public_url=f"http://127.0.0.1:{port}",
        wechat_app_id="wx-demo-app",
    )
    print(f"http://127.0.0.1:{port} member01 / manager-labs / admin: {PASSWORD}")
    create_app(settings, FakeBase(), FakeRedis()).run(port=port, threaded=True)


if __name__ == "__main__":
    main()
