"""What happens inside WeChat: scanning a code, following or not, and allowing a page to know who one is."""

import re
import secrets
from urllib.parse import parse_qsl, urlencode, urlsplit

from deploy.standins.wechat.provider import Call, Provider, Verdict

CODE_SECONDS = 300
SHOWN_TICKETS = 6


def scan(provider: Provider, person: str, ticket: str) -> str | None:
    """Somebody scans a code; who did not follow the account follows now. Returns what is wrong, if anything is."""
    found = provider.tickets.get(ticket)
    if found is None:
        return "unknown"
    if found["expires"] <= provider.clock.now():
        return "expired"
    follows = provider.people.state(person) not in ("unknown", "unfollowed")
    provider.people.set_state(person, "following")
    event, prefix = ("SCAN", "") if follows else ("subscribe", "qrscene_")
    provider.callbacks.report(person, event, EventKey=f"{prefix}{found['scene']}", Ticket=ticket)
    return None


def set_state(provider: Provider, person: str, state: str) -> None:
    """Following and unfollowing are reported; the other states are nobody's business."""
    former = provider.people.state(person)
    provider.people.set_state(person, state)
    if state == "unfollowed" and former not in ("unfollowed", "unknown"):
        provider.callbacks.report(person, "unsubscribe", EventKey="")
    elif state == "following" and former in ("unfollowed", "unknown"):
        provider.callbacks.report(person, "subscribe", EventKey="")


def open_tickets(provider: Provider) -> list[str]:
    """The codes that may still be scanned, newest first."""
    now = provider.clock.now()
    found = [ticket for ticket, told in provider.tickets.items() if told["expires"] > now]
    return found[: -SHOWN_TICKETS - 1 : -1]


def is_return_address(text: str) -> bool:
    return urlsplit(text).scheme in ("http", "https") and bool(urlsplit(text).netloc)


def allowed(provider: Provider, person: str, query: dict[str, str]) -> str:
    """The way back to the page, with a code that says who came; it works once and for five minutes."""
    code = secrets.token_urlsafe(24)
    provider.codes[code] = {"person": person, "expires": provider.clock.now() + CODE_SECONDS, "used": False}
    parts = urlsplit(query["redirect_uri"])
    asked = [*parse_qsl(parts.query, keep_blank_values=True), ("code", code), ("state", query.get("state", ""))]
    return parts._replace(query=urlencode(asked)).geturl()


def person_of_code(provider: Provider, code: str) -> tuple[str, int]:
    """Whose code it is, or the errcode."""
    found = provider.codes.get(code)
    if found is None or found["expires"] <= provider.clock.now():
        return "", 40029
    if found["used"]:
        return "", 40163
    found["used"] = True
    return found["person"], 0


def oauth_access_token(provider: Provider, call: Call) -> Verdict:
    settings, asked = provider.settings, call.query
    if asked.get("appid") != settings.app_id:
        return Verdict(40013)
    if asked.get("secret") != settings.app_secret:
        return Verdict(40125)
    if asked.get("grant_type") != "authorization_code":
        return Verdict(40002)
    person, errcode = person_of_code(provider, asked.get("code", ""))
    if errcode:
        return Verdict(errcode)
    told = {"access_token": secrets.token_urlsafe(32), "expires_in": 7200, "openid": person, "scope": "snsapi_base"}
    return Verdict(answer=told)


def getuserinfo(provider: Provider, call: Call) -> Verdict:
    """Of a member the user id; of a stranger another kind of id, and no error."""
    person, errcode = person_of_code(provider, call.query.get("code", ""))
    if errcode:
        return Verdict(errcode)
    member = provider.people.state(person) != "unknown"
    return Verdict(answer={"userid": person} if member else {"openid": person, "external_userid": f"wm-{person}"})


def is_known(provider: Provider, account: str) -> bool:
    return account in (provider.settings.app_id, provider.settings.corp_id)


def is_state(text: str) -> bool:
    """Letters and digits, at most 128."""
    return re.fullmatch(r"[A-Za-z0-9]{1,128}", text) is not None
