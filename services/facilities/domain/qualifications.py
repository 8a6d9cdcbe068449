"""Trainings, who has passed them until when, and who asks for one, as values.

    request ─┬─► granted (with the day until which it holds)
             ├─► refused (with a reason)
             └─► withdrawn
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from services.contracts.errors import WrongState
from services.contracts.events import HolderChanged, QualificationChanged, QualificationExpiring, TrainingChanged
from services.contracts.values import Code, Instant

WARNED_DAYS = (30, 7, 0)
"""How many days before its end a person is warned; 0 tells that it is over."""

MOST_GRANTS = 500


@dataclass(frozen=True, kw_only=True)
class Qualification:
    """A training that facilities may require. Version 0 is not stored yet."""

    qualification: str
    names: Mapping[str, str] = field(default_factory=dict)
    active: bool = True
    version: int = 0

    def revised(self, names: Mapping[str, str], active: bool) -> "Qualification":
        """The next version; the same one when nothing differs."""
        changed = replace(self, names=dict(names), active=active)
        return self if changed == self else replace(changed, version=self.version + 1)

    def fact(self) -> QualificationChanged:
        return QualificationChanged(**vars(self) | {"names": dict(self.names)})


@dataclass(frozen=True, kw_only=True)
class Grant:
    """One line of GrantQualifications."""

    person: Code
    qualification: Code
    until: Instant | None = None


@dataclass(frozen=True, kw_only=True)
class Holder:
    """What a person is qualified for: ``grants`` maps codes to the instant, exclusive, until which each holds."""

    holder: str
    grants: Mapping[str, datetime] = field(default_factory=dict)
    version: int = 0

    def with_grant(self, qualification: str, until: datetime | None) -> "Holder":
        """The next version with this grant or without it; the same one when nothing differs."""
        others = {code: kept for code, kept in self.grants.items() if code != qualification}
        grants = others | ({qualification: until} if until else {})
        return self if grants == dict(self.grants) else replace(self, grants=grants, version=self.version + 1)

    def fact(self) -> HolderChanged:
        grants = [{"qualification": code, "until": until.isoformat()} for code, until in sorted(self.grants.items())]
        return HolderChanged(holder=self.holder, grants=grants, version=self.version)


@dataclass(frozen=True, kw_only=True)
class Training:
    """A person's wish for a training. ``state`` is requested, granted, refused or withdrawn."""

    training: str
    person: str
    qualification: str
    facility: str | None
    note: str
    state: str = "requested"
    actor: str = ""
    reason: str = ""
    version: int = 1

    def settled(self, state: str, actor: str, reason: str = "") -> "Training":
        """Raises WrongState when it was settled before."""
        if self.state != "requested":
            raise WrongState(state=self.state, action=state)
        return replace(self, state=state, actor=actor, reason=reason, version=self.version + 1)

    def fact(self, names: Mapping[str, str]) -> TrainingChanged:
        return TrainingChanged(**vars(self) | {"names": dict(names)})


def days_left(until: datetime, now: datetime) -> int:
    """Whole days, counting one that has begun; 0 from its end on."""
    return max(0, -(-(until - now) // timedelta(days=1)))


def warning_due(until: datetime, warned: int | None, now: datetime) -> int | None:
    """Which warning about a grant is due now, if any: only the last of those that were missed.

    ``warned`` is the number of days of the last one that was given.
    """
    left = days_left(until, now)
    due = [days for days in WARNED_DAYS if left <= days and (warned is None or days < warned)]
    return min(due, default=None)


def expiring(holder: str, qualification: Qualification, until: datetime, days: int) -> QualificationExpiring:
    return QualificationExpiring(
        expiry=f"{holder}:{qualification.qualification}:{until:%Y%m%d%H%M}:{days}", version=1, person=holder,
        qualification=qualification.qualification, names=dict(qualification.names), until=until, days_left=days,
    )


def wrong_in_grants(grants: Iterable[Grant], people: set[str], known: set[str]) -> dict[str, list[str]]:
    """What is wrong with well-formed grants, by line."""
    wrong: dict[str, list[str]] = {}
    for number, grant in enumerate(grants):
        if grant.person not in people:
            wrong[f"grants.{number}.person"] = ["unknown"]
        if grant.qualification not in known:
            wrong[f"grants.{number}.qualification"] = ["unknown"]
    return wrong
