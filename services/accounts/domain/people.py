"""A person, as a value."""

from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from services.accounts.domain.rights import Actor
from services.contracts.events import PersonChanged


@dataclass(frozen=True, kw_only=True)
class Person:
    """Who somebody is; ``person`` is the sign-in name and never changes. Version 0 is not stored yet.

    While they are away the ``delegate`` decides for them.
    """

    person: str
    name: str = ""
    email: str = ""
    language: str = "zh-Hans"
    active: bool = True
    roles: tuple[str, ...] = ()
    manages: tuple[str, ...] = ()
    delegate: str | None = None
    away_from: datetime | None = None
    away_until: datetime | None = None
    version: int = 0

    def revised(self, **fields: Any) -> "Person":
        """The next version with other fields; the same one when nothing differs."""
        changed = replace(self, **fields)
        return self if changed == self else replace(changed, version=self.version + 1)

    def fact(self) -> PersonChanged:
        told = asdict(self)
        away = {name: told.pop(name) for name in ("delegate", "away_from", "away_until")}
        leave = away["delegate"] and {
            "delegate": away["delegate"], "starts_at": away["away_from"].isoformat(),
            "ends_at": away["away_until"].isoformat(),
        }
        return PersonChanged(**told | {"roles": list(self.roles), "manages": list(self.manages), "away": leave})


def wrong_in(roles: list[str], manages: list[str]) -> dict[str, list[str]]:
    """What is wrong with a person's roles, by field: only a facility manager manages facilities."""
    if manages and "facility_manager" not in roles:
        return {"manages": ["needs_facility_manager"]}
    return {}


LONGEST_LEAVE = timedelta(days=366)


def wrong_in_leave(starts_at: datetime | None, ends_at: datetime | None, now: datetime) -> dict[str, list[str]]:
    """What is wrong with the times of a leave, by field."""
    times = {"starts_at": starts_at, "ends_at": ends_at}
    missing = {name: ["required"] for name, given in times.items() if given is None}
    if missing:
        return missing
    if ends_at <= max(starts_at, now):
        return {"ends_at": ["ends_before_start" if ends_at <= starts_at else "in_the_past"]}
    return {"ends_at": ["out_of_range"]} if ends_at - starts_at > LONGEST_LEAVE else {}


def wrong_in_delegate(actor: Actor, delegate: Actor | None) -> dict[str, list[str]]:
    """A delegate is somebody else who may see what they are to decide: of the base, or of the teams that are led."""
    if delegate is None or delegate.person == actor.person:
        return {"delegate": ["unknown"]}
    led = {team for team, role in actor.teams.items() if role == "lead"}
    if not actor.roles and not led:
        return {"delegate": ["nothing_to_decide"]}
    may_stand_in = bool(actor.roles and delegate.roles) or bool(led & set(delegate.teams))
    return {} if may_stand_in else {"delegate": ["cannot_stand_in"]}
