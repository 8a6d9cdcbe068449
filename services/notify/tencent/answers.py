"""What an errcode means. The text beside it may change and is never looked at."""

from datetime import timedelta
from typing import Any

from services.notify.domain.outcomes import CHANNEL_IS_DOWN, RATE_PAUSE, Kind, Outcome

EVERYWHERE = {
    -1: Kind.TRANSIENT,
    40001: Kind.TOKEN,
    40014: Kind.TOKEN,
    42001: Kind.TOKEN,
    40003: Kind.RECIPIENT,
    40013: Kind.CONFIGURATION,
    40164: Kind.CONFIGURATION,
    60020: Kind.CONFIGURATION,
    48001: Kind.CONFIGURATION,
    48002: Kind.CONFIGURATION,
    48004: Kind.CONFIGURATION,
    50002: Kind.CONFIGURATION,
    45009: Kind.RATE,
    45033: Kind.RATE,
    40008: Kind.OUR_BUG,
    40035: Kind.OUR_BUG,
    40058: Kind.OUR_BUG,
    47001: Kind.OUR_BUG,
    47003: Kind.OUR_BUG,
}
PAUSES = {Kind.RATE: RATE_PAUSE, Kind.CONFIGURATION: RATE_PAUSE, Kind.TOKEN: CHANNEL_IS_DOWN}

HINTS = {
    40164: "the address of this server is not on the account's list",
    60020: "the address of this server is not on the app's list of trusted ones",
    48001: "the account has no right to this interface",
    48002: "the interface is switched off for the account",
    40013: "the app id or corp id is wrong",
    40125: "the app secret is wrong",
    40001: "the secret is wrong",
}


def code_of(answer: dict[str, Any]) -> int | None:
    try:
        return int(answer["errcode"])
    except (KeyError, TypeError, ValueError):
        return None


def outcome_of(answer: dict[str, Any], kinds: dict[int, Kind], pauses: dict[Kind, timedelta] | None = None) -> Outcome:
    """What an answer means; an unknown code is never success, and a missing one leaves it unknown."""
    code = code_of(answer)
    if code is None:
        return Outcome(kind=Kind.UNKNOWN, detail="an answer without errcode")
    if code == 0:
        return Outcome(kind=Kind.ACCEPTED, code="0", reference=str(answer.get("msgid", "")) or None)
    kind = kinds.get(code, Kind.UNCLASSIFIED)
    # The text helps a person who reads the attempts; the platform puts a wrong field's name there.
    detail = (kind is Kind.CONFIGURATION and HINTS.get(code)) or str(answer.get("errmsg", ""))[:200]
    pause = (PAUSES if pauses is None else pauses).get(kind, timedelta())
    return Outcome(kind=kind, code=str(code), detail=detail, pause=pause)
