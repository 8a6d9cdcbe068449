"""What the stand-in remembers between calls, and the words its judges use."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property

from deploy.standins.recent import Recent
from deploy.standins.wechat.callbacks import Callbacks
from deploy.standins.wechat.limits import Seen, Today, Window
from deploy.standins.wechat.people import People
from deploy.standins.wechat.settings import Settings
from deploy.standins.wechat.tokens import Tokens

KEPT = 5_000
FIRST_MESSAGE_ID = 3_100_000_000_000_000_000  # the real ids need 64 bits, so ours do


@dataclass
class Call:
    """One request to a provider's endpoint."""

    path: str
    query: dict[str, str]
    raw: bytes
    now: float

    @cached_property
    def body(self) -> object:
        try:
            return json.loads(self.raw)
        except ValueError:
            return None


@dataclass
class Verdict:
    """The answer, and what became of the messages asked for."""

    errcode: int = 0
    hint: str = ""
    answer: dict = field(default_factory=dict)
    messages: list[dict] = field(default_factory=list)


class Clock:
    """The machine's time, which a test may move on."""

    def __init__(self, machine: Callable[[], float] = time.time):
        self._machine = machine
        self.ahead = 0.0

    def now(self) -> float:
        return self._machine() + self.ahead


class Provider:
    def __init__(self, settings: Settings, clock: Clock, kept: int = KEPT):
        self.settings = settings
        self.clock = clock
        self.people = People()
        self.tokens = Tokens()
        self.messages = Recent(kept)
        self.seen = Seen()
        self.today = Today()
        self.failed_logins = Window(3600)
        self.member_minute = Window(60)
        self.member_hour = Window(3600)
        self.robot_minute = Window(60)
        self.tickets: dict[str, dict] = {}
        self.codes: dict[str, dict] = {}
        self.callbacks = Callbacks(settings.receiver, clock.now)
        self._last_message_id = FIRST_MESSAGE_ID

    def next_message_id(self) -> int:
        self._last_message_id += 1
        return self._last_message_id

    def keep(self, verdict: Verdict, now: float) -> None:
        received_at = datetime.fromtimestamp(now, UTC).isoformat()
        for message in verdict.messages:
            self.messages.add({**message, "received_at": received_at})
            if "outcome" in message and "duplicate" not in message["flags"]:
                self.callbacks.report(
                    message["to"], "TEMPLATESENDJOBFINISH", MsgID=message["msgid"], Status=message["outcome"]
                )


def message(channel: str, to: str, flags: list[str], **content) -> dict:
    """A message as the page lists it; any of these flags means that the person never sees it."""
    hidden = {"duplicate", "dropped", "blocked"} & set(flags)
    return {"channel": channel, "to": to, "shown": not hidden, "flags": flags, **content}
