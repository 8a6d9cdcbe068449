"""The WeChat stand-in without sockets, on a clock that only tests move."""

import json

import pytest

from deploy.standins.faults import Faults
from deploy.standins.web import Reply, Request
from deploy.standins.wechat.conversation import Conversation, http_faults
from deploy.standins.wechat.provider import Clock, Provider
from deploy.standins.wechat.settings import settings_from

APP = {"grant_type": "client_credential", "appid": "wx-demo-app", "secret": "demo-app-secret"}
CORP = {"corpid": "ww-demo-corp", "corpsecret": "demo-corp-secret"}
FIELDS = {
    "thing1": "LAB-1 高低温老化",
    "time2": "2026年11月24日 09:30~17:30",
    "thing3": "芯辰传感",
    "phrase4": "已批准",
    "thing5": "请提前十分钟到场",
}


class Wechat:
    """A client's view of the stand-in, and what people saw."""

    def __init__(self):
        self.clock = Clock(lambda: 1_800_000_000.0)
        self.provider = Provider(settings_from({}), self.clock)
        self.faults: Faults = http_faults()
        self.conversation = Conversation(self.provider, self.faults)

    def reply(self, method: str, path: str, query: dict | None = None, body: object = None, raw: str = "") -> Reply:
        content = raw or ("" if body is None else json.dumps(body, ensure_ascii=False))
        return self.conversation.answer(Request(method, f"/cgi-bin/{path}", query or {}, {}, content.encode()))

    def call(self, *arguments, **named) -> dict:
        return json.loads(self.reply(*arguments, **named).body)

    def token(self, whose: str = "official") -> str:
        if whose == "wecom":
            return self.call("GET", "gettoken", CORP)["access_token"]
        token = self.call("POST", "stable_token", body=APP)["access_token"]
        if whose == "replaced":
            self.call("POST", "stable_token", body=APP | {"force_refresh": True})
        return token

    def send(self, token: str, to: str = "demo-lead01", fields: dict | None = None, **more) -> dict:
        body = self.card(to, fields) | more
        return self.call("POST", "message/template/send", {"access_token": token}, body)

    @staticmethod
    def card(to: str = "demo-lead01", fields: dict | None = None) -> dict:
        data = {key: {"value": value} for key, value in (FIELDS | (fields or {})).items()}
        return {"touser": to, "template_id": "tmpl-approved", "data": data}

    def messages(self) -> list[dict]:
        return self.provider.messages.newest_first()

    def shown(self) -> list[dict]:
        return [message for message in self.messages() if message["shown"]]


@pytest.fixture
def wechat() -> Wechat:
    return Wechat()
