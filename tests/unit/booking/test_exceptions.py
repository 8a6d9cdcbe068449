"""Asking to be excused from rules: who looks at it, what is kept, and what becomes of it later."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.booking import handlers
from services.booking.domain.rules import WAIVABLE_BY, Violation, are_excused
from services.booking.domain.wish import Wish
from services.contracts.commands import ApproveReservation, CancelReservation, MoveReservation
from services.contracts.errors import InvalidInput, NotAllowed, RuleBroken
from services.contracts.events import ReservationRequested
from tests.unit.booking.examples import NOW, at, command, facility_changed, lab_3, on, request

WHY = "the customer's audit is on Saturday"


@pytest.fixture
def ask(base):
    return lambda *arguments, **fields: base.run(handlers.request_reservation, request(*arguments, **fields), now=NOW)


@pytest.fixture
def give(base):
    def give(kind, actor, reservation, now=NOW, **fields):
        handler = {
            ApproveReservation: handlers.approve_reservation, MoveReservation: handlers.move_reservation}[kind]
        return base.run(handler, command(kind, actor, reservation=reservation["id"], **fields), now=now)

    return give


def test_an_exception_waits_even_where_requests_are_granted_at_once(base, ask, give):
    with pytest.raises(RuleBroken) as refusal:
        ask(facility="PLAT-05", span=on(1, 7, 10))
    assert refusal.value.facts["violations"][0]["waivable_by"]
    asked = ask(facility="PLAT-05", span=on(1, 7, 10), exception=WHY)
    assert (asked["state"], asked["awaits"]) == ("requested", "manager")
    kept = base.reservations[asked["id"]]
    assert ([waiver["rule"] for waiver in kept.waivers], kept.exception) == (["outside_opening_hours"], WHY)
    fact = base.events[-1]
    assert isinstance(fact, ReservationRequested)
    assert fact.waivers == ["outside_opening_hours"]
    assert base.history[asked["id"]][0].changed["waivers"] == ["outside_opening_hours"]
    assert give(ApproveReservation, "max", asked)["state"] == "approved"
    assert base.reservations[asked["id"]].waivers == kept.waivers


def test_what_managers_may_not_waive_goes_to_base_management(ask, give):
    asked = ask(span=on(91, 10, 12), exception=WHY)
    assert asked["awaits"] == "base"
    with pytest.raises(NotAllowed):
        give(ApproveReservation, "mia", asked)
    assert give(ApproveReservation, "bea", asked)["state"] == "approved"


@pytest.mark.parametrize(("span", "exception"), [
    (on(1, 7, 10), ""), (on(1, 7, 10), "  "), (on(0, 7, 10), WHY),
])
def test_without_a_reason_or_with_a_rule_that_nobody_may_waive_it_is_refused(ask, span, exception):
    with pytest.raises(RuleBroken):
        ask(span=span, exception=exception)


def test_a_reason_for_nothing_is_not_kept(base, ask):
    asked = ask(facility="PLAT-05", exception=WHY)
    assert asked["state"] == "approved"
    assert base.reservations[asked["id"]].exception == ""


class TestLater:
    @pytest.fixture
    def granted(self, ask, give):
        return give(ApproveReservation, "mia", ask(span=on(1, 7, 20), exception=WHY))

    def test_shortening_stays_granted_and_what_is_kept_again_is_no_exception_any_more(self, base, granted, give):
        shorter = give(MoveReservation, "ann", granted, version=2, ends_at=at(1, 18))
        assert shorter["state"] == "approved"
        assert {each["rule"] for each in base.reservations[granted["id"]].waivers} == {
            "too_long", "outside_opening_hours"}
        inside = give(MoveReservation, "ann", granted, version=3, starts_at=at(1, 10))
        assert (inside["state"], base.reservations[granted["id"]].waivers) == ("approved", ())

    def test_elsewhere_it_needs_an_exception_anew_and_waits_again(self, base, granted, give):
        there = {"version": 2, "starts_at": at(2, 7), "ends_at": at(2, 20)}
        with pytest.raises(RuleBroken):
            give(MoveReservation, "ann", granted, **there)
        moved = give(MoveReservation, "ann", granted, exception="moved audit", **there)
        assert (moved["state"], base.reservations[granted["id"]].exception) == ("requested", "moved audit")

    def test_even_whoever_would_decide_has_not_decided_about_an_exception_by_moving(self, granted, give):
        there = {"version": 2, "starts_at": at(2, 7), "ends_at": at(2, 20), "exception": WHY}
        assert give(MoveReservation, "mia", granted, **there)["state"] == "requested"

    def test_while_it_waits_the_same_exception_is_carried_along(self, base, ask, give):
        asked = ask(span=on(1, 7, 12), exception=WHY)
        moved = give(MoveReservation, "ann", asked, version=1, starts_at=at(2, 7), ends_at=at(2, 12))
        assert (moved["state"], base.reservations[asked["id"]].exception) == ("requested", WHY)
        with pytest.raises(RuleBroken):
            give(MoveReservation, "ann", asked, version=2, starts_at=at(2, 7), ends_at=at(2, 17))

    def test_to_a_place_where_it_breaks_nothing(self, base, granted, give):
        base.run(handlers.take_fact, facility_changed("LAB-4", version=2, opening_hours=[[[0, 1440]]] * 7,
                                                      longest_minutes=6000), now=NOW)
        moved = give(MoveReservation, "mia", granted, version=2, facility="LAB-4")
        assert (moved["state"], base.reservations[granted["id"]].waivers) == ("approved", ())


class TestNotice:
    """LAB-3 wants to hear of changes a day ahead and of cancelling two days ahead."""

    @pytest.fixture(autouse=True)
    def notice(self, base):
        rules = lab_3(version=2, change_notice_minutes=1440, cancel_notice_minutes=2880)
        base.run(handlers.take_fact, rules, now=NOW)

    @pytest.fixture
    def granted(self, ask, give):
        return give(ApproveReservation, "mia", ask(span=on(1, 14, 17)))

    def test_in_time_it_may_be_changed(self, granted, give):
        moved = give(MoveReservation, "ann", granted, version=2, starts_at=at(1, 13), now=at(0, 14))
        assert moved["state"] == "requested"

    def test_too_late_it_is_refused_here_and_to_elsewhere_but_may_be_shorter(self, granted, give):
        for fields in ({"starts_at": at(1, 13)}, {"facility": "LAB-4"}, {"ends_at": at(1, 18)}):
            with pytest.raises(RuleBroken) as refusal:
                give(MoveReservation, "ann", granted, version=2, now=at(0, 14.1), **fields)
            (violation,) = refusal.value.facts["violations"]
            assert (violation["rule"], violation["facts"]["until"]) == ("too_late_to_change", at(0, 14))
        assert give(MoveReservation, "ann", granted, version=2, ends_at=at(1, 16), now=at(1, 13))["state"] == "approved"

    def test_the_base_may_move_it_and_a_team_may_ask_for_an_exception(self, granted, give):
        asked = give(
            MoveReservation, "ann", granted, version=2, starts_at=at(1, 13), exception=WHY, now=at(0, 15))
        assert asked["state"] == "requested"
        assert give(MoveReservation, "mia", granted, version=3, starts_at=at(1, 12), now=at(0, 15))["version"] == 4

    def test_what_has_begun_may_go_on_for_longer(self, granted, give):
        assert give(MoveReservation, "mia", granted, version=2, ends_at=at(1, 18), now=at(1, 15))["state"] == "approved"

    def test_the_team_cancels_in_time_and_the_base_later_with_a_reason(self, base, granted):
        def cancel(actor, now, reason=""):
            message = command(CancelReservation, actor, reservation=granted["id"], reason=reason)
            return base.run(handlers.cancel_reservation, message, now=now)

        with pytest.raises(RuleBroken) as refusal:
            cancel("ann", NOW)
        assert [each["rule"] for each in refusal.value.facts["violations"]] == ["too_late_to_cancel"]
        with pytest.raises(InvalidInput):
            cancel("mia", NOW)
        assert cancel("mia", NOW, "power cut")["state"] == "cancelled"

    def test_in_time_no_reason_is_needed(self, base, ask, give):
        early = give(ApproveReservation, "mia", ask(span=on(3, 10, 12)))
        message = command(CancelReservation, "ann", reservation=early["id"])
        assert base.run(handlers.cancel_reservation, message, now=at(1, 10))["state"] == "cancelled"

    def test_who_is_of_the_team_and_of_the_base_acts_for_the_base_when_it_is_late(self, base, ask, give):
        own = give(ApproveReservation, "bea", ask("cyd", span=on(1, 10, 12)))
        late = command(CancelReservation, "mia", reservation=own["id"], reason="power cut")
        base.run(handlers.cancel_reservation, late, now=NOW)
        assert base.history[own["id"]][-1].basis["role"] == "facility_manager"


@given(st.lists(st.sampled_from(sorted(WAIVABLE_BY)), unique=True, min_size=1), st.booleans(), st.data())
def test_only_what_somebody_may_waive_or_has_waived_is_excused(rules, has_reason, data):
    waived = frozenset(data.draw(st.lists(st.sampled_from(rules))))
    wish = Wish(span=on(1, 10, 12), waived=waived, exception=WHY if has_reason else "")
    excused = are_excused([Violation(rule) for rule in rules], wish)
    assert excused == (set(rules) <= waived or (has_reason and all(WAIVABLE_BY[rule] for rule in rules)))
