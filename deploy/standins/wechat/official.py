"""The Official Account: tokens and template messages."""

import re

from deploy.standins.wechat.fields import field_error
from deploy.standins.wechat.provider import Call, Provider, Verdict, message
from deploy.standins.wechat.tokens import OFFICIAL

CLASSIC_A_DAY, FORCED_A_DAY, TEMPLATE_A_DAY = 2_000, 20, 100_000
REPEAT_GUARD = 600


def token(provider: Provider, call: Call) -> Verdict:
    """The classic way: every call makes a new token and kills the one before."""
    if refused := _who_asks(provider, call.query):
        return refused
    if provider.today.add("token", call.now) > CLASSIC_A_DAY:
        return Verdict(45009, "token")
    return _issued(provider.tokens.new("token", OFFICIAL, call.now), call.now)


def stable_token(provider: Provider, call: Call) -> Verdict:
    """Everybody who asks gets the same token until it is near its end."""
    if refused := _who_asks(provider, call.body):
        return refused
    forced = call.body.get("force_refresh") is True
    if forced and provider.today.add("force_refresh", call.now) > FORCED_A_DAY:
        return Verdict(45009, "force_refresh")
    return _issued(provider.tokens.same("stable_token", OFFICIAL, call.now, fresh=forced), call.now)


def _who_asks(provider: Provider, asked: dict) -> Verdict | None:
    if asked.get("grant_type") != "client_credential":
        return Verdict(40002)
    if asked.get("appid") != provider.settings.app_id:
        return Verdict(40013)
    return None if asked.get("secret") == provider.settings.app_secret else Verdict(40125)


def _issued(issued, now: float) -> Verdict:
    return Verdict(answer={"access_token": issued.value, "expires_in": max(1, round(issued.expires - now))})


def template_send(provider: Provider, call: Call) -> Verdict:
    openid, template_id = str(call.body.get("touser") or ""), call.body.get("template_id")
    state, template = provider.people.state(openid), provider.settings.templates.get(str(template_id))
    if state in ("unknown", "unfollowed"):
        return Verdict(40003 if state == "unknown" else 43004)
    if template is None:
        return Verdict(40037)
    data = call.body.get("data")
    if broken := _broken_field(template, data):
        return Verdict(47003, broken)
    if provider.today.add("template", call.now) > TEMPLATE_A_DAY:
        return Verdict(45009, "template/send")
    return _accept(provider, call, openid, state, template)


def _accept(provider: Provider, call: Call, openid: str, state: str, template: dict) -> Verdict:
    """Take the message; the same client_msg_id to the same person shows nothing a second time."""
    guard = call.body.get("client_msg_id") and (openid, call.body["client_msg_id"])
    earlier = guard and provider.seen.find(guard, call.now)
    msgid = earlier or provider.next_message_id()
    if guard and not earlier:
        provider.seen.keep(guard, msgid, call.now, REPEAT_GUARD)
    undeclared = sorted(call.body["data"].keys() - template["fields"].keys())
    flags = [
        *(["duplicate"] if earlier else []),
        *(["blocked"] if state == "blocked" else []),
        *(f"undeclared {key}" for key in undeclared),
    ]
    outcome = "failed:user block" if state == "blocked" else "success"
    shown = message(
        "wechat",
        openid,
        flags,
        template=call.body["template_id"],
        title=template["title"],
        data=call.body["data"],
        url=call.body.get("url"),
        client_msg_id=call.body.get("client_msg_id"),
        msgid=msgid,
        outcome=outcome,
    )
    return Verdict(answer={"msgid": msgid}, messages=[shown])


def _broken_field(template: dict, data: object) -> str | None:
    """Which declared field breaks its rule, worded as the real server names it."""
    if not isinstance(data, dict):
        return "data is empty"
    for key in template["fields"]:
        sent = data.get(key)
        error = field_error(key, sent.get("value") if isinstance(sent, dict) else None)
        if error:
            return f"data.{key}.value {error.replace('_', ' ')}"
    return None


def qrcode_create(provider: Provider, call: Call) -> Verdict:
    """A code for one person to scan; the scene says whose it is."""
    info = call.body.get("action_info")
    scene = info.get("scene", {}).get("scene_str") if isinstance(info, dict) else None
    if call.body.get("action_name") not in ("QR_STR_SCENE", "QR_LIMIT_STR_SCENE"):
        return Verdict(40052)
    if not isinstance(scene, str) or not re.fullmatch(r".{1,64}", scene):
        return Verdict(40053)
    seconds = min(int(call.body.get("expire_seconds") or 60), 2_592_000)
    ticket = f"ticket{provider.next_message_id()}"
    provider.tickets[ticket] = {"scene": scene, "expires": call.now + seconds}
    return Verdict(answer={"ticket": ticket, "expire_seconds": seconds, "url": f"http://weixin.qq.com/q/{ticket}"})
