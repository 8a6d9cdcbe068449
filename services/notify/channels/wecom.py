"""A WeCom application's message to a colleague: a card with a button.

The platform compares the request as sent, so a repeat is the same body and shown once. Of one
person in one call the answer tells everything: who is not reached is named although the code is 0.
"""

import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlencode

from services.notify.channels import Channel
from services.notify.domain.deliveries import Delivery
from services.notify.domain.outcomes import CHANNEL_IS_DOWN, Kind, Outcome
from services.notify.tencent.answers import EVERYWHERE, code_of, outcome_of
from services.notify.tencent.calls import Api, Failed
from services.notify.tencent.tokens import AccessToken, Shared

ONE_PERSON = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.@-]{0,63}")
"""What a user id looks like: neither everybody (@all) nor several at once."""

REPEAT_SECONDS = 1800
BUSY = 45033

KINDS = EVERYWHERE | {
    81013: Kind.RECIPIENT,
    82001: Kind.RECIPIENT,
    60111: Kind.RECIPIENT,
    40056: Kind.CONFIGURATION,
    301002: Kind.CONFIGURATION,
}
NOT_REACHED = ("invaliduser", "unlicenseduser")


@dataclass(frozen=True)
class WeComSettings:
    api_base: str
    corp_id: str
    agent_id: int
    secret: str = field(repr=False)


def app_token(settings: WeComSettings, shared: Shared | None = None) -> AccessToken:
    """The token of one app of one corporation."""
    asked = urlencode({"corpid": settings.corp_id, "corpsecret": settings.secret})
    account = f"wecom:{settings.corp_id}:{settings.agent_id}"
    return AccessToken(account, lambda api: api.get(f"/cgi-bin/gettoken?{asked}"), shared)


class WeComChannel(Channel):
    name = "wecom"
    deadline = 30.0
    recognised = timedelta(seconds=REPEAT_SECONDS - 60)
    workers = 4
    per_minute = 20

    def __init__(self, settings: WeComSettings, token: AccessToken):
        self.settings = settings
        self.token = token
        self.api = Api(settings.api_base)

    def send(self, delivery: Delivery) -> Outcome:
        """With one fresh token if the platform refuses the one in hand."""
        if not ONE_PERSON.fullmatch(delivery.address):
            return Outcome(kind=Kind.OUR_BUG, detail="this is not one person's user id")
        try:
            token = self.token.get(self.api)
            answer = self.call(token, delivery)
            if KINDS.get(code_of(answer)) is Kind.TOKEN:
                answer = self.call(self.token.get(self.api, refused=token), delivery)
        except Failed as failed:
            return failed.outcome
        return self.outcome(answer, delivery)

    def call(self, token: str, delivery: Delivery) -> dict[str, Any]:
        return self.api.post(f"/cgi-bin/message/send?access_token={quote(token)}", self.body(delivery))

    def body(self, delivery: Delivery) -> dict[str, Any]:
        """The same for every try, and for no other delivery: the end of the address makes the difference."""
        card = delivery.content
        return {
            "touser": delivery.address,
            "msgtype": "textcard",
            "agentid": self.settings.agent_id,
            "textcard": {
                "title": card["title"],
                "description": card["description"],
                "url": f"{card['url']}#{delivery.id[:8]}",
                "btntxt": card["button"],
            },
            "enable_duplicate_check": 1,
            "duplicate_check_interval": REPEAT_SECONDS,
        }

    def outcome(self, answer: dict[str, Any], delivery: Delivery) -> Outcome:
        found = outcome_of(answer, KINDS)
        if code_of(answer) == BUSY:
            return Outcome(kind=Kind.RATE, code=str(BUSY), detail=found.detail, pause=CHANNEL_IS_DOWN)
        for name in NOT_REACHED if found.kind is Kind.ACCEPTED else ():
            if delivery.address.lower() in str(answer.get(name) or "").lower().split("|"):
                return Outcome(kind=Kind.RECIPIENT, code=name)
        return found

    def close(self) -> None:
        self.api.close()
