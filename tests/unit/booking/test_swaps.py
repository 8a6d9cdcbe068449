"""Asking the holder of a time: who may, what is refused at once, how it ends, and what no side learns of the other."""

from dataclasses import replace

import pytest

from services.booking import handlers
from services.booking.domain.states import State
from services.booking.domain.swapping import AskState
from services.contracts.commands import (
    AcceptAsk,
    ApproveReservation,
    AskHolder,
    CancelReservation,
    DeclineAsk,
    MoveReservation,
    WithdrawAsk,
)
from services.contracts.errors import InvalidInput, NotAllowed, NotFound, RuleBroken, StaleVersion, WrongState
from services.contracts.events import (
    AskAnswered,
    HolderAsked,
    ReservationApproved,
    ReservationCancelled,
    ReservationRequested,
    ReservationSwapped,
)
from services.contracts.messaging import encoding
from tests.unit.booking.examples import DAY, HOUR, NOW, at, command, lab_1, lab_3, on, person, plat_05, request, team
from tests.unit.booking.swap_cases import SwapCases

MORNING, AFTERNOON = on(1, 9, 11), on(1, 14, 16)


class TestInMemory(SwapCases):
    @pytest.fixture
    def run(self, base):
        return lambda step: base.run(lambda uow, now: step(uow), now=NOW)


@pytest.fixture
def take(base):
    """Time that is approved for its requester."""
    def take(actor, span, facility="LAB-3", **fields):
        asked = base.run(handlers.request_reservation, request(actor, span, facility, **fields), now=NOW)
        if asked["state"] == "requested":
            decide = command(ApproveReservation, "bea", reservation=asked["id"])
            base.run(handlers.approve_reservation, decide, now=NOW)
        return asked["id"]

    return take


@pytest.fixture
def ask(base):
    def ask(actor="ann", now=NOW, facility="LAB-3", unit="A", starts_at=AFTERNOON.starts_at, **fields):
        message = command(AskHolder, actor, facility=facility, unit=unit, starts_at=starts_at, **fields)
        return base.run(handlers.ask_holder, message, now=now)

    return ask


@pytest.fixture
def swap(ask):
    return lambda mine, **fields: ask(**{"kind": "swap", "reservation": mine} | fields)


@pytest.fixture
def give_way(ask):
    def give_way(span=AFTERNOON, **fields):
        wish = {"team": "red", "purpose": "85 ℃", "wished_from": span.starts_at, "wished_until": span.ends_at}
        return ask(kind="give_way", **wish | fields)

    return give_way


@pytest.fixture
def answer(base):
    ways = {AcceptAsk: handlers.accept_ask, DeclineAsk: handlers.decline_ask, WithdrawAsk: handlers.withdraw_ask}

    def answer(kind, actor, asked, now=NOW, **fields):
        return base.run(ways[kind], command(kind, actor, ask=asked["id"], **fields), now=now)

    return answer


@pytest.fixture
def change(base):
    def change(**rules):
        base.run(handlers.take_fact, lab_3(version=2, **rules), now=NOW)

    return change


def where(base, *reservations):
    found = [base.reservations[each] for each in reservations]
    return [(each.facility, each.unit, each.span) for each in found]


def facts_of(base, kind):
    return [fact for fact in base.events if isinstance(fact, kind)]


def broken(refused):
    return [each["rule"] for each in refused.value.facts["violations"]]


# a swap


def test_each_takes_the_other_s_place(base, take, swap, answer):
    mine, theirs = take("ann", MORNING), take("cyd", AFTERNOON)
    asked = swap(mine, note="Our wafers arrive at noon.")
    assert (asked["state"], asked["expires_at"]) == ("asked", MORNING.starts_at)
    assert answer(AcceptAsk, "cyd", asked)["state"] == "accepted"
    assert where(base, mine, theirs) == [("LAB-3", "A", AFTERNOON), ("LAB-3", "A", MORNING)]
    assert [base.claims[each][1:] for each in (mine, theirs)] == [(on(1, 13.5, 16.5), True), (on(1, 8.5, 11.5), True)]


def test_each_keeps_its_own_length_from_the_other_s_start(base, take, swap, answer):
    mine, theirs = take("ann", on(1, 9, 10)), take("cyd", AFTERNOON)
    answer(AcceptAsk, "cyd", swap(mine))
    assert [span for *_, span in where(base, mine, theirs)] == [on(1, 14, 15), on(1, 9, 11)]


def test_across_facilities_and_units(base, take, swap, answer):
    mine, theirs = take("ann", MORNING, "LAB-1", unit="C"), take("cyd", AFTERNOON)
    answer(AcceptAsk, "cyd", swap(mine))
    assert where(base, mine, theirs) == [("LAB-3", "A", AFTERNOON), ("LAB-1", "C", MORNING)]


def test_what_changes_place_goes_back_to_approval_and_each_fact_is_of_its_own_side(base, take, swap, answer):
    mine, theirs = take("ann", MORNING), take("cyd", AFTERNOON)
    answer(AcceptAsk, "cyd", swap(mine))
    assert {base.reservations[each].state for each in (mine, theirs)} == {State.REQUESTED}
    first, second = facts_of(base, ReservationSwapped)
    told = [(each.reservation, each.actor, each.team, each.former_starts_at) for each in (first, second)]
    assert told == [(mine, "ann", "red", at(1, 9)), (theirs, "cyd", "blue", at(1, 14))]
    assert (first.awaits, first.decide_by) == ("manager", NOW + DAY)


def test_where_nobody_is_asked_both_stay_approved(base, take, swap, answer):
    mine, theirs = take("ann", MORNING, "PLAT-05"), take("cyd", AFTERNOON, "PLAT-05")
    answer(AcceptAsk, "cyd", swap(mine, facility="PLAT-05", unit=base.reservations[theirs].unit))
    assert {base.reservations[each].state for each in (mine, theirs)} == {State.APPROVED}
    assert [span for *_, span in where(base, mine, theirs)] == [AFTERNOON, MORNING]


def test_what_the_leads_of_both_sides_have_agreed_to_is_not_asked_again(base, take, swap, answer, change):
    mine, theirs = take("ann", MORNING), take("cyd", AFTERNOON)
    for fact in (team("red", "ann", "bob", version=2, lead="bob"), team("blue", "cyd", "mia", version=2, lead="mia")):
        base.run(handlers.take_fact, fact, now=NOW)
    base.run(handlers.take_fact, person("mia", version=2), now=NOW)
    change(approval="stages", stages=[{"by": "lead"}, {"by": "manager"}])
    answer(AcceptAsk, "mia", swap(mine, actor="bob"))
    assert {base.reservations[each].awaits for each in (mine, theirs)} == {"manager"}


def test_history_says_why_without_naming_the_other(base, take, swap, answer):
    mine, theirs = take("ann", MORNING), take("cyd", AFTERNOON)
    asked = swap(mine)
    answer(AcceptAsk, "cyd", asked)
    for reservation, side in ((mine, "asking"), (theirs, "asked")):
        entry = base.history[reservation][-1]
        assert (entry.action, entry.basis["swap"]) == ("swap", {"ask": asked["id"], "kind": "swap", "side": side})
        other = {"red": "blue", "blue": "red"}[base.reservations[reservation].team]
        assert other not in encoding.dumps(vars(entry)).decode()


def test_what_is_not_approved_yet_may_be_offered_too(base, take, swap, answer):
    asked = base.run(handlers.request_reservation, request("ann", MORNING), now=NOW)
    theirs = take("cyd", AFTERNOON)
    answer(AcceptAsk, "cyd", swap(asked["id"]))
    assert [span for *_, span in where(base, asked["id"], theirs)] == [AFTERNOON, MORNING]


# giving way


def test_the_holder_gives_the_time_up_and_what_was_asked_for_takes_it(base, take, give_way, answer):
    theirs = take("cyd", AFTERNOON)
    asked = give_way(on(1, 14, 17), project="red-p", people=2)
    answer(AcceptAsk, "cyd", asked)
    assert base.reservations[theirs].state is State.CANCELLED
    made = base.reservations[base.asks[asked["id"]].reservation]
    assert (made.team, made.span, made.state, made.run.people) == ("red", on(1, 14, 17), State.REQUESTED, 2)
    assert [fact.reservation for fact in facts_of(base, ReservationCancelled)] == [theirs]
    assert facts_of(base, ReservationRequested)[-1].actor == "ann"
    (told,) = facts_of(base, AskAnswered)
    assert (told.reservation, told.reservation_state, told.team) == (made.id, "requested", "red")
    for reservation, side in ((theirs, "asked"), (made.id, "asking")):
        assert base.history[reservation][-1].basis["swap"]["side"] == side


def test_or_goes_elsewhere_in_the_same_step(base, take, give_way, answer):
    theirs = take("cyd", AFTERNOON)
    asked = give_way()
    told = answer(AcceptAsk, "cyd", asked, facility="LAB-4", unit="A", starts_at=at(1, 14))
    assert (told["reservation"]["id"], told["reservation"]["facility"]) == (theirs, "LAB-4")
    assert where(base, theirs, base.asks[asked["id"]].reservation) == [
        ("LAB-4", "A", AFTERNOON), ("LAB-3", "A", AFTERNOON)]


def test_it_cannot_go_where_it_still_would_be_in_the_way(base, take, give_way, answer):
    theirs = take("cyd", AFTERNOON)
    asked = give_way()
    for starts_at, rules in ((at(1, 15), ["impossible_for_other"]), (at(1, 21), ["outside_opening_hours"])):
        with pytest.raises(RuleBroken) as refused:
            answer(AcceptAsk, "cyd", asked, starts_at=starts_at)
        assert broken(refused) == rules
    with pytest.raises(InvalidInput):
        answer(AcceptAsk, "cyd", asked, facility="LAB-9", starts_at=at(1, 8))
    assert where(base, theirs) == [("LAB-3", "A", AFTERNOON)]
    assert base.asks[asked["id"]].state is AskState.ASKED


@pytest.mark.parametrize(("there", "fields"), [
    (("LAB-1", "B", AFTERNOON), {"unit": "B"}),
    (("LAB-1", "A", on(1, 14, 15)), {"ends_at": at(1, 15), "unit": "A"}),
])
def test_whatever_it_names_of_another_place_it_goes_there(base, take, give_way, answer, there, fields):
    theirs = take("cyd", AFTERNOON, "LAB-1", unit="A")
    asked = give_way(on(1, 16, 18) if "ends_at" in fields else AFTERNOON, facility="LAB-1")
    assert answer(AcceptAsk, "cyd", asked, **fields)["reservation"]["state"] != "cancelled"
    assert where(base, theirs) == [there]


@pytest.mark.parametrize("fields", [
    {"unit": "A"}, {"ends_at": AFTERNOON.ends_at}, {"facility": "LAB-1"}, {"starts_at": AFTERNOON.starts_at},
])
def test_who_names_the_own_place_is_not_taken_to_give_it_up(base, take, give_way, answer, fields):
    theirs = take("cyd", AFTERNOON, "LAB-1", unit="A")
    for unit in "BCD":
        take("cyd", AFTERNOON, "LAB-1", unit=unit)
    asked = give_way(facility="LAB-1")
    with pytest.raises(RuleBroken) as refused:
        answer(AcceptAsk, "cyd", asked, **fields)
    assert broken(refused) == ["impossible_for_other"]
    assert base.reservations[theirs].state is State.APPROVED


def test_nobody_is_asked_to_give_way_where_there_is_room_beside(take, give_way):
    """On a facility that chooses the unit itself, the time of another would be given up for nothing."""
    take("cyd", AFTERNOON, "PLAT-05")
    with pytest.raises(InvalidInput) as refused:
        give_way(facility="PLAT-05")
    assert refused.value.facts["errors"] == {"wished_from": ["free_already"]}


def test_nor_is_it_given_up_once_there_is_room_beside(base, take, give_way, answer):
    theirs = [take("cyd", AFTERNOON, "PLAT-05") for _ in "AB"]
    asked = give_way(facility="PLAT-05", unit=base.reservations[theirs[0]].unit)
    base.run(handlers.cancel_reservation, command(CancelReservation, "cyd", reservation=theirs[1]), now=NOW)
    with pytest.raises(WrongState) as refused:
        answer(AcceptAsk, "cyd", asked)
    assert refused.value.facts == {"reason": "room_beside", "state": "asked"}
    assert base.reservations[theirs[0]].state is State.APPROVED


def test_an_automatic_facility_grants_it_at_once(base, take, give_way, answer):
    theirs = take("cyd", AFTERNOON, "PLAT-05")
    take("cyd", AFTERNOON, "PLAT-05")
    answer(AcceptAsk, "cyd", give_way(facility="PLAT-05", unit=base.reservations[theirs].unit))
    assert facts_of(base, ReservationApproved)[-1].team == "red"


# what is refused at once


@pytest.mark.parametrize(("fields", "errors"), [
    ({"facility": "LAB-9"}, {"facility": ["unknown"]}),
    ({"unit": "Z"}, {"unit": ["unknown_unit"]}),
    ({"starts_at": at(1, 15)}, {"starts_at": ["nobody_to_ask"]}),
    ({"starts_at": at(1, 9)}, {"starts_at": ["own_slot"]}),
    ({"reservation": None}, {"reservation": ["required"]}),
    ({"kind": "give_way"}, {name: ["required"] for name in ("team", "purpose", "wished_from", "wished_until")}),
    ({"kind": "give_way", "team": "blue", "purpose": "x", "wished_from": at(1, 15), "wished_until": at(1, 14)},
     {"team": ["unknown_team"], "wished_until": ["ends_before_start"]}),
    ({"kind": "give_way", "team": "red", "purpose": "x", "wished_from": at(1, 9), "wished_until": at(400, 9)},
     {"wished_until": ["out_of_range"]}),
    ({"kind": "give_way", "team": "red", "purpose": "x", "wished_from": at(2, 9), "wished_until": at(2, 10)},
     {"wished_from": ["not_this_time"]}),
])
def test_wrong_fields_are_named(take, swap, fields, errors):
    mine, _theirs = take("ann", MORNING), take("cyd", AFTERNOON)
    with pytest.raises(InvalidInput) as refused:
        swap(mine, **fields)
    assert refused.value.facts["errors"] == errors


def test_only_what_is_sure_and_to_come_may_be_asked_for(base, take, swap):
    """In what way it is not is not told: it would tell of its holder."""
    mine = take("ann", MORNING)
    waiting = base.run(handlers.request_reservation, request("cyd", AFTERNOON), now=NOW)
    step = take("cyd", on(1, 17, 18))
    base.reservations[step] = replace(base.reservations[step], campaign="c", campaign_step=1)
    for starts_at in (AFTERNOON.starts_at, at(1, 17)):
        with pytest.raises(InvalidInput) as refused:
            swap(mine, starts_at=starts_at)
        assert refused.value.facts["errors"] == {"starts_at": ["nobody_to_ask"]}
    assert base.reservations[waiting["id"]].state is State.REQUESTED


def test_only_an_own_reservation_that_is_to_come_may_be_offered(base, take, swap):
    mine, theirs = take("ann", MORNING), take("cyd", AFTERNOON)
    other = take("cyd", on(2, 9, 10))
    with pytest.raises(NotFound):
        swap(other)
    with pytest.raises(NotFound):
        swap(mine, actor="max")
    with pytest.raises(InvalidInput) as refused:
        swap(mine, now=at(1, 10))
    assert refused.value.facts["errors"] == {"reservation": ["cannot_be_given"]}
    assert where(base, theirs) == [("LAB-3", "A", AFTERNOON)]


def test_the_own_side_hears_what_it_would_break(take, swap):
    mine, _theirs = take("ann", on(1, 9, 11)), take("cyd", on(1, 19, 20))
    with pytest.raises(RuleBroken) as refused:
        swap(mine, starts_at=at(1, 19))
    assert broken(refused) == ["outside_opening_hours"]
    take("cyd", on(3, 9, 10))
    take("bob", on(3, 12, 13))
    with pytest.raises(RuleBroken) as refused:
        swap(take("ann", on(2, 9, 12)), starts_at=at(3, 9))
    assert broken(refused) == ["no_room_there"]


def test_of_the_other_side_it_hears_only_that_it_cannot(base, take, swap):
    mine, _theirs = take("ann", on(1, 9, 10)), take("cyd", on(1, 14, 18))
    take("bob", on(1, 11, 12))
    with pytest.raises(RuleBroken) as refused:
        swap(mine)
    assert refused.value.facts == {"violations": [
        {"rule": "impossible_for_other", "facts": {}, "waivable_by": []}], "alternatives": []}
    assert (base.asks, facts_of(base, HolderAsked)) == ({}, [])


def test_notice_binds_both_sides(base, take, swap, give_way, change):
    mine, _theirs = take("ann", AFTERNOON), take("cyd", MORNING)
    change(change_notice_minutes=25 * 60)
    with pytest.raises(RuleBroken) as refused:
        swap(mine, starts_at=MORNING.starts_at)
    assert broken(refused) == ["impossible_for_other"]
    base.run(handlers.take_fact, lab_3(version=3, cancel_notice_minutes=25 * 60), now=NOW)
    with pytest.raises(RuleBroken) as refused:
        give_way(MORNING, starts_at=MORNING.starts_at)
    assert broken(refused) == ["impossible_for_other"]


def test_a_team_asks_each_holder_once_and_three_at_most(take, swap, answer):
    mine = take("ann", MORNING)
    days = [take("cyd", on(day, 14, 16)) and at(day, 14) for day in (1, 2, 3, 4)]
    first = swap(mine, starts_at=days[0])
    with pytest.raises(InvalidInput) as refused:
        swap(mine, actor="bob", starts_at=days[0])
    assert refused.value.facts["errors"] == {"starts_at": ["already_asked"]}
    swap(mine, starts_at=days[1])
    swap(mine, starts_at=days[2])
    with pytest.raises(InvalidInput) as refused:
        swap(mine, starts_at=days[3])
    assert refused.value.facts["errors"] == {"kind": ["too_many_asks"]}
    answer(WithdrawAsk, "bob", first)
    swap(mine, starts_at=days[3])


def test_nobody_is_asked_for_the_same_over_and_over(base, take, swap, give_way, answer):
    mine, _theirs = take("ann", on(3, 9, 11)), take("cyd", on(3, 14, 16))
    there = {"starts_at": at(3, 14)}
    answer(WithdrawAsk, "ann", swap(mine, **there))
    answer(DeclineAsk, "cyd", give_way(on(3, 14, 16), **there, now=NOW + HOUR))
    answer(DeclineAsk, "cyd", swap(mine, **there, actor="bob", now=NOW + 2 * HOUR))
    base.run(handlers.take_fact, team("green", "ann"), now=NOW)
    for actor, hours in (("ann", 3), ("bob", 3), ("bob", 23)):
        with pytest.raises(InvalidInput) as refused:
            swap(mine, **there, actor=actor, now=NOW + hours * HOUR)
        assert refused.value.facts["errors"] == {"starts_at": ["asked_too_often"]}
    swap(mine, **there, now=NOW + DAY)


def test_who_asks_for_another_team_is_still_the_same_who_asks(base, take, give_way, answer):
    take("cyd", AFTERNOON)
    for fact in (team("green", "ann"), team("grey", "ann")):
        base.run(handlers.take_fact, fact, now=NOW)
    for code in ("red", "green", "red"):
        answer(DeclineAsk, "cyd", give_way(team=code))
    with pytest.raises(InvalidInput) as refused:
        give_way(team="grey")
    assert refused.value.facts["errors"] == {"starts_at": ["asked_too_often"]}


# how it ends


@pytest.fixture
def asked(take, swap):
    mine = take("ann", MORNING)
    theirs = take("cyd", AFTERNOON)
    return swap(mine) | {"mine": mine, "theirs": theirs}


def test_a_no_and_its_reason_reach_the_side_that_asked(base, asked, answer):
    answer(DeclineAsk, "cyd", asked, reason="The chips come at two.")
    (told,) = facts_of(base, AskAnswered)
    assert (told.state, told.reason, told.team, told.version) == ("declined", "The chips come at two.", "red", 2)
    assert where(base, asked["mine"], asked["theirs"]) == [("LAB-3", "A", MORNING), ("LAB-3", "A", AFTERNOON)]


@pytest.mark.parametrize(("kind", "actor", "error"), [
    (AcceptAsk, "ann", NotAllowed), (DeclineAsk, "bob", NotAllowed), (WithdrawAsk, "cyd", NotAllowed),
    (AcceptAsk, "max", NotFound), (WithdrawAsk, "bea", NotFound), (AcceptAsk, "nobody", NotAllowed),
])
def test_only_its_own_side_takes_each_step(asked, answer, kind, actor, error):
    with pytest.raises(error):
        answer(kind, actor, asked)


def test_what_is_over_stays_over(asked, answer):
    with pytest.raises(StaleVersion):
        answer(WithdrawAsk, "ann", asked, version=7)
    answer(WithdrawAsk, "ann", asked, version=1)
    for kind, actor in ((AcceptAsk, "cyd"), (DeclineAsk, "cyd"), (WithdrawAsk, "ann")):
        with pytest.raises(WrongState) as refused:
            answer(kind, actor, asked)
        assert refused.value.facts == {"reason": "ask_over", "state": "withdrawn"}


def test_nobody_answers_in_time(base, asked, answer):
    with pytest.raises(WrongState):
        answer(AcceptAsk, "cyd", asked, now=asked["expires_at"])
    assert base.run(handlers.lapse_asks, now=asked["expires_at"] - HOUR) == 0
    assert base.run(handlers.lapse_asks, now=asked["expires_at"]) == 1
    assert [told.state for told in facts_of(base, AskAnswered)] == ["lapsed"]
    assert base.run(handlers.lapse_asks, now=asked["expires_at"]) == 0


@pytest.mark.parametrize("side", ["mine", "theirs"])
def test_once_one_of_them_is_elsewhere_or_gone_it_has_lapsed(base, asked, answer, side):
    actor = {"mine": "ann", "theirs": "cyd"}[side]
    base.run(handlers.move_reservation, command(
        MoveReservation, actor, reservation=asked[side], version=2, starts_at=at(2, 9), ends_at=at(2, 11)), now=NOW)
    with pytest.raises(WrongState):
        answer(AcceptAsk, "cyd", asked)
    assert base.run(handlers.lapse_asks, now=NOW) == 1


def test_rules_are_looked_at_again_when_it_is_accepted(base, asked, answer, change):
    change(opening_hours=[[[720, 1200]]] * 7)
    with pytest.raises(RuleBroken) as refused:
        answer(AcceptAsk, "cyd", asked)
    assert broken(refused) == ["outside_opening_hours"]
    base.run(handlers.take_fact, lab_3(version=3, opening_hours=[[[480, 780]]] * 7), now=NOW)
    with pytest.raises(RuleBroken) as refused:
        answer(AcceptAsk, "cyd", asked)
    assert broken(refused) == ["impossible_for_other"]
    assert where(base, asked["mine"], asked["theirs"]) == [("LAB-3", "A", MORNING), ("LAB-3", "A", AFTERNOON)]


def test_of_two_who_ask_for_one_time_the_first_to_be_accepted_has_it(base, asked, answer, give_way):
    for fact in (person("gus"), team("green", "gus")):
        base.run(handlers.take_fact, fact, now=NOW)
    second = give_way(actor="gus", team="green")
    answer(AcceptAsk, "cyd", second)
    with pytest.raises(WrongState):
        answer(AcceptAsk, "cyd", asked)
    base.run(handlers.lapse_asks, now=NOW)
    assert base.asks[asked["id"]].state is AskState.LAPSED


def test_whose_asker_has_left_it_lapses(base, asked, answer):
    base.run(handlers.take_fact, person("ann", version=2, active=False), now=NOW)
    with pytest.raises(WrongState):
        answer(AcceptAsk, "cyd", asked)


def test_who_has_left_the_team_asks_for_it_no_more(base, asked, answer):
    base.run(handlers.take_fact, team("red", "bob", version=2), now=NOW)
    with pytest.raises(WrongState):
        answer(AcceptAsk, "cyd", asked)
    assert where(base, asked["theirs"]) == [("LAB-3", "A", AFTERNOON)]


def test_no_fact_of_one_side_holds_anything_of_the_other(base, take, swap, give_way, answer):
    mine = take("ann", MORNING, project="red-p", purpose="secret of red")
    theirs = take("cyd", AFTERNOON, purpose="secret of blue")
    known = len(base.events)
    answer(AcceptAsk, "cyd", swap(mine, note="please"))
    for reservation in (mine, theirs):
        base.run(handlers.approve_reservation, command(ApproveReservation, "bea", reservation=reservation), now=NOW)
    base.run(handlers.cancel_reservation, command(CancelReservation, "ann", reservation=mine), now=NOW)
    answer(DeclineAsk, "cyd", give_way(on(1, 9, 10), starts_at=at(1, 9)))
    of = {"red": (theirs, "cyd", "blue"), "blue": (mine, "ann", "red")}
    told = [fact for fact in base.events[known:] if fact.team in of]
    assert {type(fact).__name__ for fact in told} >= {"HolderAsked", "AskAnswered", "ReservationSwapped"}
    for fact in told:
        text = encoding.dumps(vars(fact)).decode()
        assert [word for word in of[fact.team] if f'"{word}"' in text or f"of {word}" in text] == []


def test_shared_limits_of_a_facility_count_both_sides(base, take, swap, answer):
    """Of 10 people at once six and five swap with each other, but not into each other."""
    for fact in (lab_1(version=2, most_people=10), plat_05(version=2, approval="manager")):
        base.run(handlers.take_fact, fact, now=NOW)
    mine = take("ann", MORNING, "LAB-1", unit="A", people=6)
    theirs = take("cyd", AFTERNOON, "LAB-1", unit="B", people=5)
    answer(AcceptAsk, "cyd", swap(mine, facility="LAB-1", unit="B"))
    assert where(base, mine, theirs) == [("LAB-1", "B", AFTERNOON), ("LAB-1", "A", MORNING)]
