"""Access tokens: who got which, until when, and which are dead."""

import secrets
from dataclasses import dataclass

LIFETIME = 7200
NEAR_EXPIRY = 300  # from here on an account that asks gets a new token; the old one lives out its time
OFFICIAL, WECOM = "official", "wecom"


@dataclass
class Token:
    value: str
    account: str
    expires: float
    dead: bool = False


class Tokens:
    """Times are seconds on the stand-in's clock. `issued` counts, per way of asking, tokens that were newly made."""

    def __init__(self):
        self._tokens: dict[str, Token] = {}
        self._current: dict[str, Token] = {}
        self.issued: dict[str, int] = {}
        self.asked: dict[str, int] = {}

    def same(self, way: str, account: str, now: float, fresh: bool = False) -> Token:
        """The token in force, or a new one near its end; `fresh` replaces it and kills the old one."""
        self.asked[way] = self.asked.get(way, 0) + 1
        current = self._current.get(way)
        if current and not current.dead and not fresh and current.expires - now > NEAR_EXPIRY:
            return current
        if current and fresh:
            current.dead = True
        return self._make(way, account, now)

    def new(self, way: str, account: str, now: float) -> Token:
        """A new token each time; the one before it dies at once."""
        return self.same(way, account, now, fresh=True)

    def refusal(self, value: str | None, account: str, now: float) -> int | None:
        """The errcode for a call with this token, or None when it may pass."""
        if not value:
            return 41001
        token = self._tokens.get(value)
        if token is None or token.account != account:
            return 40014
        if token.dead:
            return 40001 if account == OFFICIAL else 40014
        return 42001 if token.expires <= now else None

    def revoke_all(self) -> None:
        for token in self._tokens.values():
            token.dead = True

    def _make(self, way: str, account: str, now: float) -> Token:
        self._tokens = {value: kept for value, kept in self._tokens.items() if kept.expires > now - LIFETIME}
        token = Token(secrets.token_urlsafe(48), account, now + LIFETIME)
        self._tokens[token.value] = self._current[way] = token
        self.issued[way] = self.issued.get(way, 0) + 1
        return token
