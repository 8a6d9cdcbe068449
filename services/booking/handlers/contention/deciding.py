"""Deciding a group of rivals in one transaction: who gets room, and what the others are told."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from services.booking.domain import approval
from services.booking.domain.contention.drawing import Ticket, drawn, is_drawn
from services.booking.domain.contention.explaining import basis_of, winner_of
from services.booking.domain.contention.rivals import Rival, are_rivals
from services.booking.domain.contention.scoring import Score
from services.booking.domain.facility import Facility
from services.booking.domain.reservation import step
from services.booking.domain.states import Action
from services.booking.domain.waiting import WaitEntry, is_before
from services.booking.handlers.contention.comparing import order_of_placing, scores, tickets_of
from services.booking.handlers.placing import offers, placed
from services.booking.handlers.recording import route_taken, rules_used, write
from services.booking.handlers.waiting.joining import put_on_list
from services.booking.handlers.waiting.offering import MOST_SERVED
from services.contracts.errors import RuleBroken, SlotTaken
from services.contracts.events import ReservationAllocated, ReservationPassedOver


@dataclass(frozen=True, kw_only=True)
class Decision:
    """A group in the order in which it comes, with the sums or the tickets that made it.

    ``by`` is manager, ranking or draw; the ``actor`` and ``reason`` are a manager's.
    """

    facility: Facility
    order: Sequence[Rival]
    by: str
    scores: Mapping[str, Score]
    tickets: Mapping[str, Ticket]
    actor: str = ""
    reason: str = ""
    agreed: frozenset[str] = frozenset()
    standing: Mapping[str, Any] | None = None

    def basis(self, rival: Rival, **more: Any) -> dict[str, Any]:
        """What history keeps of it with one of them."""
        score = None if self.by == "draw" else self.scores[rival.id]
        order, ticket = [each.id for each in self.order], self.tickets.get(rival.party)
        told = basis_of(self.by, order, rival.id, score, ticket, reason=self.reason or None, **more)
        return told | dict(self.standing or {})

    def winner(self, rival: Rival) -> dict[str, Any]:
        """The sum or ticket of one of them, for who came after."""
        score = None if self.by == "draw" else self.scores[rival.id]
        rank = [each.id for each in self.order].index(rival.id) + 1
        return winner_of(rank, score, self.tickets.get(rival.party))


def decision_on(group: Sequence[Rival], facility: Facility, uow: Any, now: datetime, **by: Any) -> Decision:
    """How a group comes out, by draw where that was promised to all of it, else by ranking."""
    found = scores(group, facility, uow, now)
    by_id = {each.rival.id: each for each in found}
    if is_drawn(group):
        tickets = tickets_of(group, found, uow)
        return Decision(
            facility=facility, order=drawn(group, tickets), by="draw", scores=by_id, tickets=tickets, **by)
    order = [each.rival for each in found]
    return Decision(**{"facility": facility, "order": order, "by": "ranking", "scores": by_id, "tickets": {}, **by})


def decide(decision: Decision, uow: Any, now: datetime) -> None:
    """Place one after the other as far as there is room and the rules are kept; pass over the rest.

    Who is passed over is offered other times only when all have been placed.
    """
    winners, losers = [], []
    for rival in order_of_placing(decision.order, decision.facility, uow):
        try:
            allocate(rival, decision, uow, now)
        except (RuleBroken, SlotTaken) as refused:
            losers.append((rival, refused.facts.get("violations", [])))
        else:
            winners.append(rival)
    pass_over(losers, winners, decision, uow, now)
    keep_drawn(decision, winners, uow)


def allocate(rival: Rival, decision: Decision, uow: Any, now: datetime) -> dict[str, Any]:
    """Give the time to one of them, through all rules again. Raises RuleBroken, SlotTaken."""
    former, facility = rival.reservation, decision.facility
    with placed(
        rival.wish, facility, uow, now, locking=[facility.code], moving=[former.id], offering=no_offers,
    ) as room:
        there = replace(former, version=former.version + 1, unit=room.unit, waivers=room.waivers)
        reservation = approval.begun(there, facility, now, uow.time_scale, decision.agreed)
        basis = rules_used(facility) | route_taken(reservation) | decision.basis(rival)
        return write(
            uow, Action.ALLOCATE, former, reservation, ReservationAllocated, now, actor=decision.actor,
            reason=decision.reason, claims=room.claims, basis=basis, by=decision.by, rivals=len(decision.order) - 1,
            decide_by=reservation.decide_by, awaits=reservation.awaits,
        )


def pass_over(
    losers: Sequence[tuple[Rival, list[dict[str, Any]]]], winners: Iterable[Rival], decision: Decision, uow: Any,
    now: datetime,
) -> None:
    """Tell those who get no room, each with the nearest other times and a place on the wait list."""
    winners = list(winners)
    for rival, violations in losers:
        before = [each for each in winners if are_rivals(rival, each, decision.facility)]
        winner = decision.winner(before[-1]) if before else None
        basis = decision.basis(rival, winner=winner, violations=violations or None)
        pass_one_over(rival, basis, decision, uow, now)


def pass_one_over(
    rival: Rival, basis: dict[str, Any], decision: Decision, uow: Any, now: datetime,
) -> None:
    passed = step(rival.reservation, Action.PASS_OVER, now)
    wish = replace(rival.wish, asked_at=None)
    told = basis["contention"]
    entry, position = listed(rival, told["rank"], decision, uow, now)
    write(
        uow, Action.PASS_OVER, rival.reservation, passed, ReservationPassedOver, now, actor=decision.actor,
        reason=decision.reason, basis=rules_used(decision.facility) | basis, by=decision.by, rank=told["rank"],
        rivals=told["of"] - 1, alternatives=offers(wish, decision.facility, uow, now, [passed.id]),
        wait_entry=entry and entry.id, position=position,
    )


def listed(
    rival: Rival, rank: int, decision: Decision, uow: Any, now: datetime,
) -> tuple[WaitEntry | None, int | None]:
    """A place on the wait list by rank, and which it is; none once the time has come, or where it is there already."""
    there = uow.waiting.open_of(rival.reservation.team)
    span = rival.reservation.span
    if span.starts_at <= now or any(
        (each.facility, each.window) == (rival.reservation.facility, span) for each in there
    ):
        return None, None
    entry = put_on_list(rival.reservation, uow, now, actor=decision.actor, rank=rank)
    before = [each for each in uow.waiting.listed(entry.facility, MOST_SERVED) if is_before(each, entry)]
    return entry, len(before) + 1


def keep_drawn(decision: Decision, winners: Iterable[Rival], uow: Any) -> None:
    """What each party drew, for everybody to check."""
    if decision.by == "draw":
        won = {each.party for each in winners}
        uow.contention.keep_drawn([(ticket, party in won) for party, ticket in decision.tickets.items()])


def no_offers(*arguments: Any) -> list[dict[str, Any]]:
    return []
