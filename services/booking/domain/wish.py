"""What somebody wants: time on a facility, for a run, on behalf of a party."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from services.booking.domain.campaign import Chain
from services.booking.domain.quotas import Entitlement, Quota, Use, applying
from services.booking.domain.run import ORDINARY, Run
from services.booking.domain.spans import Span


@dataclass(frozen=True, kw_only=True)
class Party:
    """Those who ask, as far as rules look at them.

    ``priority`` is the class of their project; ``qualifications`` are those of the operator, each
    with the instant (exclusive) until which it holds; the names are for those who are told.
    ``person`` is who reserves; of the ``quotas`` of the base some bind them: these are their
    ``entitlements``, with what is used, once that has been read.
    """

    team: str
    company: str = ""
    project: str | None = None
    priority: str = "normal"
    operator: str = ""
    qualifications: Mapping[str, datetime] = field(default_factory=dict)
    qualification_names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    person: str = ""
    quotas: tuple[Quota, ...] = ()
    entitlements: tuple[Entitlement, ...] = ()

    @property
    def subjects(self) -> dict[str, str | None]:
        """Whom a quota may bind, by its scope."""
        return {"company": self.company, "team": self.team, "person": self.person, "project": self.project}

    def having(self, span: Span, kind: str) -> "Party":
        """The same with one more reservation, for a wish that comes after it."""
        use = Use(*span, kind, True, self.company, self.team, self.person, self.project)
        mine = applying(self.entitlements, kind)
        return replace(self, entitlements=tuple(
            each.with_use(use) if any(each is other for other in mine) else each for each in self.entitlements
        ))


class Left(NamedTuple):
    """What is held now, and how many minutes before its start it may be changed at the latest."""

    span: Span
    notice_minutes: int


@dataclass(frozen=True, kw_only=True)
class Wish:
    """Time on a facility, and what is held there already when a reservation is to move.

    ``unit`` is the one that was asked for, if any. ``former`` and ``former_unit`` are given
    when the reservation stays on this facility; ``is_running`` when its run has begun and only
    wants to go on. Without a ``party`` only the rules that hold
    for everybody are looked at: this is how free time is shown.

    ``left`` is what a reservation gives up that moves, here or from elsewhere. ``others`` are the other
    reservations with the people they bring, by facility, where that matters. ``waived`` are the rules from
    which it is excused already, an ``exception`` is why it should be excused from others.
    ``chain`` is what stands beside it where it is a step of a campaign. ``at_once`` wants
    to hold the time without competing for it; what competed was ``asked_at`` an earlier time, from which notice
    counts.
    """

    span: Span
    unit: str | None = None
    former: Span | None = None
    former_unit: str | None = None
    is_running: bool = False
    run: Run = ORDINARY
    party: Party | None = None
    left: Left | None = None
    others: Mapping[str, tuple[tuple[Span, int], ...]] = field(default_factory=dict)
    waived: frozenset[str] = frozenset()
    exception: str = ""
    chain: Chain | None = None
    at_once: bool = False
    asked_at: datetime | None = None

    @property
    def gives_back(self) -> bool:
        """Whether it only makes shorter what is held."""
        is_here = self.former is not None and self.unit in (None, self.former_unit)
        return is_here and self.former.contains(self.span)

    @property
    def whole(self) -> Span:
        """The time with what an elastic run may take on top: this is what must be free."""
        return self.span.widened(timedelta(0), timedelta(minutes=self.run.elastic_minutes))

    @property
    def keeps_start(self) -> bool:
        return self.former is not None and self.former.starts_at == self.span.starts_at
