"""An account's access token: one for all workers of the process, and through the database for all processes.

One caller at a time asks the platform for a new one, and only when the token in force is the one
that was refused or has run out. While the database is away each process asks for itself; the
Official Account's stable token is the same for all who ask, so they do not disturb each other.
"""

import threading
import time
from collections.abc import Callable
from typing import Any, NamedTuple, Protocol

from services.notify.domain.outcomes import CHANNEL_IS_DOWN, Kind, Outcome
from services.notify.tencent.answers import EVERYWHERE, outcome_of
from services.notify.tencent.calls import Api, Failed

EXPIRES_EARLY = 120.0
REFUSED_SECONDS = 5.0
"""For so long a refusal of our account stands for all who ask: repeated failures earn a block."""

REFUSALS = EVERYWHERE | {
    40001: Kind.CONFIGURATION,
    40125: Kind.CONFIGURATION,
    42001: Kind.TRANSIENT,
}


class Token(NamedTuple):
    """``expires``: seconds since 1970."""

    value: str
    expires: float


class Shared(Protocol):
    """Where processes find each other's tokens."""

    def exchange(self, account: str, refused: str | None, fetch: Callable[[], Token]) -> Token | None:
        """The token in force, or the fetched one if there is none but ``refused``; None when nobody can be asked."""


class Alone:
    """Shares with nobody."""

    def exchange(self, account: str, refused: str | None, fetch: Callable[[], Token]) -> Token | None:
        return None


class AccessToken:
    """``ask(api)`` is the platform's own way of giving a token; ``account`` names it without any part of a secret."""

    def __init__(
        self,
        account: str,
        ask: Callable[[Api], dict[str, Any]],
        shared: Shared | None = None,
        clock: Callable[[], float] = time.time,
    ):
        self.account = account
        self.ask = ask
        self.shared = shared or Alone()
        self.clock = clock
        self.token = Token("", 0.0)
        self.refusal: Failed | None = None
        self.refused_at = 0.0
        self.turn = threading.Lock()

    def get(self, api: Api, refused: str | None = None) -> str:
        """A token other than the one that was refused, as far as the platform has one. Raises Failed."""
        with self.turn:
            if self.token.value in ("", refused) or self.clock() >= self.token.expires:
                self.token = self.renewed(api, refused)
            return self.token.value

    def renewed(self, api: Api, refused: str | None) -> Token:
        if self.refusal and self.clock() < self.refused_at + REFUSED_SECONDS:
            raise self.refusal
        try:
            found = self.shared.exchange(self.account, refused, lambda: self.fetched(api))
            return found or self.fetched(api)
        except Failed as failed:
            if failed.outcome.kind is Kind.CONFIGURATION:
                self.refusal, self.refused_at = failed, self.clock()
            raise

    def fetched(self, api: Api) -> Token:
        """A token from the platform. Raises Failed."""
        try:
            answer = self.ask(api)
        except Failed as failed:
            if failed.outcome.kind is Kind.CONFIGURATION:
                raise
            # Whatever became of the token, the message has not been sent.
            raise Failed(Outcome(kind=Kind.TRANSIENT, detail=failed.outcome.detail, pause=CHANNEL_IS_DOWN)) from None
        value, lasts = answer.get("access_token"), answer.get("expires_in")
        if not isinstance(value, str) or not value or not isinstance(lasts, int):
            refusal = outcome_of(answer, REFUSALS)
            if refusal.kind in (Kind.ACCEPTED, Kind.UNKNOWN):
                refusal = Outcome(kind=Kind.TRANSIENT, detail="an answer without a token", pause=CHANNEL_IS_DOWN)
            raise Failed(refusal)
        return Token(value, self.clock() + max(lasts - EXPIRES_EARLY, lasts / 2))
