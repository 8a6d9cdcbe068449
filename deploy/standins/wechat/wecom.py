"""WeCom: tokens and the messages of a self-built app."""

import hashlib

from deploy.standins.wechat.provider import Call, Provider, Verdict, message
from deploy.standins.wechat.tokens import WECOM

FAILED_LOGINS_AN_HOUR = 2_000
MEMBER_A_MINUTE, MEMBER_AN_HOUR = 30, 1_000
DUPLICATE_INTERVAL, LONGEST_INTERVAL = 1_800, 14_400
TYPES = {
    "text",
    "image",
    "voice",
    "video",
    "file",
    "textcard",
    "news",
    "mpnews",
    "markdown",
    "miniprogram_notice",
    "template_card",
}
CUT = {
    ("text", "content"): 2048,
    ("markdown", "content"): 2048,
    ("textcard", "title"): 128,
    ("textcard", "description"): 512,
}
REQUIRED = {"text": ("content",), "markdown": ("content",), "textcard": ("title", "description", "url")}


def gettoken(provider: Provider, call: Call) -> Verdict:
    settings = provider.settings
    wrong = (
        40013
        if call.query.get("corpid") != settings.corp_id
        else 40001
        if call.query.get("corpsecret") != settings.corp_secret
        else 0
    )
    if provider.failed_logins.count("wecom", call.now) >= FAILED_LOGINS_AN_HOUR:
        return Verdict(45009, "gettoken")
    if wrong:
        provider.failed_logins.add("wecom", call.now)
        return Verdict(wrong)
    issued = provider.tokens.same("gettoken", WECOM, call.now)
    lasts = max(1, round(issued.expires - call.now))
    return Verdict(answer={"errcode": 0, "errmsg": "ok", "access_token": issued.value, "expires_in": lasts})


def message_send(provider: Provider, call: Call) -> Verdict:
    body, kind = call.body, call.body.get("msgtype")
    if kind not in TYPES:
        return Verdict(40008)
    if body.get("agentid") != provider.settings.agent_id:
        return Verdict(40056)
    people = [person for person in str(body.get("touser") or "").split("|") if person]
    groups = [f"{name} {one}" for name in ("toparty", "totag") for one in str(body.get(name) or "").split("|") if one]
    if not people and not groups:
        return Verdict(82001)
    if missing := missing_part(body, kind):
        return Verdict(40035, missing)
    return _deliver(provider, call, people, groups)


def _deliver(provider: Provider, call: Call, people: list[str], groups: list[str]) -> Verdict:
    """Errcode 0 even when some of the people do not get it: those are named, in lower case."""
    states = {person: "following" if person == "@all" else provider.people.state(person) for person in people}
    unlicensed = [person for person in people if states[person] == "unlicensed"]
    invalid = [person for person in people if states[person] in ("unknown", "unfollowed", "blocked")]
    reached = [person for person in people if person not in invalid and person not in unlicensed] + groups
    if not reached and not unlicensed:
        return Verdict(81013)
    earlier = _repeated(provider, call)
    msgid = earlier or f"msg{provider.next_message_id()}"
    _remember(provider, call, msgid)
    content, cut = _cut(call.body, call.body["msgtype"])
    messages = [
        message(
            "wecom",
            person,
            [*cut, *(["duplicate"] if earlier else _dropped(provider, person, call.now))],
            template="",
            text=readable(content),
            data=content,
            msgtype=call.body["msgtype"],
            msgid=msgid,
        )
        for person in reached
    ]
    return Verdict(
        messages=messages,
        answer={
            "invaliduser": "|".join(invalid).lower(),
            "invalidparty": "",
            "invalidtag": "",
            "unlicenseduser": "|".join(unlicensed).lower(),
            "msgid": msgid,
        },
    )


def missing_part(body: dict, kind: str) -> str | None:
    part = body.get(kind)
    if not isinstance(part, dict):
        return kind
    return next(
        (f"{kind}.{name}" for name in REQUIRED.get(kind, ()) if not isinstance(part.get(name), str) or not part[name]),
        None,
    )


def _repeated(provider: Provider, call: Call) -> str | None:
    """The duplicate check compares the request as sent, so a text rendered anew is another message."""
    return provider.seen.find(_fingerprint(call), call.now) if call.body.get("enable_duplicate_check") == 1 else None


def _remember(provider: Provider, call: Call, msgid: str) -> None:
    asked = call.body.get("duplicate_check_interval")
    interval = min(asked, LONGEST_INTERVAL) if isinstance(asked, int) and asked > 0 else DUPLICATE_INTERVAL
    if call.body.get("enable_duplicate_check") == 1 and not _repeated(provider, call):
        provider.seen.keep(_fingerprint(call), msgid, call.now, interval)


def _fingerprint(call: Call) -> str:
    return hashlib.sha256(call.raw).hexdigest()


def _cut(body: dict, kind: str) -> tuple[dict, list[str]]:
    """The content as the phone shows it: too long a text ends early, and nobody is told."""
    content, cut = dict(body[kind]), []
    for name in [name for of_kind, name in CUT if of_kind == kind]:
        short = content[name].encode()[: CUT[kind, name]].decode("utf-8", "ignore")
        if short != content[name]:
            content[name] = short
            cut = ["cut"]
    return content, cut


def _dropped(provider: Provider, person: str, now: float) -> list[str]:
    too_many = (
        provider.member_minute.count(person, now) >= MEMBER_A_MINUTE
        or provider.member_hour.count(person, now) >= MEMBER_AN_HOUR
    )
    if too_many:
        return ["dropped"]
    provider.member_minute.add(person, now)
    provider.member_hour.add(person, now)
    return []


def readable(content: dict) -> str:
    title = content.get("title") or content.get("main_title", "")
    parts = (
        title.get("title") if isinstance(title, dict) else title,
        content.get("content"),
        content.get("description") or content.get("sub_title_text"),
    )
    return "\n".join(part for part in parts if isinstance(part, str) and part)
