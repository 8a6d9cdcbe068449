"""Re-plans in one memory: born of what hits, made again, carried out as a whole, answered."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.booking import handlers
from services.booking.domain.replan.greedy import greedy
from services.booking.domain.replan.replan import ReplanState
from services.booking.domain.states import State
from services.booking.handlers.replan.computing import finish, plan_at_once, take
from services.booking.handlers.replan.loading import instance_of
from services.contracts.commands import (
    AcceptReplan,
    ApproveReservation,
    CancelReservation,
    CheckInReservation,
    ConfirmReplanned,
    DiscardReplan,
    MoveReservation,
    RejectReservation,
    ReviseReplan,
    StartReplan,
)
from services.contracts.errors import InvalidInput, NotAllowed, NotFound, RuleBroken, StaleVersion, WrongState
from services.contracts.events import ReplanAccepted, ReservationCancelled, ReservationReplanned, SiteChanged
from tests.unit.booking.examples import DAY, HOUR, NOW, at, command, facility_changed, lab_3, on, request
from tests.unit.booking.fakes import overlapping
from tests.unit.booking.test_interruptions import interruption


class Desk:
    """Asks, breaks and plans, at a time that moves on."""

    def __init__(self, base):
        self.base, self.now = base, NOW

    def ask(self, *arguments, **fields):
        return self.base.run(handlers.request_reservation, request(*arguments, **fields), now=self.now)

    def tell(self, fact):
        self.base.run(handlers.take_fact, fact, now=self.now)

    def give(self, handler, kind, actor, **fields):
        return self.base.run(handler, command(kind, actor, **fields), now=self.now)

    def run(self, step, *arguments):
        return self.base.run(step, *arguments, now=self.now)

    def plan(self):
        """The one that is open, with its first plan."""
        self.run(plan_at_once)
        (found,) = [each for each, _ in self.base.replans.values() if each.is_open]
        return found

    def accept(self, replan, actor="mia", **fields):
        return self.give(
            handlers.accept_replan, AcceptReplan, actor, replan=replan.id, version=replan.version, **fields)

    def revise(self, replan, actor="mia", **fields):
        self.give(handlers.revise_replan, ReviseReplan, actor, replan=replan.id, version=replan.version, **fields)
        return self.plan()

    def held(self, reservation):
        return self.base.reservations[reservation["id"]]


@pytest.fixture
def desk(base):
    made = Desk(base)
    yield made
    assert overlapping(base) == []


RECALL = {
    "facility": "LAB-3", "team": "blue", "purpose": "recall", "reason": "Safety recall", **on(1, 10, 12)._asdict(),
}


def place_of(kept):
    return kept.facility, kept.unit, kept.span


def test_an_outage_gives_birth_to_a_plan_for_those_it_hits(desk):
    hit = desk.ask("ann", on(1, 10, 12))
    desk.ask("ann", on(2, 10, 12))
    desk.tell(interruption(on(1, 9, 14)))
    replan = desk.plan()
    assert (replan.state, replan.places, replan.cause["kind"]) == (ReplanState.COMPUTING, ("LAB-3",), "outage")
    (placement,) = replan.plan.placements
    assert (placement.reservation, placement.reason) == (hit["id"], "same_time_elsewhere")
    assert placement.after == ("LAB-4", "A", on(1, 10, 12))
    assert replan.plan.goals == (0, 0, 1, 1, 0, 1)


def test_what_hits_nobody_needs_no_plan_and_a_change_of_it_replaces_the_plan(desk):
    desk.ask("ann", on(1, 10, 12))
    desk.tell(interruption(on(3, 9, 14)))
    assert not desk.base.replans
    desk.tell(interruption(on(1, 9, 14), version=2))
    first = desk.plan()
    desk.tell(interruption(on(1, 8, 20), version=3))
    second = desk.plan()
    assert (first.id != second.id, second.cause["spans"]) == (True, [on(1, 8, 20)._asdict()])
    desk.tell(interruption(version=4))
    assert {str(each.state) for each, _ in desk.base.replans.values()} == {"superseded"}


def test_other_hours_hit_those_who_stood_in_open_time(desk):
    asked = desk.ask("ann", on(1, 10, 12))
    desk.tell(lab_3(version=2, opening_hours=[[[780, 1200]]] * 5 + [[]] * 2))
    replan = desk.plan()
    assert (replan.cause["kind"], replan.hits) == ("hours", (asked["id"],))
    (placement,) = replan.plan.placements
    assert placement.after == ("LAB-4", "A", on(1, 10, 12))
    desk.tell(lab_3(version=3, opening_hours=[[[780, 1200]]] * 5 + [[]] * 2, longest_minutes=600))
    assert len(desk.base.replans) == 1, "its hours are the same"


def test_who_has_a_plan_already_stays_in_it_when_hours_change_again(desk):
    first, second = desk.ask("ann", on(1, 10, 12)), desk.ask("cyd", on(1, 17, 19))
    desk.tell(lab_3(version=2, opening_hours=[[[780, 1200]]] * 5 + [[]] * 2))
    desk.tell(lab_3(version=3, opening_hours=[[[780, 1080]]] * 5 + [[]] * 2))
    assert set(desk.plan().hits) == {first["id"], second["id"]}
    desk.tell(lab_3(version=4))
    assert {str(each.state) for each, _ in desk.base.replans.values()} == {"superseded"}


def test_a_holiday_that_is_entered_later_hits_the_whole_base(desk):
    asked = [desk.ask("ann", on(2, 10, 12), code) for code in ("LAB-3", "PLAT-05")]
    holiday = {"date": "2026-11-25", "kind": "holiday", "names": {"en": "Day off"}}
    desk.tell(SiteChanged(version=1, site="BASE", names={}, days=[holiday], known_years=[2026]))
    replan = desk.plan()
    assert (replan.cause["kind"], replan.cause["facility"]) == ("hours", None)
    assert {each.reservation for each in replan.plan.placements} == {each["id"] for each in asked}
    assert desk.accept(replan, "bea")["state"] == "accepted"


def test_several_are_placed_beside_each_other_the_rest_is_cancelled_with_the_rule(desk):
    for hour in (8, 10, 12):
        desk.ask("ann", on(1, hour, hour + 1))
    blocked = desk.ask("cyd", on(1, 8, 12), "LAB-4")
    desk.tell(interruption(on(1, 0, 24)))
    replan = desk.plan()
    places = [each.after for each in replan.plan.placements]
    assert len(set(places)) == 3
    assert None not in places
    desk.accept(replan)
    assert desk.held(blocked).span == on(1, 8, 12)


def test_all_of_it_is_carried_out_at_once(desk):
    first, second = desk.ask("ann", on(1, 10, 12)), desk.ask("cyd", on(1, 14, 16))
    desk.give(handlers.approve_reservation, ApproveReservation, "bea", reservation=second["id"])
    desk.tell(interruption(on(1, 9, 18)))
    replan = desk.plan()
    answer = desk.accept(replan)
    assert (answer["state"], "repaired" in answer) == ("accepted", False)
    for asked, state in ((first, State.REQUESTED), (second, State.APPROVED)):
        kept = desk.held(asked)
        assert (kept.facility, kept.state, kept.span) == ("LAB-4", state, on(1, *(
            (10, 12) if asked is first else (14, 16))))
    told = [each for each in desk.base.events if isinstance(each, ReservationReplanned)]
    assert {each.reservation for each in told} == {first["id"], second["id"]}
    assert {(each.former_facility, each.facility, each.why) for each in told} == {
        ("LAB-3", "LAB-4", "same_time_elsewhere")}
    (accepted,) = [each for each in desk.base.events if isinstance(each, ReplanAccepted)]
    assert [(each["team"], each["reason"]) for each in accepted.items] == [
        ("red", "same_time_elsewhere"), ("blue", "same_time_elsewhere")]
    assert accepted.cause["reason"]["en"] == "Compressor failure"
    with pytest.raises(StaleVersion):
        desk.accept(replan)
    accepted = desk.base.replans[replan.id][0]
    with pytest.raises(WrongState):
        desk.accept(accepted)


def test_for_whom_there_is_no_place_it_is_cancelled_with_a_reason(desk):
    asked = desk.ask("ann", on(1, 10, 12))
    desk.tell(interruption(on(0, 0, 24 * 60)))
    desk.tell(interruption(on(0, 0, 24 * 60), code="I-2", facility="LAB-4"))
    replan = desk.plan()
    (placement,) = replan.plan.placements
    assert (placement.after, placement.reason) == (None, "no_place")
    desk.accept(replan)
    assert desk.held(asked).state is State.CANCELLED
    (told,) = [each for each in desk.base.events if isinstance(each, ReservationCancelled)]
    assert (told.of_replan, told.reason) == (True, "压缩机故障 / Compressor failure")


def test_what_has_begun_is_left_alone(desk):
    desk.ask("ann", on(0, 10, 14), "LAB-1", unit="A")
    asked = desk.ask("cyd", on(0, 16, 18), "LAB-1", unit="A")
    desk.now = at(0, 11)
    desk.tell(interruption(on(0, 9, 20), facility="LAB-1", unit="A"))
    replan = desk.plan()
    assert {each.reason for each in replan.plan.placements} == {"begun", "same_time_other_unit"}
    desk.accept(replan)
    assert desk.held(asked).unit != "A"


def test_what_is_pinned_stays_what_is_left_out_is_left_alone_and_nobody_goes_where_they_must_not(desk):
    first, second = desk.ask("ann", on(1, 10, 12)), desk.ask("cyd", on(1, 14, 16))
    desk.tell(interruption(on(1, 9, 18)))
    replan = desk.revise(desk.plan(), excluded_facilities=["LAB-4"])
    assert {each.after.facility for each in replan.plan.placements} == {"LAB-3"}
    before = replan.plan.of(first["id"]).after
    replan = desk.revise(replan, pins=[first["id"]], excluded_reservations=[second["id"]])
    assert replan.plan.of(first["id"]).after == before
    assert replan.plan.of(second["id"]).reason == "left_out"
    desk.accept(replan)
    assert desk.held(second).span == on(1, 14, 16)
    assert desk.held(first).span == before.span


def test_a_pin_needs_a_place(desk):
    desk.ask("ann", on(1, 10, 12))
    desk.tell(interruption(on(1, 9, 18)))
    other = desk.ask("cyd", on(1, 14, 16), "LAB-4")
    with pytest.raises(InvalidInput) as refusal:
        desk.revise(desk.plan(), pins=[other["id"]], excluded_reservations=[other["id"]])
    assert refusal.value.facts["errors"] == {"pins": ["unknown"], "excluded_reservations": ["unknown"]}


def test_when_the_world_has_changed_the_plan_is_repaired_and_nothing_is_done(desk):
    first, second = desk.ask("ann", on(1, 10, 12)), desk.ask("cyd", on(1, 15, 17))
    desk.tell(interruption(on(1, 9, 18)))
    replan = desk.plan()
    desk.ask("ann", on(1, 10, 12), "LAB-4")
    answer = desk.accept(replan)
    assert (answer["state"], answer["version"], answer["repaired"]) == ("proposed", replan.version + 1, [first["id"]])
    assert desk.held(first).span == on(1, 10, 12)
    assert desk.held(first).facility == "LAB-3"
    again = desk.base.replans[replan.id][0]
    assert again.plan.of(second["id"]).after == replan.plan.of(second["id"]).after
    assert desk.accept(again)["state"] == "accepted"


def test_who_left_meanwhile_is_left_out_by_the_repair(desk):
    first, second = desk.ask("ann", on(1, 10, 12)), desk.ask("cyd", on(1, 15, 17))
    desk.tell(interruption(on(1, 9, 18)))
    replan = desk.plan()
    desk.give(handlers.reject_reservation, RejectReservation, "mia", reservation=first["id"], reason="no")
    answer = desk.accept(replan)
    assert answer["repaired"] == [first["id"]]
    again = desk.base.replans[replan.id][0]
    assert [each.reservation for each in again.plan.placements] == [second["id"]]


def test_the_solver_takes_what_has_a_plan_and_its_better_plan_is_proposed(desk):
    desk.ask("ann", on(1, 10, 12))
    desk.tell(interruption(on(1, 9, 18)))
    assert desk.run(take) is None
    replan = desk.plan()
    taken, instance = desk.run(take)
    assert taken == replan
    assert desk.run(take) is None, "somebody has it"
    desk.now += timedelta(seconds=11)
    assert desk.run(take)[0] == replan, "whoever had it is gone"
    assert desk.run(finish, replan, instance, greedy(instance))
    proposed = desk.base.replans[replan.id][0]
    assert (proposed.state, proposed.version) == (ReplanState.PROPOSED, replan.version + 1)
    assert not desk.run(finish, replan, instance, greedy(instance)), "it is decided already"


def test_a_plan_that_breaks_a_rule_is_never_proposed(desk):
    desk.ask("ann", on(1, 10, 12))
    desk.tell(interruption(on(1, 9, 18)))
    replan = desk.plan()
    _, instance = desk.run(take)
    (placement,) = replan.plan.placements
    wrong = replace(replan.plan, placements=(
        replace(placement, after=placement.after._replace(span=on(1, 11, 13), facility="LAB-3")),), method="solver")
    desk.run(finish, replan, instance, wrong)
    assert desk.base.replans[replan.id][0].plan.placements == replan.plan.placements


def test_without_the_solver_booking_plans_and_proposes_by_itself(desk):
    desk.ask("ann", on(1, 10, 12))
    desk.tell(interruption(on(1, 9, 18)))
    desk.run(handlers.plan_anyhow)
    assert not next(iter(desk.base.replans.values()))[0].is_planned
    desk.now += timedelta(seconds=4)
    desk.run(handlers.plan_anyhow)
    assert next(iter(desk.base.replans.values()))[0].state is ReplanState.COMPUTING
    desk.now += timedelta(seconds=60)
    desk.run(handlers.plan_anyhow)
    assert next(iter(desk.base.replans.values()))[0].state is ReplanState.PROPOSED


@pytest.mark.parametrize(("actor", "error"), [("max", NotFound), ("ann", NotFound), ("ian", NotAllowed)])
def test_it_is_there_for_those_who_manage_what_is_hit(desk, actor, error):
    desk.ask("ann", on(1, 10, 12))
    desk.tell(interruption(on(1, 9, 18)))
    with pytest.raises(error):
        desk.accept(desk.plan(), actor)


def test_who_manages_only_some_of_it_may_not_decide(desk):
    desk.ask("ann", on(1, 10, 12))
    desk.ask("ann", on(1, 10, 12), "PLAT-05")
    desk.tell(interruption(on(1, 9, 18), facility=None, kind="closure"))
    replan = desk.plan()
    assert replan.places == ("LAB-3", "PLAT-05")
    for actor in ("mia", "max"):
        with pytest.raises(NotAllowed):
            desk.accept(replan, actor)
    assert desk.accept(replan, "bea")["state"] == "accepted"


def test_discarding_leaves_everything_where_it_is(desk):
    asked = desk.ask("ann", on(1, 10, 12))
    desk.tell(interruption(on(1, 9, 18)))
    replan = desk.plan()
    desk.give(handlers.discard_replan, DiscardReplan, "mia", replan=replan.id, version=replan.version)
    assert desk.held(asked).facility == "LAB-3"
    started = desk.give(handlers.start_replan, StartReplan, "mia", interruption="I-1")
    assert started["state"] == "computing"
    assert desk.plan().hits == (asked["id"],)


@pytest.fixture
def displaced(desk):
    """One of Ann's that was moved to LAB-4, where changes and cancellations want a day's notice."""
    rules = {"cancel_notice_minutes": 2880, "change_notice_minutes": 2880, "approval": "automatic"}
    desk.tell(lab_3(version=2, **rules))
    desk.tell(facility_changed("LAB-4", version=2, **rules))
    asked = desk.ask("ann", on(1, 10, 12))
    desk.tell(interruption(on(1, 9, 18)))
    desk.accept(desk.plan())
    return asked


def answer_of(desk, asked):
    (found,) = [each for each in desk.base.displacements.values() if each.reservation == asked["id"]]
    return found.answer


def test_a_team_agrees_once(desk, displaced):
    (displacement,) = desk.base.displacements.values()
    assert displacement.former == ("LAB-3", "A", on(1, 10, 12))
    assert displacement.answer_by == min(NOW + DAY, at(1, 10))
    with pytest.raises(NotFound):
        desk.give(handlers.confirm_replanned, ConfirmReplanned, "cyd", reservation=displaced["id"])
    desk.give(handlers.confirm_replanned, ConfirmReplanned, "bob", reservation=displaced["id"])
    assert answer_of(desk, displaced) == "confirmed"
    with pytest.raises(WrongState):
        desk.give(handlers.confirm_replanned, ConfirmReplanned, "ann", reservation=displaced["id"])
    with pytest.raises(RuleBroken):
        desk.give(handlers.cancel_reservation, CancelReservation, "ann", reservation=displaced["id"])


def test_a_team_declines_without_notice_while_it_may_answer(desk, displaced):
    desk.give(handlers.cancel_reservation, CancelReservation, "ann", reservation=displaced["id"])
    assert answer_of(desk, displaced) == "declined"


def test_a_team_chooses_another_time_without_notice(desk, displaced):
    version = desk.held(displaced).version
    desk.give(
        handlers.move_reservation, MoveReservation, "ann", reservation=displaced["id"], version=version,
        **on(2, 10, 12)._asdict())
    assert (answer_of(desk, displaced), desk.held(displaced).span) == ("chosen", on(2, 10, 12))


def test_a_time_that_the_base_offers_needs_no_further_approval(desk):
    asked = desk.ask("ann", on(1, 10, 12))
    desk.give(handlers.approve_reservation, ApproveReservation, "mia", reservation=asked["id"])
    desk.tell(interruption(on(1, 9, 18)))
    desk.accept(desk.plan())
    for day, state in ((2, State.APPROVED), (3, State.REQUESTED)):
        desk.give(
            handlers.move_reservation, MoveReservation, "ann", reservation=asked["id"],
            version=desk.held(asked).version, facility="LAB-3", **on(day, 10, 12)._asdict())
        assert desk.held(asked).state is state


def test_silence_agrees_and_the_base_overtakes(desk, displaced):
    version = desk.held(displaced).version
    desk.now = at(1, 9)
    with pytest.raises(WrongState):
        desk.give(handlers.confirm_replanned, ConfirmReplanned, "ann", reservation=displaced["id"])
    desk.now = at(1, 9) - HOUR
    desk.give(
        handlers.move_reservation, MoveReservation, "mia", reservation=displaced["id"], version=version,
        **on(2, 10, 12)._asdict())
    assert answer_of(desk, displaced) == "overtaken"


def test_a_priority_case_clears_the_unit_with_the_fewest(desk):
    for unit, hours in (("A", (8, 12)), ("B", (8, 10, 14)), ("C", (10, 12)), ("D", (8,))):
        for hour in hours:
            desk.ask("ann", on(1, hour, hour + 1), "LAB-1", unit=unit)
    wanted = RECALL | {"facility": "LAB-1", **on(1, 8, 15)._asdict()}
    desk.give(handlers.start_replan, StartReplan, "mia", **wanted)
    replan = desk.plan()
    assert (replan.cause["unit"], len(replan.plan.placements)) == ("D", 1)
    desk.accept(replan, "bea")
    (made,) = [each for each in desk.base.reservations.values() if each.team == "blue"]
    assert (place_of(made), made.state) == (("LAB-1", "D", on(1, 8, 15)), State.APPROVED)
    (told,) = [each for each in desk.base.events if isinstance(each, ReservationReplanned)]
    assert "team" not in told.cause
    assert told.cause["reason"]["en"] == "Safety recall"


def test_a_request_that_waits_may_win(desk):
    desk.ask("ann", on(1, 10, 12))
    asked = desk.ask("cyd", on(2, 10, 12))
    wanted = {"facility": "LAB-3", "reservation": asked["id"], "reason": "Recall", **on(1, 10, 12)._asdict()}
    desk.give(handlers.start_replan, StartReplan, "mia", **wanted)
    desk.accept(desk.plan(), "bea")
    assert (desk.held(asked).span, desk.held(asked).state) == (on(1, 10, 12), State.APPROVED)


@pytest.mark.parametrize(("changes", "field"), [
    ({"reason": ""}, "reason"), ({"team": None}, "team"), ({"facility": None}, "facility"), ({"unit": "Z"}, "unit"),
    ({"team": "green"}, "team"), (on(2, 10, 12)._asdict(), "starts_at"), ({"interruption": "I-1"}, "facility"),
    ({"reservation": "0" * 8 + "-0000-0000-0000-" + "0" * 12}, "reservation"),
])
def test_what_is_wrong_with_a_priority_case(desk, changes, field):
    desk.ask("ann", on(1, 10, 12))
    wanted = RECALL | changes
    with pytest.raises(InvalidInput) as refusal:
        desk.give(handlers.start_replan, StartReplan, "mia", **wanted)
    assert list(refusal.value.facts["errors"]) == [field]


def test_only_who_manages_there_starts_a_priority_case(desk):
    desk.ask("ann", on(1, 10, 12))
    wanted = RECALL
    for actor in ("ann", "max"):
        with pytest.raises(NotAllowed):
            desk.give(handlers.start_replan, StartReplan, actor, **wanted)


def test_nobody_takes_time_from_others_for_the_own_team(desk):
    asked = desk.ask("ann", on(1, 10, 12))
    desk.give(handlers.start_replan, StartReplan, "mia", **RECALL)
    with pytest.raises(NotAllowed):
        desk.accept(desk.plan())
    assert place_of(desk.held(asked)) == ("LAB-3", "A", on(1, 10, 12))
    desk.accept(desk.plan(), "bea")
    assert desk.held(asked).facility == "LAB-4"


def test_the_same_base_gives_the_same_plan(desk):
    for hour in (8, 10, 12, 14):
        desk.ask("ann", on(1, hour, hour + 1))
    desk.tell(interruption(on(1, 0, 24)))
    replan = desk.plan()
    plans = {repr(greedy(desk.run(lambda uow, now: instance_of(replan, uow, now)))) for _ in range(3)}
    assert len(plans) == 1


def test_who_has_checked_in_is_not_moved(desk):
    asked = desk.ask("ann", on(0, 10, 12), "PLAT-05")
    desk.now = at(0, 9.9)
    desk.give(handlers.check_in_reservation, CheckInReservation, "ann", reservation=asked["id"])
    desk.tell(interruption(on(0, 10, 18), facility="PLAT-05"))
    (placement,) = desk.plan().plan.placements
    assert placement.reason == "begun"
