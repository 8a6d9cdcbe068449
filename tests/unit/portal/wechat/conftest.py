"""The portal with an account's callback set up, and the stand-in's way of sealing as the platform."""

import base64
import time

import pytest

from deploy.standins.wechat.callbacks import Callbacks, Receiver
from services.portal.wechat.sealed import Seal

KEY = base64.b64encode(bytes(range(32))).decode().rstrip("=")
RECEIVER = Receiver("http://localhost/wechat/callback", "a token", KEY, "wx-demo-app")


@pytest.fixture
def seal():
    return Seal("wx-demo-app", "a token", KEY)


@pytest.fixture
def app(app, seal, redis, monkeypatch):
    """The shared portal as one that has an Official Account."""
    monkeypatch.setitem(app.extensions, "wechat_seal", seal)
    monkeypatch.setattr(app.extensions["wechat_states"], "redis", redis)
    for name, value in {
        "WECHAT_APP_ID": "wx-demo-app",
        "WECHAT_OPEN_BASE": "https://open.example",
        "WECOM_CORP_ID": "ww-demo-corp",
        "WECOM_AGENT_ID": "1000002",
    }.items():
        monkeypatch.setitem(app.config, name, value)
    return app


@pytest.fixture
def platform():
    return Callbacks(RECEIVER, time.time)


@pytest.fixture
def report(visitor, platform):
    """report("SCAN", "old", EventKey=...) knocks as the platform would, or as somebody who would like to be it."""

    def send(event="SCAN", twist="", person="openid-1", **fields):
        query, body = platform.request(platform.xml(person, event, fields), twist)
        return visitor.post(f"/wechat/callback?{query}", data=body, content_type="text/xml")

    return send


