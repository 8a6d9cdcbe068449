"""Stages of approval: who is asked, who may answer, and where each answer leads."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.booking import handlers
from services.booking.domain import approval
from services.booking.domain.reservation import Reservation, Route
from services.booking.domain.rights import Person, decides
from services.booking.domain.rules import WAIVABLE_BY
from services.booking.domain.run import Run
from services.booking.domain.spans import Span
from services.booking.domain.states import State
from services.contracts.commands import ApproveReservation, MoveReservation, RejectReservation
from services.contracts.errors import NotAllowed, NotFound
from services.contracts.events import (
    ReservationApproved,
    ReservationEscalated,
    ReservationExpired,
    ReservationForwarded,
    ReservationRequested,
)
from tests.unit.booking.examples import (
    DAY,
    HOUR,
    LABS,
    NOW,
    at,
    away,
    command,
    lab_3,
    on,
    person,
    request,
    team,
)
from tests.unit.booking.test_rules import facility

STAGES = [{"by": "lead"}, {"by": "manager"}, {"by": "base", "above_minutes": 240, "on_hazard": True}]
MATERIAL = {
    "code": "material", "names": {}, "kind": "choice", "required": False, "hazard": ["solvent"],
    "choices": [{"code": "solvent"}, {"code": "none"}],
}


def staged(**changes):
    return lab_3(version=2, approval="stages", stages=STAGES, questions=[MATERIAL], **changes)


def asked_for(span=None, answers=(), **changes):
    return Reservation(**{
        "id": "r", "version": 1, "state": State.REQUESTED, "facility": "LAB-3", "unit": "A",
        "span": span or on(1, 10, 12), "team": "red", "project": None, "purpose": "p", "requester": "ann",
        "run": Run(answers=dict(answers)), **changes,
    })


@pytest.mark.parametrize(("approves", "hours", "answers", "stages"), [
    ("automatic", 2, {}, ()),
    ("automatic", 2, {"material": "solvent"}, ("manager",)),
    ("manager", 2, {}, ("manager",)),
    ("manager", 2, {"material": "solvent"}, ("manager",)),
    ("stages", 2, {}, ("lead", "manager")),
    ("stages", 4, {"material": "none"}, ("lead", "manager")),
    ("stages", 4.5, {}, ("lead", "manager", "base")),
    ("stages", 2, {"material": "solvent"}, ("lead", "manager", "base")),
])
def test_who_is_asked(approves, hours, answers, stages):
    rules = facility(approval=approves, stages=STAGES, questions=[MATERIAL])
    assert approval.stages_of(asked_for(on(1, 10, 10 + hours), answers), rules) == stages


@pytest.mark.parametrize(("approves", "rules", "stages"), [
    ("automatic", ["too_long"], ("manager",)), ("manager", ["too_long"], ("manager",)),
    ("manager", ["too_long", "beyond_horizon"], ("base",)), ("automatic", ["beyond_horizon"], ("base",)),
    ("stages", ["too_long"], ("lead", "manager")), ("stages", ["beyond_horizon"], ("lead", "manager", "base")),
])
def test_an_exception_goes_to_those_who_may_waive_all_of_it(approves, rules, stages):
    waivers = tuple({"rule": rule, "facts": {}} for rule in rules)
    assert approval.stages_of(asked_for(waivers=waivers), facility(approval=approves, stages=STAGES)) == stages


def test_where_no_stage_applies_it_is_granted_at_once_unless_there_is_a_hazard():
    rules = facility(approval="stages", stages=[{"by": "base", "above_minutes": 240}], questions=[MATERIAL])
    assert approval.begun(asked_for(), rules, NOW, 1).state is State.APPROVED
    assert approval.begun(asked_for(answers={"material": "solvent"}), rules, NOW, 1).awaits == "manager"


facilities_in_stages = st.lists(
    st.fixed_dictionaries({
        "by": st.sampled_from(approval.STAGES), "above_minutes": st.sampled_from([0, 60, 240]),
        "on_hazard": st.booleans(),
    }), max_size=3, unique_by=lambda stage: stage["by"],
).map(lambda stages: facility(approval="stages", stages=stages, questions=[MATERIAL]))
requests_in_stages = st.builds(
    asked_for, span=st.integers(1, 40).map(lambda hours: on(1, 8, 8 + hours)),
    answers=st.sampled_from([{}, {"material": "none"}, {"material": "solvent"}]),
    route=st.builds(Route, by_lead=st.booleans()),
    waivers=st.lists(st.sampled_from([rule for rule, roles in WAIVABLE_BY.items() if roles]), max_size=2).map(
        lambda rules: tuple({"rule": rule, "facts": {}} for rule in rules)),
)


@given(facilities_in_stages, requests_in_stages, st.lists(st.sampled_from(["lead", "facility_manager", "admin"])))
def test_agreement_goes_up_the_stages_and_ends(rules, asked, roles):
    """Each answer raises the version by one and leads to a later stage; base management ends it; nothing is skipped."""
    waiting, passed = approval.begun(asked, rules, NOW, 1), []
    called = approval.stages_of(asked, rules)
    for role in (*roles, "admin"):
        if waiting.state is not State.REQUESTED:
            break
        passed.append(waiting.awaits)
        after = approval.agreed_to(waiting, role, rules, NOW, 1)
        assert after.version == waiting.version + 1
        assert role != "admin" or after.state is State.APPROVED
        waiting = after
    assert waiting.state is State.APPROVED
    assert passed == sorted(passed, key=approval.STAGES.index)
    assert set(passed) <= set(called)
    assert not (asked.route.by_lead and "lead" in passed)
    if asked.waivers:
        assert passed
    assert {each["state"] for each in approval.progress(waiting)} <= {"done", "skipped"}


@given(facilities_in_stages, requests_in_stages, st.integers(0, 5))
def test_nobody_is_waited_for_beyond_the_start_and_base_management_is_asked_once(rules, asked, hours):
    now = asked.span.starts_at - hours * HOUR
    rules = replace(rules, escalation_hours=2)
    waiting = approval.begun(asked, rules, now, 1)
    if waiting.state is State.APPROVED:
        return
    assert now < waiting.decide_by <= (asked.span.starts_at if hours else asked.span.ends_at)
    if approval.may_escalate(waiting, rules, now):
        higher = approval.escalated(waiting, rules, now, 1)
        assert (higher.awaits, higher.version) == ("base", waiting.version + 1)
        assert not approval.may_escalate(higher, rules, now)
        assert approval.agreed_to(higher, "base_manager", rules, now, 1).state is State.APPROVED
        told = approval.progress(higher)
        assert told[-1] == {"stage": "base", "state": "waiting"}
        assert {"stage": waiting.awaits, "state": "unanswered"} in told
    else:
        assert waiting.awaits == "base" or now >= asked.span.starts_at


ALONE = {"name": "", "active": True}
LEAD = Person(person="lea", teams={"red"}, leads={"red"}, **ALONE)
MANAGER = Person(person="mia", roles={"facility_manager"}, manages={"LAB-3"}, **ALONE)
BASE = Person(person="bea", roles={"base_manager"}, **ALONE)
MEMBER = Person(person="ann", teams={"red"}, **ALONE)
STRANGER = Person(person="cyd", teams={"blue"}, leads={"blue"}, **ALONE)


@pytest.mark.parametrize(("who", "stages"), [
    (LEAD, {"lead"}), (MANAGER, {"manager"}), (BASE, {"lead", "manager", "base"}), (MEMBER, set()), (STRANGER, set()),
    (replace(MEMBER, absent=(LEAD,)), {"lead"}), (replace(STRANGER, absent=(LEAD,)), set()),
    (replace(MEMBER, absent=(MANAGER,)), set()), (replace(MANAGER, manages=set(), absent=(MANAGER,)), {"manager"}),
    (replace(MANAGER, absent=(BASE,)), {"lead", "manager", "base"}),
])
def test_who_decides_at_which_stage(who, stages):
    """A delegate decides as far as they might see it anyhow: a member for a lead, somebody of the base for the base."""
    assert {stage for stage in approval.STAGES if decides(who, stage, "red", "LAB-3")} == stages


class TestOnTheBase:
    """Lea leads red, and LAB-3 asks in stages."""

    @pytest.fixture(autouse=True)
    def leads(self, base):
        for fact in (person("lea"), team("red", "ann", "bob", "lea", version=2, lead="lea"), staged()):
            base.run(handlers.take_fact, fact, now=NOW)

    @pytest.fixture
    def ask(self, base):
        return lambda *arguments, **fields: base.run(
            handlers.request_reservation, request(*arguments, **fields), now=NOW)

    @pytest.fixture
    def give(self, base):
        def give(kind, actor, reservation, now=NOW, **fields):
            handler = {
                ApproveReservation: handlers.approve_reservation, RejectReservation: handlers.reject_reservation,
                MoveReservation: handlers.move_reservation,
            }[kind]
            return base.run(handler, command(kind, actor, reservation=reservation["id"], **fields), now=now)

        return give

    def test_it_goes_from_the_lead_over_the_manager_to_base_management(self, base, ask, give):
        asked = ask("ann", on(1, 10, 15))
        assert asked["awaits"] == "lead"
        with pytest.raises(NotAllowed):
            give(ApproveReservation, "mia", asked)
        second = give(ApproveReservation, "lea", asked, now=NOW + HOUR)
        assert (second["state"], second["awaits"], second["decide_by"]) == ("requested", "manager", NOW + HOUR + DAY)
        with pytest.raises(NotAllowed):
            give(ApproveReservation, "lea", asked)
        third = give(ApproveReservation, "mia", asked)
        assert (third["state"], third["awaits"]) == ("requested", "base")
        assert give(ApproveReservation, "bea", asked)["state"] == "approved"
        assert [(type(fact), fact.version, getattr(fact, "awaits", None)) for fact in base.events] == [
            (ReservationRequested, 1, "lead"), (ReservationForwarded, 2, "manager"), (ReservationForwarded, 3, "base"),
            (ReservationApproved, 4, None),
        ]
        assert [entry.basis.get("stage") for entry in base.history[asked["id"]]] == [None, "lead", "manager", "base"]
        assert base.history[asked["id"]][0].basis["stages"] == ["lead", "manager", "base"]

    def test_a_lead_who_asks_has_agreed_and_history_says_so(self, base, ask, give):
        asked = ask("lea", team="red")
        assert asked["awaits"] == "manager"
        assert base.history[asked["id"]][0].basis["skipped"] == ["lead"]
        with pytest.raises(NotAllowed):
            give(ApproveReservation, "lea", asked)
        assert give(ApproveReservation, "mia", asked)["state"] == "approved"

    def test_any_stage_may_refuse_and_then_it_is_over(self, base, ask, give):
        asked = ask()
        assert give(RejectReservation, "lea", asked, reason="not this week")["state"] == "rejected"
        assert base.history[asked["id"]][-1].basis == {"role": "lead", "stage": "lead"}
        assert not base.claims[asked["id"]][2]

    def test_base_management_decides_for_good_at_any_stage(self, ask, give):
        assert give(ApproveReservation, "bea", ask())["state"] == "approved"

    def test_when_nobody_answers_base_management_is_asked_and_then_it_expires(self, base, ask, give):
        base.run(handlers.take_fact, replace(staged(escalation_hours=6), version=3), now=NOW)
        asked, other = ask("ann", on(4, 10, 12)), ask("ann", on(3, 10, 12))
        give(ApproveReservation, "lea", asked)
        assert base.run(handlers.expire_due, now=NOW + DAY) == 2
        fact = base.events[-1]
        assert isinstance(fact, ReservationEscalated)
        assert (fact.state, fact.awaits, fact.decide_by, fact.actor) == (
            "requested", "base", NOW + DAY + 6 * HOUR, "")
        with pytest.raises(NotAllowed):
            give(ApproveReservation, "mia", asked)
        assert give(ApproveReservation, "bea", asked, now=NOW + DAY + HOUR)["state"] == "approved"
        assert base.run(handlers.expire_due, now=NOW + DAY + 6 * HOUR) == 1
        assert isinstance(base.events[-1], ReservationExpired)
        assert (base.events[-1].reservation, base.events[-1].version) == (other["id"], 3)

    def test_a_change_that_is_more_than_shortening_begins_anew(self, ask, give):
        asked = ask()
        give(ApproveReservation, "lea", asked)
        shorter = give(MoveReservation, "ann", asked, version=2, ends_at=at(1, 11))
        assert (shorter["state"], shorter["awaits"]) == ("requested", "manager")
        approved = give(ApproveReservation, "mia", asked)
        assert give(MoveReservation, "ann", asked, version=4, starts_at=at(1, 9.5))["awaits"] == "lead"
        assert approved["state"] == "approved"

    def test_whoever_would_decide_has_decided_by_moving_it(self, ask, give):
        asked = ask()
        assert give(MoveReservation, "lea", asked, version=1, starts_at=at(1, 9))["awaits"] == "manager"
        give(ApproveReservation, "mia", asked)
        assert give(MoveReservation, "mia", asked, version=3, starts_at=at(1, 8))["awaits"] == "lead"
        give(ApproveReservation, "bea", asked)
        assert give(MoveReservation, "bea", asked, version=5, starts_at=at(1, 9))["state"] == "approved"


class TestOnLeave:
    def test_the_delegate_decides_and_history_says_for_whom(self, base):
        for fact in (person("max", "facility_manager", manages=("PLAT-05",), version=2),
                     person("mia", "facility_manager", manages=LABS, version=2, away=away("max"))):
            base.run(handlers.take_fact, fact, now=NOW)
        asked = base.run(handlers.request_reservation, request(), now=NOW)
        approve = command(ApproveReservation, "max", reservation=asked["id"])
        assert base.run(handlers.approve_reservation, approve, now=NOW)["state"] == "approved"
        assert base.history[asked["id"]][-1].basis == {"role": "facility_manager", "for": "mia", "stage": "manager"}

    @pytest.mark.parametrize("leave", [
        away("max", ends_at=NOW - 900 * DAY), away("max", starts_at=NOW + 9000 * DAY), None,
    ])
    def test_before_and_after_it_the_delegate_has_no_say(self, base, leave):
        base.run(handlers.take_fact, person("mia", "facility_manager", manages=LABS, version=2, away=leave), now=NOW)
        asked = base.run(handlers.request_reservation, request(), now=NOW)
        with pytest.raises(NotFound):
            base.run(handlers.approve_reservation, command(ApproveReservation, "max", reservation=asked["id"]), now=NOW)

    def test_nobody_approves_for_whom_they_stand_in(self, base):
        """Bea may decide everywhere, but not what Ann asked for while she stands in for Ann."""
        base.run(handlers.take_fact, person("ann", version=2, away=away("bea")), now=NOW)
        asked = base.run(handlers.request_reservation, request(), now=NOW)
        with pytest.raises(NotAllowed):
            base.run(handlers.approve_reservation, command(ApproveReservation, "bea", reservation=asked["id"]), now=NOW)


def test_time_scale_shortens_each_wait():
    rules = facility(approval="stages", stages=STAGES, escalation_hours=24)
    waiting = approval.begun(asked_for(Span(NOW + 9 * DAY, NOW + 9 * DAY + HOUR)), rules, NOW, 24)
    assert waiting.decide_by == NOW + HOUR
    assert approval.escalated(waiting, rules, NOW, 24).decide_by == NOW + timedelta(hours=1)
