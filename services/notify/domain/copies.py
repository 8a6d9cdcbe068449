"""What notify knows of people, teams and facilities: copies, fed by facts."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from services.notify.domain.preferences import Preferences
from services.notify.domain.steps import Category

DEFAULT_LANGUAGE = "zh-Hans"


def in_language(texts: dict[str, str], language: str, otherwise: str) -> str:
    """The text for a reader; a missing one falls back to Chinese, then to what is given."""
    return texts.get(language) or texts.get(DEFAULT_LANGUAGE) or otherwise


@dataclass(frozen=True, kw_only=True)
class Person:
    """``bindings`` are the active external ids by channel; ``suppressed``: mails to the address come back.

    ``away`` is {delegate, starts_at, ends_at} of a leave.
    """

    person: str
    name: str
    email: str
    language: str
    active: bool
    roles: tuple[str, ...] = ()
    manages: tuple[str, ...] = ()
    bindings: dict[str, str] = field(default_factory=dict)
    suppressed: bool = False
    preferences: Preferences = field(default_factory=Preferences)
    away: dict[str, Any] | None = None

    def stood_in_by(self, now: datetime) -> str | None:
        """Who decides for this person now, if somebody does."""
        if self.away is None:
            return None
        starts_at, ends_at = (datetime.fromisoformat(self.away[name]) for name in ("starts_at", "ends_at"))
        return self.away["delegate"] if starts_at <= now < ends_at else None

    def addresses(self) -> dict[str, str]:
        """Where this person can be reached, by channel. A suppressed address stays where there is no other way."""
        email = "" if self.suppressed and self.bindings else self.email
        reachable = {"email": email, **self.bindings}
        return {channel: address for channel, address in reachable.items() if address}

    def wanted(self, category: Category) -> dict[str, str]:
        """Where this person wants to hear of a category, by channel."""
        return {
            channel: address
            for channel, address in self.addresses().items()
            if self.preferences.wants(category, channel, self.bound)
        }

    @property
    def bound(self) -> frozenset[str]:
        """The channels that reach this person."""
        return frozenset(self.addresses())


@dataclass(frozen=True, kw_only=True)
class Team:
    """``projects`` are names by code."""

    team: str
    name: str
    company_name: str
    leads: tuple[str, ...]
    projects: dict[str, str]
    members: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Facility:
    """``units`` are names per language by unit code."""

    facility: str
    names: dict[str, str]
    units: dict[str, dict[str, str]]
    location: str = ""

    def name(self, language: str) -> str:
        return in_language(self.names, language, self.facility)

    def unit_name(self, unit: str, language: str) -> str:
        return in_language(self.units.get(unit, {}), language, unit)
