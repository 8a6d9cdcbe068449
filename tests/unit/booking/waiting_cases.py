"""What any store of wait lists must do: run against the one in memory and the one in PostgreSQL."""

import uuid
from dataclasses import replace
from datetime import timedelta

from services.booking.domain.run import Run
from services.booking.domain.states import State
from services.booking.domain.waiting import EntryState, WaitEntry
from tests.unit.booking.examples import DAY, HOUR, NOW, on
from tests.unit.booking.repository_cases import a_line, a_request, whole

SECOND = timedelta(seconds=1)


def an_entry(**changes):
    return WaitEntry(**{
        "id": str(uuid.uuid4()), "facility": "LAB-1", "team": "red", "project": None, "purpose": "85 ℃",
        "requester": "ann", "minutes": 120, "window": on(1, 8, 20), "unit": None, "joined_at": NOW, **changes,
    })


class WaitingCases:
    """``run(step)`` gives ``step(uow)`` one transaction on the base of examples.py."""

    def kept(self, run, /, **changes):
        entry = an_entry(**changes)
        run(lambda uow: uow.waiting.add(entry))
        return entry

    def taken(self, run, now=NOW):
        return run(lambda uow: uow.waiting.take_freed(now))

    def nothing_freed(self, run):
        while self.taken(run, NOW + 99 * DAY):
            pass

    def test_an_entry_comes_back_as_it_was_kept(self, run):
        entry = self.kept(
            run, project="red-p", unit="B", rank=3, missed=1, run=Run(people=3, answers={"material": "none"}))
        found, person = run(lambda uow: uow.waiting.locked(entry.id, "cyd"))
        assert (found, person.person) == (entry, "cyd")
        assert run(lambda uow: uow.waiting.locked(str(uuid.uuid4()), "cyd")) == (None, None)
        later = entry.changed(EntryState.LEFT, missed=2, rank=7, joined_at=NOW + HOUR)
        run(lambda uow: uow.waiting.change(later))
        assert run(lambda uow: uow.waiting.locked(entry.id, "cyd"))[0] == later

    def test_who_waits_comes_in_the_order_of_rank_and_joining(self, run):
        third = self.kept(run, joined_at=NOW + SECOND)
        second, first = self.kept(run), self.kept(run, joined_at=NOW + DAY, rank=1)
        self.kept(run, facility="LAB-3")
        gone = self.kept(run)
        run(lambda uow: uow.waiting.change(gone.changed(EntryState.LAPSED)))
        assert run(lambda uow: uow.waiting.waiting("LAB-1", 9)) == [first, second, third]
        assert run(lambda uow: uow.waiting.waiting("LAB-1", 2)) == [first, second]
        assert run(lambda uow: uow.waiting.listed("LAB-1", 9)) == [first, second, third]

    def test_the_open_ones_of_a_team(self, run):
        mine, other = self.kept(run), self.kept(run, team="blue")
        left = self.kept(run, joined_at=NOW + SECOND)
        run(lambda uow: uow.waiting.change(left.changed(EntryState.LEFT)))
        assert run(lambda uow: uow.waiting.open_of("red")) == [mine]
        assert run(lambda uow: uow.waiting.open_of("blue")) == [other]

    def test_an_offer_leads_to_its_entry_and_is_found_when_its_time_is_up(self, run):
        entry = self.kept(run)
        offer = a_request(state=State.OFFERED, awaits=None, decide_by=NOW + HOUR)
        run(lambda uow: uow.reservations.add(offer, whole(offer.span), a_line()))
        offered = entry.changed(EntryState.OFFERED, reservation=offer.id)
        run(lambda uow: uow.waiting.change(offered))
        assert run(lambda uow: uow.waiting.of_offer(offer.id)) == offered
        assert run(lambda uow: uow.waiting.of_offer(str(uuid.uuid4()))) is None
        assert run(lambda uow: uow.waiting.unanswered(NOW + HOUR - SECOND, 9)) == []
        assert run(lambda uow: uow.waiting.unanswered(NOW + HOUR, 9)) == [offer]
        accepted = replace(offer, version=2, state=State.APPROVED, decide_by=None)
        run(lambda uow: uow.reservations.change(accepted, None, a_line()))
        assert run(lambda uow: uow.waiting.unanswered(NOW + HOUR, 9)) == []

    def test_what_is_freed_is_taken_once_and_only_when_it_is_due(self, run):
        self.nothing_freed(run)
        for facility, due in (("LAB-3", NOW + SECOND), ("LAB-1", NOW), ("LAB-1", NOW - SECOND)):
            run(lambda uow, facility=facility, due=due: uow.waiting.free(facility, due))
        assert self.taken(run) == "LAB-1"
        assert self.taken(run) is None
        assert self.taken(run, NOW + SECOND) == "LAB-3"

    def test_it_is_freed_wherever_somebody_waits(self, run):
        self.nothing_freed(run)
        self.kept(run), self.kept(run), self.kept(run, facility="LAB-3")
        gone = self.kept(run, facility="LAB-4")
        run(lambda uow: uow.waiting.change(gone.changed(EntryState.LEFT)))
        run(lambda uow: uow.waiting.free_all(NOW, "ELSEWHERE"))
        assert self.taken(run) is None
        run(lambda uow: uow.waiting.free_all(NOW, "BASE"))
        assert {self.taken(run), self.taken(run)} == {"LAB-1", "LAB-3"}
        run(lambda uow: uow.waiting.free_all(NOW))
        assert {self.taken(run), self.taken(run)} == {"LAB-1", "LAB-3"}
        assert self.taken(run) is None

    def test_looking_again_takes_the_place_of_later_times_only(self, run):
        self.nothing_freed(run)
        run(lambda uow: uow.waiting.free("LAB-1", NOW + 2 * HOUR))
        run(lambda uow: uow.waiting.free("LAB-1", NOW))
        run(lambda uow: uow.waiting.look_again("LAB-1", NOW, NOW + HOUR))
        assert self.taken(run) == "LAB-1"
        assert self.taken(run, NOW + HOUR - SECOND) is None
        assert self.taken(run, NOW + HOUR) == "LAB-1"
        assert self.taken(run, NOW + 9 * HOUR) is None
