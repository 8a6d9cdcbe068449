"""Rivals: collected until the decision, then placed by ranking, by a manager or by draw."""

import pytest

from services.booking import handlers
from services.booking.domain.states import State
from services.contracts import events
from services.contracts.commands import (
    AcceptOffer,
    CancelReservation,
    CheckInReservation,
    ExtendReservation,
    JoinWaitList,
    MoveReservation,
    RequestSeries,
    WithdrawReservation,
)
from services.contracts.errors import DatesClash, InvalidInput, NotAllowed, NotFound, RuleBroken, SlotTaken, WrongState
from tests.unit.booking.examples import DAY, HOUR, NOW, away, command, on, person, request, team
from tests.unit.booking.fakes import overlapping
from tests.unit.booking.rival_examples import (
    DECISION,
    OTHERS,
    SPAN,
    allocate,
    ask,
    basis_of,
    collecting,
    decide,
    facts_of,
    state_of,
    told,
)
from tests.unit.booking.test_interruptions import interruption


@pytest.fixture
def base(base):
    return told(base, collecting(), *OTHERS)


def serve(base):
    while base.run(handlers.offer_freed, now=NOW):
        pass


def test_a_request_competes_and_holds_nothing(base):
    first, second = ask(base, "ann"), ask(base, "cyd")
    assert [first["state"], second["state"]] == ["competing", "competing"]
    assert first["decide_by"] == DECISION
    assert [claim[2] for claim in base.claims.values()] == [False, False]
    assert [(each.rivals, each.decide_by, each.allocation, each.fingerprint) for each in facts_of(
        base, events.ReservationCollected)] == [(0, DECISION, "manager", None), (1, DECISION, "manager", None)]


def test_after_the_decision_time_who_comes_first_gets_what_is_left(base):
    late = ask(base, "ann", on(1, 8, 10))
    assert late["state"] == "requested"
    with pytest.raises(SlotTaken):
        ask(base, "cyd", on(1, 8, 10))


def test_it_passes_the_rules_and_finds_room_beside_what_is_held(base):
    with pytest.raises(RuleBroken):
        ask(base, "ann", on(3, 6, 8))
    with pytest.raises(RuleBroken):
        ask(base, "ann", on(3, 6, 8), exception="an audit")
    won = ask(base, "ann")
    allocate(base, "mia", won)
    with pytest.raises(SlotTaken):
        ask(base, "cyd")


def test_a_deadline_must_be_a_date_not_before_the_run(base):
    for wrong in ("2026-02-30", "2026-11-25"):
        with pytest.raises(InvalidInput) as refusal:
            ask(base, "ann", needed_by=wrong)
        assert list(refusal.value.facts["errors"]) == ["needed_by"]
    assert ask(base, "ann", needed_by="2026-11-26")["state"] == "competing"


def test_a_manager_gives_it_to_one_and_the_others_are_passed_over(base):
    first, second, third = ask(base, "ann"), ask(base, "dan", on(3, 11, 13)), ask(base, "eve", on(3, 15, 17))
    answer = allocate(base, "mia", first)
    assert answer["state"] == "approved"
    assert state_of(base, second) is State.REJECTED
    assert state_of(base, third) is State.COMPETING, "it is no rival"
    [passed] = facts_of(base, events.ReservationPassedOver)
    assert (passed.reservation, passed.by, passed.rank, passed.rivals, passed.actor) == (
        second["id"], "manager", 2, 1, "mia")
    assert passed.alternatives[0]["starts_at"] != on(3, 11, 13).starts_at
    [given] = facts_of(base, events.ReservationAllocated)
    assert (given.reservation, given.by, given.rivals, given.decide_by) == (first["id"], "manager", 1, None)
    assert not overlapping(base)


def test_who_is_passed_over_comes_onto_the_wait_list_by_rank(base):
    answers = [ask(base, who) for who in ("ann", "dan", "eve")]
    decide(base, DECISION)
    told_of = {each.reservation: each for each in facts_of(base, events.ReservationPassedOver)}
    entries = [base.wait_entries[told_of[each["id"]].wait_entry] for each in answers[1:]]
    assert [(each.team, each.rank, each.window) for each in entries] == [("green", 2, SPAN), ("gold", 3, SPAN)]
    assert [told_of[each["id"]].position for each in answers[1:]] == [1, 2]


def test_joining_the_wait_list_is_no_way_around_the_rivals(base):
    ask(base, "ann")
    base.run(handlers.join_wait_list, command(
        JoinWaitList, "dan", facility="LAB-3", team="green", purpose="p", **SPAN._asdict()), now=NOW)
    serve(base)
    assert not [each for each in base.reservations.values() if each.state is State.OFFERED]


def test_who_lost_is_offered_what_the_winner_gives_back(base):
    first, second = ask(base, "ann"), ask(base, "dan")
    allocate(base, "mia", first)
    base.run(handlers.cancel_reservation, command(CancelReservation, "ann", reservation=first["id"]), now=NOW)
    serve(base)
    assert {each.team: each.state for each in base.reservations.values() if each.id != second["id"]} == {
        "red": State.CANCELLED, "green": State.OFFERED}
    offered = next(each for each in base.reservations.values() if each.state is State.OFFERED)
    answer = base.run(handlers.accept_offer, command(AcceptOffer, "dan", reservation=offered.id), now=NOW)
    assert answer["state"] == "requested"


def test_those_with_room_go_on_competing(base):
    first, middle, last = (ask(base, who, span) for who, span in (
        ("ann", on(3, 8, 10)), ("dan", on(3, 10, 12)), ("eve", on(3, 12, 14))))
    allocate(base, "mia", first, reason="so")
    assert [state_of(base, each) for each in (first, middle, last)] == [
        State.APPROVED, State.REJECTED, State.COMPETING]


def test_who_departs_from_the_ranking_says_why(base):
    first, second = ask(base, "ann"), ask(base, "dan", now=NOW + HOUR)
    with pytest.raises(InvalidInput):
        allocate(base, "mia", second, now=NOW + HOUR)
    last = ask(base, "eve", on(3, 12, 14), now=NOW + 2 * HOUR)
    allocate(base, "mia", second, now=NOW + 2 * HOUR, reason="the sample spoils")
    assert state_of(base, last) is State.REJECTED, "the buffers keep them apart"
    assert state_of(base, first) is State.REJECTED
    assert {each.reason for each in facts_of(base, events.ReservationPassedOver)} == {"the sample spoils"}
    assert basis_of(base, first)["winner"]["rank"] == 2
    assert basis_of(base, second)["reason"] == "the sample spoils"


def test_only_who_manages_may_and_not_among_rivals_of_their_own(base):
    first = ask(base, "ann")
    with pytest.raises(NotFound):
        allocate(base, "max", first)
    with pytest.raises(NotAllowed):
        allocate(base, "bob", first)
    ask(base, "cyd")
    with pytest.raises(NotAllowed):
        allocate(base, "mia", first)
    assert allocate(base, "bea", first)["state"] == "approved"


def test_a_delegate_decides_in_the_managers_stead(base):
    told(base, person("mia", "facility_manager", manages=("LAB-3",), version=2, away=away("max")))
    answer = ask(base, "ann")
    allocate(base, "max", answer)
    assert base.history[answer["id"]][-1].basis["for"] == "mia"


def test_what_is_decided_or_withdrawn_cannot_be_allocated(base):
    first, second = ask(base, "ann"), ask(base, "dan")
    base.run(handlers.withdraw_reservation, command(WithdrawReservation, "dan", reservation=second["id"]), now=NOW)
    with pytest.raises(WrongState):
        allocate(base, "mia", second | {"version": 2})
    assert allocate(base, "mia", first)["state"] == "approved"
    assert not facts_of(base, events.ReservationPassedOver)


def test_nobody_decided_so_the_ranking_does(base):
    key = {"code": "green-p", "name": "n", "priority": "key"}
    green = team("green", "dan", company="C2", version=2)
    green.projects[:] = [key]
    told(base, green)
    first, second = ask(base, "ann"), ask(base, "dan", project="green-p")
    decide(base, DECISION - HOUR)
    assert state_of(base, first) is State.COMPETING
    decide(base, DECISION)
    assert (state_of(base, first), state_of(base, second)) == (State.REJECTED, State.REQUESTED)
    assert base.reservations[second["id"]].awaits == "manager", "the ranking allocates, and does not approve"
    kept = basis_of(base, first)
    assert (kept["by"], kept["rank"], kept["of"], kept["winner"]["rank"]) == ("ranking", 2, 2, 1)
    assert {part["part"]: part["points"] for part in kept["winner"]["parts"]}["priority"] == 30
    assert all(set(part) == {"part", "points", "of"} for part in kept["winner"]["parts"]), "the rival's figures stay"


def test_without_rivals_it_is_simply_given(base):
    told(base, collecting(approval="automatic", version=3))
    only = ask(base, "ann")
    decide(base, DECISION)
    assert state_of(base, only) is State.APPROVED
    assert facts_of(base, events.ReservationAllocated)[0].rivals == 0


def test_all_get_it_where_all_have_room(base):
    told(base, collecting(units="AB", version=3))
    answers = [ask(base, who) for who in ("ann", "dan")]
    decide(base, DECISION)
    assert [state_of(base, each) for each in answers] == [State.REQUESTED] * 2
    assert not overlapping(base)


def test_what_breaks_a_rule_by_then_is_passed_over_with_the_rule(base):
    first, second = ask(base, "ann"), ask(base, "dan", on(3, 14, 16))
    told(base, interruption(on(3, 10, 12)))
    decide(base, DECISION + 4 * HOUR)
    assert (state_of(base, first), state_of(base, second)) == (State.REJECTED, State.REQUESTED)
    assert [each["rule"] for each in basis_of(base, first)["violations"]] == ["interrupted"]


def test_what_is_over_when_it_is_decided_at_last_is_passed_over(base):
    answer = ask(base, "ann")
    decide(base, SPAN.ends_at + HOUR)
    assert state_of(base, answer) is State.REJECTED
    assert [each["rule"] for each in basis_of(base, answer)["violations"]] == ["in_the_past"]


def test_notice_counts_from_the_asking(base):
    told(base, collecting(notice_minutes=36 * 60, version=3))
    answer = ask(base, "ann")
    decide(base, DECISION)
    assert state_of(base, answer) is State.REQUESTED


def test_what_is_due_is_decided_before_a_late_request_is_looked_at(base):
    early = ask(base, "ann")
    with pytest.raises(SlotTaken):
        ask(base, "dan", now=DECISION + HOUR)
    decide(base, DECISION + HOUR)
    assert state_of(base, early) is State.REQUESTED


def test_a_longer_request_that_begins_earlier_does_not_get_around_rivals(base):
    early = ask(base, "ann")
    late = ask(base, "dan", on(3, 8, 13), now=DECISION - HOUR)
    assert (late["state"], late["decide_by"]) == ("competing", DECISION)
    decide(base, DECISION)
    assert {state_of(base, early), state_of(base, late)} == {State.REQUESTED, State.REJECTED}


def test_moves_and_series_cannot_take_what_is_collected(base):
    held = base.run(handlers.request_reservation, request(span=on(3, 10, 12), facility="LAB-4"), now=NOW)
    with pytest.raises(RuleBroken) as refusal:
        base.run(handlers.move_reservation, command(
            MoveReservation, "ann", reservation=held["id"], version=1, facility="LAB-3"), now=NOW)
    assert [each["rule"] for each in refusal.value.facts["violations"]] == ["still_collected"]
    with pytest.raises(DatesClash):
        base.run(handlers.request_series, command(
            RequestSeries, "ann", facility="LAB-3", rule="FREQ=DAILY;COUNT=2", team="red", purpose="p",
            **on(3, 10, 12)._asdict()), now=NOW)


def test_a_move_to_a_longer_time_does_not_get_around_rivals_either(base):
    held = allocate(base, "mia", ask(base, "dan", on(3, 8, 9)))
    early = ask(base, "ann")
    longer = {"reservation": held["id"], "version": held["version"]}
    with pytest.raises(RuleBroken) as refusal:
        base.run(handlers.move_reservation, command(
            MoveReservation, "dan", ends_at=on(3, 8, 11).ends_at, **longer), now=DECISION - HOUR)
    (violation,) = refusal.value.facts["violations"]
    assert (violation["rule"], violation["facts"]["until"]) == ("still_collected", DECISION)
    assert all(each["starts_at"] >= SPAN.ends_at or each["ends_at"] <= SPAN.starts_at or each["facility"] != "LAB-3"
               for each in refusal.value.facts["alternatives"])
    base.run(handlers.withdraw_reservation, command(WithdrawReservation, "ann", reservation=early["id"]), now=NOW)
    moved = base.run(handlers.move_reservation, command(
        MoveReservation, "dan", ends_at=on(3, 8, 11).ends_at, **longer), now=DECISION - HOUR)
    assert moved["ends_at"] == on(3, 8, 11).ends_at


def test_nor_does_a_run_that_goes_on(base):
    told(base, collecting(version=3, allocation_hours=2))
    held = allocate(base, "mia", ask(base, "dan", on(3, 8, 9)))
    ask(base, "ann", on(3, 14, 16))
    runs = on(3, 8.5, 9).starts_at
    base.run(handlers.check_in_reservation, command(CheckInReservation, "dan", reservation=held["id"]), now=runs)
    with pytest.raises(RuleBroken) as refusal:
        base.run(handlers.extend_reservation, command(
            ExtendReservation, "dan", reservation=held["id"], ends_at=on(3, 8, 15).ends_at), now=runs)
    assert [each["rule"] for each in refusal.value.facts["violations"]] == ["still_collected"]
    (longest,) = refusal.value.facts["alternatives"]
    assert longest["ends_at"] == on(3, 8, 13).ends_at


def test_what_was_allocated_may_be_made_shorter_by_its_team(base):
    answer = ask(base, "ann")
    won = allocate(base, "mia", answer)
    moved = base.run(handlers.move_reservation, command(
        MoveReservation, "ann", reservation=won["id"], version=2, ends_at=on(3, 10, 11).ends_at), now=NOW)
    assert moved["state"] == "approved"


def test_asking_again_waits_anew_and_deciding_twice_changes_nothing(base):
    answer = ask(base, "ann")
    decide(base, DECISION)
    events_then = len(base.events)
    decide(base, DECISION + DAY)
    assert (len(base.events), base.reservations[answer["id"]].version) == (events_then, 2)


@pytest.fixture
def crowd(base):
    """Ten teams who may compete."""
    for number in range(10):
        told(base, person(f"p{number}"), team(f"t{number}", f"p{number}", company=f"T{number}"))
    return lambda span=SPAN, most=10: [
        base.run(handlers.request_reservation, request(f"p{number}", span, team=f"t{number}"), now=NOW)
        for number in range(most)
    ]


def test_where_ten_compete_the_next_is_shown_other_times_and_the_wait_list(base, crowd):
    crowd()
    with pytest.raises(RuleBroken) as refusal:
        ask(base, "ann", on(3, 11, 13))
    assert refusal.value.facts["violations"] == [
        {"rule": "too_many_rivals", "facts": {"most": 10}, "waivable_by": []}]
    others = refusal.value.facts["alternatives"]
    assert others
    assert all(each["ends_at"] <= SPAN.starts_at or each["starts_at"] >= SPAN.ends_at or each["facility"] != "LAB-3"
               for each in others)
    joined = base.run(handlers.join_wait_list, command(
        JoinWaitList, "ann", facility="LAB-3", team="red", purpose="p", **SPAN._asdict()), now=NOW)
    serve(base)
    assert joined["state"] == "waiting"
    assert not facts_of(base, events.ReservationOffered)
    assert ask(base, "ann", on(3, 14, 16))["state"] == "competing"


def test_as_many_more_may_compete_as_there_are_places(base, crowd):
    told(base, collecting(version=3, units="AB"))
    crowd()
    assert ask(base, "ann")["state"] == "competing"
    with pytest.raises(RuleBroken):
        ask(base, "dan")


def test_one_team_keeps_nobody_out(base, crowd):
    crowd(most=6)
    for actor in ("ann", "bob", "ann"):
        ask(base, actor)
    with pytest.raises(InvalidInput) as refusal:
        ask(base, "bob", on(3, 9, 11))
    assert refusal.value.facts["errors"] == {"starts_at": ["competes_already"]}
    assert ask(base, "cyd")["state"] == "competing"


def test_a_team_competes_with_ten_requests_at_most(base):
    told(base, collecting(version=3, notice_minutes=0, longest_minutes=60))
    for number in range(10):
        ask(base, "ann", on(3 if number < 5 else 2, 8 + 2 * (number % 5), 9 + 2 * (number % 5)))
    with pytest.raises(InvalidInput) as refusal:
        ask(base, "bob", on(4, 10, 11))
    assert refusal.value.facts["errors"] == {"team": ["competes_too_often"]}
    assert ask(base, "cyd", on(4, 10, 11))["state"] == "competing"
