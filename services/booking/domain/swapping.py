"""Asking the holder of a time, who is not named, to swap it or to give way.

    asked ─┬─► accepted    both sides are changed in one step, or neither
           ├─► declined    by the holder
           ├─► withdrawn   by the side that asked
           └─► lapsed      nobody answered in time, or what it is about has changed

A swap: each takes the other's place, from the other's start on, and keeps its own length.

    before   LAB-1 A  |== asker's ==|          LAB-1 B      |= holder's =|
    after    LAB-1 A  |= holder's =|           LAB-1 B      |== asker's ==|

Both are judged by the one rule function, the second beside the first; what one side would break is told
to that side alone.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from services.booking.domain.held import Claims
from services.booking.domain.judging import Verdict, Wanted, judged, stand
from services.booking.domain.quotas import Use, counts, own_projects
from services.booking.domain.reservation import Reservation
from services.booking.domain.rules import Violation
from services.booking.domain.run import ORDINARY, Run
from services.booking.domain.spans import Span
from services.booking.domain.states import State
from services.booking.domain.wish import Party
from services.contracts.errors import WrongState

MOST_OPEN = 3
"""So many asks may a team have open at a time."""

MOST_REPEATED = 3
"""So many times within ASKED_LATELY may a team, or a person for any team, ask for the same reservation."""

ASKED_LATELY = timedelta(days=1)
ANSWER_WITHIN = timedelta(hours=24)


class AskState(StrEnum):
    ASKED = "asked"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


class Place(NamedTuple):
    """Where and when a reservation is."""

    facility: str
    unit: str
    starts_at: datetime
    ends_at: datetime

    @property
    def span(self) -> Span:
        return Span(self.starts_at, self.ends_at)

    def lasting(self, length: timedelta) -> "Place":
        """The same start for something of another length."""
        return self._replace(ends_at=self.starts_at + length)


@dataclass(frozen=True, kw_only=True)
class Ask:
    """One version. ``team`` and ``requester`` ask; the reservation ``holder``, of ``holder_team``, has ``slot``.

    swap: ``reservation``, which stood at ``given``, is offered for it. give_way: ``wished`` is asked for with
    ``project``, ``purpose`` and ``run``, and ``reservation`` is what came of it. ``slot`` and ``given`` are as
    they were when it was asked: once one of them differs, it has lapsed.
    """

    id: str
    version: int
    kind: str
    state: AskState
    team: str
    requester: str
    holder: str
    holder_team: str
    slot: Place
    asked_at: datetime
    expires_at: datetime
    reservation: str | None = None
    given: Place | None = None
    wished: Span | None = None
    project: str | None = None
    purpose: str = ""
    run: Run = ORDINARY
    note: str = ""
    reason: str = ""

    @property
    def is_swap(self) -> bool:
        return self.kind == "swap"


def place_of(reservation: Reservation) -> Place:
    return Place(reservation.facility, reservation.unit, *reservation.span)


def may_be_asked(reservation: Reservation, team: str, now: datetime) -> bool:
    """Whether a team may ask for a reservation: another team's, sure of its time, not begun and no step of more."""
    is_to_come = reservation.state is State.APPROVED and reservation.span.starts_at > now
    return is_to_come and reservation.team != team and reservation.campaign is None


def may_be_given(reservation: Reservation, now: datetime) -> bool:
    """Whether a reservation may be offered for another."""
    is_open = reservation.state in (State.REQUESTED, State.APPROVED)
    return is_open and reservation.span.starts_at > now and reservation.campaign is None


def deadline(slot: Place, other: Span, now: datetime, time_scale: float) -> datetime:
    """Until when it may be answered: for a day, but not beyond the start of either."""
    return min(now + ANSWER_WITHIN / time_scale, slot.starts_at, other.starts_at)


def has_changed(ask: Ask, holder: Reservation | None, given: Reservation | None) -> bool:
    """Whether what it was about is not as it was any more."""
    if holder is None or holder.state is not State.APPROVED or place_of(holder) != ask.slot:
        return True
    if not ask.is_swap:
        return False
    is_open = given is not None and given.state in (State.REQUESTED, State.APPROVED)
    return not is_open or place_of(given) != ask.given


def ended(ask: Ask, state: AskState, **changes: Any) -> Ask:
    """The next version, at an end. Raises WrongState when it has ended already."""
    if ask.state is not AskState.ASKED:
        raise over(ask.state)
    return replace(ask, version=ask.version + 1, state=state, **changes)


def over(state: AskState) -> WrongState:
    return WrongState(reason="ask_over", state=str(state))


def exchanged(sides: Sequence[Wanted], claims: Claims, now: datetime) -> list[Verdict]:
    """What each side would come to, in order: the later ones beside what the earlier ones take.

    Each is of a party of its own. ``claims`` are without those of the reservations that are exchanged.
    """
    standing = {place: list(held) for place, held in claims.items()}
    found: list[Verdict] = []
    for wanted in sides:
        (verdict,) = judged([beside(wanted, found)], standing, now)
        if verdict.is_fine:
            stand(standing, verdict)
        found.append(verdict)
    return found


def beside(wanted: Wanted, found: Iterable[Verdict]) -> Wanted:
    """One side with the people and the use of quotas that the others bring."""
    wish, code = wanted.wish, wanted.facility.code
    for other in (each.wanted for each in found if each.is_fine):
        if wish.party and other.wish.party:
            wish = replace(wish, party=knowing(wish.party, use_of(other)))
        if wanted.facility.most_people and other.facility.code == code:
            there = (*wish.others.get(code, ()), (other.wish.span, other.wish.run.people))
            wish = replace(wish, others={**wish.others, code: there})
    return replace(wanted, wish=wish)


def use_of(wanted: Wanted) -> Use:
    party = wanted.wish.party
    return Use(*wanted.wish.span, wanted.facility.kind, True, party.company, party.team, party.person, party.project)


def knowing(party: Party, use: Use) -> Party:
    """Those who ask, with what somebody else takes of the quotas that bind them too."""
    own = own_projects(party.quotas)
    return replace(party, entitlements=tuple(
        each.with_use(use) if counts(use, each.quota, each.subject, own) else each for each in party.entitlements
    ))


def hindrances(mine: Verdict | None, others: Iterable[Verdict]) -> list[Violation]:
    """What stands in the way, as one side may know it: the own rules, and only that another side cannot."""
    found = list(mine.violations) if mine else []
    if mine and mine.is_taken:
        found.append(Violation("no_room_there"))
    if not all(each.is_fine for each in others):
        found.append(Violation("impossible_for_other"))
    return found


def basis_of(ask: Ask, side: str) -> Mapping[str, Any]:
    """How history explains the step: by which ask, and on which side."""
    return {"swap": {"ask": ask.id, "kind": ask.kind, "side": side}}
