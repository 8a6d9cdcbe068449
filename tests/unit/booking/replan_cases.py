"""What any store of re-plans must do: run against the one in memory and the one in PostgreSQL."""

import uuid
from dataclasses import replace

from services.booking.domain.campaign import Campaign, Step
from services.booking.domain.replan.displacement import Displacement
from services.booking.domain.replan.plan import Place, Placement, Plan
from services.booking.domain.replan.replan import Replan, ReplanState
from services.booking.domain.spans import Span
from services.booking.domain.states import Action
from tests.unit.booking.examples import DAY, HOUR, NOW, on
from tests.unit.booking.repository_cases import a_line, a_request, whole
from tests.unit.booking.test_interruptions import interruption

SECOND = HOUR / 3600


def a_replan(**changes):
    return Replan(**{
        "id": str(uuid.uuid4()), "version": 1, "state": ReplanState.COMPUTING, "key": "interruption:I-1",
        "cause": {"kind": "outage", "interruption": "I-1", "reason": {"en": "Broken"}}, "hits": (str(uuid.uuid4()),),
        "places": ("LAB-1",), "created_at": NOW, **changes,
    })


def a_plan(reservation=None):
    before = Place("LAB-1", "A", on(1, 10, 12))
    return Plan(placements=(
        Placement(reservation=reservation or str(uuid.uuid4()), version=2, team="red", before=before,
                  after=before._replace(unit="B"), reason="same_time_other_unit"),
        Placement(reservation=str(uuid.uuid4()), version=1, team="blue", before=before, after=None, reason="no_place",
                  weight=3, obstacles=("beyond_horizon",)),
    ))


class ReplanCases:
    """``run(step)`` gives ``step(uow)`` one transaction on the base of examples.py."""

    def test_a_replan_comes_back_as_it_was_kept(self, run):
        made = a_replan()
        run(lambda uow: uow.replans.add(made))
        assert run(lambda uow: uow.replans.locked(made.id, "mia"))[0] == made
        changed = replace(
            made.with_plan(a_plan(), ReplanState.PROPOSED), pins={made.hits[0]: Place("LAB-1", "B", on(2, 1, 3))},
            excluded_reservations=frozenset(made.hits), excluded_facilities=frozenset({"LAB-4"}), decided_by="mia",
            decided_at=NOW, progress={"stage": 1},
        )
        run(lambda uow: uow.replans.change(changed))
        found, person = run(lambda uow: uow.replans.locked(made.id, "mia"))
        assert (found, person.person) == (changed, "mia")
        assert found.plan.goals == (3, 1, 1, 2, 0, 1)
        assert run(lambda uow: uow.replans.locked(str(uuid.uuid4()), "mia")) == (None, None)

    def test_the_open_ones_of_a_cause(self, run):
        first, done, other = a_replan(), a_replan(state=ReplanState.DISCARDED), a_replan(key="hours:LAB-3")
        for each in (first, done, other):
            run(lambda uow, each=each: uow.replans.add(each))
        assert run(lambda uow: uow.replans.open_for("interruption:I-1")) == [first]

    def test_what_waits_for_a_plan_is_found_and_then_taken_by_one_at_a_time(self, run):
        made = a_replan()
        run(lambda uow: uow.replans.add(made))
        assert run(lambda uow: uow.replans.unplanned(NOW - SECOND, 5)) == []
        assert run(lambda uow: uow.replans.unplanned(NOW, 5)) == [made]
        assert run(lambda uow: uow.replans.take(NOW, NOW + DAY)) is None
        planned = made.with_plan(a_plan(), ReplanState.COMPUTING)
        run(lambda uow: uow.replans.change(planned))
        assert run(lambda uow: uow.replans.unplanned(NOW, 5)) == []
        assert run(lambda uow: uow.replans.take(NOW, NOW + HOUR)) == planned
        assert run(lambda uow: uow.replans.take(NOW, NOW + HOUR)) is None
        assert run(lambda uow: uow.replans.tell_progress(planned, {"stage": "moved"}, NOW + 2 * HOUR))
        assert run(lambda uow: uow.replans.take(NOW + HOUR, NOW + DAY)) is None, "the lease was renewed"
        assert run(lambda uow: uow.replans.forgotten(NOW + HOUR, 5)) == []
        told = run(lambda uow: uow.replans.forgotten(NOW + 2 * HOUR, 5))
        assert [each.progress for each in told] == [{"stage": "moved"}]
        assert run(lambda uow: uow.replans.take(NOW + 2 * HOUR, NOW + DAY)).id == made.id
        revised = planned.revised((), (), ())
        run(lambda uow: uow.replans.change(revised))
        assert not run(lambda uow: uow.replans.tell_progress(planned, {}, NOW)), "it is not wanted any more"
        assert run(lambda uow: uow.replans.unplanned(NOW, 5)) == [revised]

    def test_reservations_by_id_by_place_and_by_campaign(self, run):
        campaign = str(uuid.uuid4())
        first = a_request(campaign=campaign, campaign_step=2)
        second = a_request("B", on(2, 10, 12), campaign=campaign, campaign_step=1)
        run(lambda uow: uow.campaigns.add(Campaign(
            id=campaign, version=1, team="red", project=None, purpose="p", requester="ann",
            steps=(Step(facility="LAB-1", minutes=120),) * 2)))
        for each in (first, second):
            run(lambda uow, each=each: uow.reservations.add(each, whole(each.span), a_line()))
        both = run(lambda uow: uow.replans.reservations([first.id, second.id, str(uuid.uuid4())], locking=True))
        assert both == sorted((first, second), key=lambda each: each.id)
        assert run(lambda uow: uow.replans.reservations([])) == []
        assert run(lambda uow: uow.replans.standing(["LAB-1"], Span(NOW, NOW + 9 * DAY))) == [first, second]
        assert run(lambda uow: uow.replans.standing(["LAB-1"], on(2, 12, 13))) == []
        assert run(lambda uow: uow.replans.of_campaigns({campaign})) == [second, first]
        assert run(lambda uow: uow.replans.of_campaigns(set())) == []

    def test_an_answer_counts_once_and_in_time(self, run):
        made = a_request()
        replans = [a_replan(), a_replan()]
        run(lambda uow: uow.reservations.add(made, whole(made.span), a_line(Action.REQUEST)))
        for each in replans:
            run(lambda uow, each=each: uow.replans.add(each))
        first, second = (
            Displacement(reservation=made.id, replan=each.id, former=Place("LAB-3", "A", on(1, 1, 3)),
                         answer_by=NOW + HOUR, reason="later")
            for each in replans
        )
        run(lambda uow: uow.replans.displace(first, NOW))
        assert run(lambda uow: uow.replans.unanswered(made.id, NOW)) == first
        run(lambda uow: uow.replans.displace(second, NOW))
        assert run(lambda uow: uow.replans.unanswered(made.id, NOW)) == second
        assert run(lambda uow: uow.replans.unanswered(made.id, NOW + HOUR)) is None
        assert not run(lambda uow: uow.replans.answer(made.id, "confirmed", NOW + HOUR))
        assert run(lambda uow: uow.replans.answer(made.id, "confirmed", NOW))
        assert not run(lambda uow: uow.replans.answer(made.id, "declined", NOW))

    def test_the_facilities_of_a_site(self, run):
        assert run(lambda uow: uow.interruptions.facilities_at("BASE")) == ["LAB-1", "LAB-3", "LAB-4", "PLAT-05"]
        assert run(lambda uow: uow.interruptions.facilities_at("NORTH")) == []

    def test_an_interruption_as_it_was_told(self, run):
        fact = interruption(on(1, 9, 14))
        run(lambda uow: uow.interruptions.save(fact))
        told = run(lambda uow: uow.interruptions.told("I-1"))
        assert (told.kind, told.facility, told.reason, len(told.spans)) == ("outage", "LAB-3", fact.reason, 1)
        assert run(lambda uow: uow.interruptions.told("I-2")) is None
