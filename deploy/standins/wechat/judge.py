"""Which request goes to which judge, and what every judge takes for granted."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from deploy.standins.wechat import inside, official, robot, wecom
from deploy.standins.wechat.provider import Call, Provider, Verdict
from deploy.standins.wechat.tokens import OFFICIAL, WECOM

ERRORS = {
    0: "ok",
    -1: "system error",
    40001: "invalid credential",
    40002: "invalid grant_type",
    40003: "invalid openid",
    40008: "invalid message type",
    40013: "invalid appid or corpid",
    40014: "invalid access_token",
    40035: "invalid parameter",
    40029: "invalid code",
    40037: "invalid template_id",
    40052: "invalid action name",
    40053: "invalid action info",
    40056: "invalid agentid",
    40058: "invalid message size",
    40125: "invalid appsecret",
    40163: "code been used",
    40164: "invalid ip, not in whitelist",
    41001: "access_token missing",
    42001: "access_token expired",
    43001: "require GET method",
    43002: "require POST method",
    43004: "require subscribe",
    45009: "api freq out of limit",
    45033: "too many concurrent calls",
    47001: "data format error",
    47003: "argument invalid",
    48001: "api unauthorized",
    60020: "not allow to access from your ip",
    81013: "user, party and tag all invalid",
    82001: "touser, toparty and totag all empty",
    93000: "invalid webhook key",
}


@dataclass(frozen=True)
class Endpoint:
    method: str
    judge: Callable[[Provider, Call], Verdict]
    account: str | None = None  # whose token the call must carry


ENDPOINTS = {
    "/cgi-bin/token": Endpoint("GET", official.token),
    "/cgi-bin/stable_token": Endpoint("POST", official.stable_token),
    "/cgi-bin/message/template/send": Endpoint("POST", official.template_send, OFFICIAL),
    "/cgi-bin/qrcode/create": Endpoint("POST", official.qrcode_create, OFFICIAL),
    "/sns/oauth2/access_token": Endpoint("GET", inside.oauth_access_token),
    "/cgi-bin/auth/getuserinfo": Endpoint("GET", inside.getuserinfo, WECOM),
    "/cgi-bin/gettoken": Endpoint("GET", wecom.gettoken),
    "/cgi-bin/message/send": Endpoint("POST", wecom.message_send, WECOM),
    "/cgi-bin/webhook/send": Endpoint("POST", robot.webhook_send),
}


def judge(provider: Provider, method: str, call: Call) -> Verdict:
    """What the real server would answer, in the order in which it looks."""
    endpoint = ENDPOINTS[call.path]
    if method != endpoint.method:
        return Verdict(43001 if endpoint.method == "GET" else 43002)
    if endpoint.account:
        refusal = provider.tokens.refusal(call.query.get("access_token"), endpoint.account, call.now)
        if refusal:
            return Verdict(refusal)
    if endpoint.method == "POST" and not isinstance(call.body, dict):
        return Verdict(47001)
    verdict = endpoint.judge(provider, call)
    provider.keep(verdict, call.now)
    return verdict


def answer_of(verdict: Verdict) -> dict:
    """The body of the answer. The tail of errmsg differs each time: nobody may decide on the text."""
    if "access_token" in verdict.answer:
        return verdict.answer  # the Official Account sends a token without any errcode
    text = ERRORS.get(verdict.errcode, "error")
    if verdict.hint:
        text += f": {verdict.hint}"
    if verdict.errcode:
        text += f" rid: {secrets.token_hex(4)}-{secrets.token_hex(4)}"
    return {"errcode": verdict.errcode, "errmsg": text, **verdict.answer}
