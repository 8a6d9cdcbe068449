"""What any store of asks must do: run against the one in memory and the one in PostgreSQL."""

import uuid
from dataclasses import replace

from services.booking.domain.run import Run
from services.booking.domain.states import Action, State
from services.booking.domain.swapping import Ask, AskState, Place, place_of
from tests.unit.booking.examples import DAY, HOUR, NOW, on
from tests.unit.booking.repository_cases import a_line, a_request, whole


def held(unit="A", span=None, team="blue", **changes):
    changes = {"state": State.APPROVED, "decide_by": None, "awaits": None, **changes}
    return a_request(unit, span, team=team, requester="cyd" if team == "blue" else "ann", **changes)


def an_ask(holder, given=None, **changes):
    kept = {"reservation": given.id, "given": place_of(given)} if given else {"wished": on(1, 10, 11)}
    return Ask(**{
        "id": str(uuid.uuid4()), "version": 1, "kind": "swap" if given else "give_way", "state": AskState.ASKED,
        "team": "red", "requester": "ann", "holder": holder.id, "holder_team": "blue", "slot": place_of(holder),
        "asked_at": NOW, "expires_at": NOW + DAY, "note": "please", **kept, **changes,
    })


class SwapCases:
    """``run(step)`` gives ``step(uow)`` one transaction on the base of examples.py."""

    def keep(self, run, *reservations):
        for each in reservations:
            run(lambda uow, each=each: uow.reservations.add(each, whole(each.span), a_line()))

    def asked(self, transaction, holder, given=None, **changes):
        ask = an_ask(holder, given, **changes)
        transaction(lambda uow: uow.swaps.add(ask))
        return ask

    def test_asks_come_back_as_they_were_kept(self, run):
        holder, given = held(), held("B", team="red")
        self.keep(run, holder, given)
        offered = self.asked(run, holder, given)
        wished = self.asked(run, holder, team="green", purpose="85 ℃", project="red-p", run=Run(people=3))
        for ask in (offered, wished):
            found, person = run(lambda uow, ask=ask: uow.swaps.locked(ask.id, "cyd"))
            assert (found, person.person) == (ask, "cyd")
        answered = replace(wished, version=2, state=AskState.ACCEPTED, reservation=given.id, reason="so")
        run(lambda uow: uow.swaps.change(answered))
        assert run(lambda uow: uow.swaps.locked(wished.id, "cyd"))[0] == answered
        assert run(lambda uow: uow.swaps.locked(str(uuid.uuid4()), "cyd")) == (None, None)

    def test_who_holds_a_time_that_begins_there(self, run):
        holder, later = held(), held(span=on(1, 14, 15))
        self.keep(run, holder, later, held("B"), held("C", state=State.CANCELLED))
        assert list(run(lambda uow: uow.swaps.holding("LAB-1", "A", holder.span.starts_at))) == [holder.id]
        for place in (("LAB-1", "C", holder.span.starts_at), ("LAB-1", "A", on(1, 11, 12).starts_at)):
            assert list(run(lambda uow, place=place: uow.swaps.holding(*place))) == []

    def test_what_a_team_has_open(self, run):
        holder, other = held(), held("B")
        self.keep(run, holder, other)
        first = self.asked(run, holder)
        second = self.asked(run, other, asked_at=NOW + HOUR)
        self.asked(run, other, team="green")
        run(lambda uow: uow.swaps.change(replace(first, version=2, state=AskState.WITHDRAWN)))
        assert run(lambda uow: uow.swaps.open_of("red")) == [second]
        assert self.asked(run, holder) in run(lambda uow: uow.swaps.open_of("red"))

    def test_how_often_one_side_has_asked_for_the_same_lately(self, run):
        holder, other = held(), held("B")
        self.keep(run, holder, other)
        first = self.asked(run, holder, state=AskState.WITHDRAWN)
        self.asked(run, holder, state=AskState.DECLINED, asked_at=NOW + HOUR, team="green")
        self.asked(run, holder, state=AskState.DECLINED, asked_at=NOW + HOUR, requester="bob")
        self.asked(run, holder, state=AskState.DECLINED, asked_at=NOW + HOUR, requester="bob", team="green")
        self.asked(run, other, asked_at=NOW + HOUR)
        assert run(lambda uow: uow.swaps.lately(first, NOW - HOUR)) == 3
        assert run(lambda uow: uow.swaps.lately(first, NOW)) == 2

    def test_what_can_not_be_answered_any_more(self, run):
        holders = [held(unit) for unit in "ABCD"]
        given = held(span=on(2, 10, 12), team="red")
        self.keep(run, *holders, given)
        late = self.asked(run, holders[0], expires_at=NOW)
        moved = self.asked(run, holders[1], expires_at=NOW + HOUR)
        swaps = self.asked(run, holders[2], given, expires_at=NOW + 2 * HOUR)
        stays = self.asked(run, holders[3])
        assert run(lambda uow: uow.swaps.lapsed(NOW, 9)) == [late]
        elsewhere = replace(holders[1], version=2, span=on(3, 10, 12))
        gone = replace(given, version=2, state=State.CANCELLED)
        run(lambda uow: uow.reservations.change(elsewhere, whole(elsewhere.span), a_line(Action.MOVE)))
        run(lambda uow: uow.reservations.change(gone, None, a_line(Action.CANCEL)))
        assert run(lambda uow: uow.swaps.lapsed(NOW, 9)) == [late, moved, swaps]
        assert run(lambda uow: uow.swaps.lapsed(NOW, 1)) == [late]
        begun = replace(holders[3], version=2, state=State.IN_USE)
        run(lambda uow: uow.reservations.change(begun, None, a_line(Action.CHECK_IN)))
        assert stays in run(lambda uow: uow.swaps.lapsed(NOW, 9))
        run(lambda uow: uow.swaps.change(replace(late, version=2, state=AskState.LAPSED)))
        assert late not in run(lambda uow: uow.swaps.lapsed(NOW, 9))

    def test_the_other_s_place_for_the_own_length(self):
        assert Place("LAB-1", "A", *on(1, 10, 12)).lasting(HOUR).span == on(1, 10, 11)
