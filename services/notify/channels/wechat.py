"""WeChat Official Account template messages.

HTTP 200 means nothing here: the answer is the ``errcode``. Its text may change and is never
looked at. A repeat carries the same ``client_msg_id``, which the platform recognises for a while.
"""

import http.client
import json
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlsplit

from services.notify.domain.deliveries import Delivery
from services.notify.domain.outcomes import CHANNEL_IS_DOWN, RATE_PAUSE, Kind, Outcome

SILENCE = 8.0
EXPIRES_EARLY = 120.0

KINDS = {
    -1: Kind.TRANSIENT,
    40001: Kind.TOKEN,
    40014: Kind.TOKEN,
    42001: Kind.TOKEN,
    40003: Kind.RECIPIENT,
    43004: Kind.RECIPIENT,
    43019: Kind.RECIPIENT,
    43101: Kind.RECIPIENT,
    40013: Kind.CONFIGURATION,
    40037: Kind.CONFIGURATION,  # a burst of false ones is on record, so the message is worth another try
    40125: Kind.CONFIGURATION,
    40164: Kind.CONFIGURATION,
    48001: Kind.CONFIGURATION,
    48002: Kind.CONFIGURATION,
    48004: Kind.CONFIGURATION,
    50002: Kind.CONFIGURATION,
    45009: Kind.RATE,
    41030: Kind.OUR_BUG,
    47001: Kind.OUR_BUG,
    47003: Kind.OUR_BUG,
}
PAUSES = {Kind.RATE: RATE_PAUSE, Kind.CONFIGURATION: RATE_PAUSE}


class Failed(Exception):
    """A call that brought no token or no message id; the outcome says what kind of failure it was."""

    def __init__(self, outcome: Outcome):
        super().__init__(outcome.kind.value)
        self.outcome = outcome


@dataclass(frozen=True)
class WeChatSettings:
    """``templates`` are template ids by step."""

    api_base: str
    app_id: str
    app_secret: str = field(repr=False)
    templates: dict[str, str] = field(default_factory=dict)


class Api:
    """JSON calls over one connection. Nothing of a request is ever part of an error: it holds secrets."""

    def __init__(self, base: str):
        self.parts = urlsplit(base)
        self.connection: http.client.HTTPConnection | None = None

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """The answer's JSON object. Raises Failed."""
        data = json.dumps(body, ensure_ascii=False).encode()
        connection = self.connected()
        try:
            connection.request("POST", self.parts.path + path, data, {"Content-Type": "application/json"})
            response = connection.getresponse()
            status, answer = response.status, response.read(65536)
        except (OSError, http.client.HTTPException) as error:
            raise self.failed(Kind.UNKNOWN, type(error).__name__) from None
        if status >= 500:
            raise self.failed(Kind.TRANSIENT, f"HTTP {status}", CHANNEL_IS_DOWN)
        try:
            found = json.loads(answer)
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise self.failed(Kind.UNKNOWN, f"HTTP {status} without JSON")
        return found

    def connected(self) -> http.client.HTTPConnection:
        """Raises Failed: without a connection certainly nothing was delivered."""
        if self.connection is None:
            address = self.parts.hostname, self.parts.port
            if self.parts.scheme == "https":
                connection = http.client.HTTPSConnection(
                    *address, timeout=SILENCE, context=ssl.create_default_context()
                )
            else:
                connection = http.client.HTTPConnection(*address, timeout=SILENCE)
            try:
                connection.connect()
            except OSError as error:
                raise self.failed(Kind.TRANSIENT, type(error).__name__, CHANNEL_IS_DOWN) from None
            self.connection = connection
        return self.connection

    def failed(self, kind: Kind, detail: str, pause: timedelta = timedelta()) -> Failed:
        self.close()
        return Failed(Outcome(kind=kind, detail=detail, pause=pause))

    def close(self) -> None:
        if self.connection is not None:
            self.connection.close()
            self.connection = None


class AccessToken:
    """The account's token, kept in memory and shared by all workers of the process.

    One caller at a time asks for a new one, and only when the token in force is the one that
    was refused or has run out. Repeated requests get the same token from the platform, so
    several processes do not disturb each other.
    """

    def __init__(self, settings: WeChatSettings, clock: Callable[[], float] = time.monotonic):
        self.settings = settings
        self.clock = clock
        self.value = ""
        self.expires = 0.0
        self.turn = threading.Lock()

    def get(self, api: Api, refused: str | None = None) -> str:
        """A token other than the one that was refused, as far as the platform has one. Raises Failed."""
        with self.turn:
            if self.value in ("", refused) or self.clock() >= self.expires:
                self.renew(api)
            return self.value

    def renew(self, api: Api) -> None:
        body = {
            "grant_type": "client_credential",
            "appid": self.settings.app_id,
            "secret": self.settings.app_secret,
            "force_refresh": False,
        }
        try:
            answer = api.post("/cgi-bin/stable_token", body)
        except Failed as failed:
            # Whatever became of the token, the message has not been sent.
            raise Failed(Outcome(kind=Kind.TRANSIENT, detail=failed.outcome.detail, pause=CHANNEL_IS_DOWN)) from None
        token, lasts = answer.get("access_token"), answer.get("expires_in")
        if not isinstance(token, str) or not token or not isinstance(lasts, int):
            raise Failed(outcome_of(answer, {40001: Kind.CONFIGURATION}))
        self.value = token
        self.expires = self.clock() + max(lasts - EXPIRES_EARLY, lasts / 2)


class WeChatChannel:
    name = "wechat"
    deadline = 30.0
    # The platform says ten minutes; clocks and queues in between take some of them.
    recognised = timedelta(minutes=9)

    def __init__(self, settings: WeChatSettings, token: AccessToken):
        self.settings = settings
        self.token = token
        self.api = Api(settings.api_base)

    def send(self, delivery: Delivery) -> Outcome:
        """With one fresh token if the platform refuses the one in hand."""
        refused = None
        try:
            for _ in range(2):
                token = self.token.get(self.api, refused)
                outcome = self.send_with(token, delivery)
                if outcome.kind is not Kind.TOKEN:
                    return outcome
                refused = token
        except Failed as failed:
            return failed.outcome
        return outcome

    def send_with(self, token: str, delivery: Delivery) -> Outcome:
        """Raises Failed."""
        content = delivery.content
        body = {
            "touser": delivery.address,
            "template_id": self.settings.templates[content["step"]],
            "url": content["url"],
            "client_msg_id": delivery.id.replace("-", ""),
            "data": content["data"],
        }
        return outcome_of(self.api.post(f"/cgi-bin/message/template/send?access_token={quote(token)}", body))

    def close(self) -> None:
        self.api.close()


def outcome_of(answer: dict[str, Any], kinds: dict[int, Kind] | None = None) -> Outcome:
    """What an answer means; an unknown code is never success, and a missing one leaves it unknown."""
    try:
        code = int(answer["errcode"])
    except (KeyError, TypeError, ValueError):
        return Outcome(kind=Kind.UNKNOWN, detail="an answer without errcode")
    if code == 0:
        return Outcome(kind=Kind.ACCEPTED, code="0", reference=str(answer.get("msgid", "")) or None)
    kind = (KINDS | (kinds or {})).get(code, Kind.UNCLASSIFIED)
    # The text helps a person who reads the attempts; the platform puts the field's name there.
    detail = str(answer.get("errmsg", ""))[:200]
    return Outcome(kind=kind, code=str(code), detail=detail, pause=PAUSES.get(kind, timedelta()))
