"""The wait list: who waits for what, who is offered it when it comes free, and what becomes of the offer."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.booking import handlers
from services.booking.domain.states import State
from services.booking.domain.waiting import LEAST_TO_ANSWER, ORDINARY_RANK, EntryState
from services.booking.handlers.replan.computing import plan_at_once
from services.booking.handlers.waiting.joining import MOST_OPEN, put_on_list
from services.booking.handlers.waiting.offering import LOOK_AGAIN
from services.contracts import commands
from services.contracts.errors import InvalidInput, NotAllowed, NotFound, RuleBroken, StaleVersion, WrongState
from services.contracts.events import (
    QuotaChanged,
    ReservationApproved,
    ReservationDeclined,
    ReservationOffered,
    ReservationOfferExpired,
    ReservationRequested,
    WaitEntryLapsed,
)
from tests.unit.booking.examples import DAY, HOUR, NOW, at, command, facility_changed, lab_3, on, person, request, team
from tests.unit.booking.test_interruptions import interruption

MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)


def joining(actor="ann", span=None, facility="LAB-3", **fields):
    team = "blue" if actor in ("cyd", "mia") else "red"
    wanted = {"facility": facility, "team": team, "purpose": "85 ℃", **(span or on(1, 10, 12))._asdict()}
    return command(commands.JoinWaitList, actor, **wanted | fields)


class Waiting:
    """The small base with its clock and a list on LAB-3, which is taken tomorrow from ten to twelve."""

    def __init__(self, base):
        self.base, self.now, self.joined = base, NOW, 0
        self.settle()
        self.first = self.ask("mia")

    def run(self, handler, *arguments):
        return self.base.run(handler, *arguments, now=self.now)

    def ask(self, *arguments, **fields):
        return self.run(handlers.request_reservation, request(*arguments, **fields))

    def join(self, *arguments, **fields):
        self.joined += 1
        now = self.now + self.joined * timedelta(microseconds=1)
        return self.base.run(handlers.join_wait_list, joining(*arguments, **fields), now=now)

    def free(self, reservation=None, actor="mia"):
        self.run(handlers.withdraw_reservation, command(
            commands.WithdrawReservation, actor, reservation=(reservation or self.first)["id"]))
        self.settle()

    def settle(self):
        """What the timers do."""
        self.run(handlers.expire_offers)
        while self.base.run(handlers.offer_freed, now=self.now + SECOND):
            pass

    def answer(self, handler, kind, actor, entry, **fields):
        return self.run(handler, command(kind, actor, reservation=self.entry(entry).reservation, **fields))

    def accept(self, actor, entry, **fields):
        return self.answer(handlers.accept_offer, commands.AcceptOffer, actor, entry, **fields)

    def decline(self, actor, entry, **fields):
        return self.answer(handlers.decline_offer, commands.DeclineOffer, actor, entry, **fields)

    def leave(self, actor, entry, **fields):
        return self.run(handlers.leave_wait_list, command(
            commands.LeaveWaitList, actor, wait_entry=entry["id"], **fields))

    def entry(self, entry):
        return self.base.wait_entries[entry["id"]]

    def state(self, *entries):
        states = [str(self.entry(each).state) for each in entries]
        return states[0] if len(states) == 1 else states

    def offer(self, entry):
        return self.base.reservations[self.entry(entry).reservation]

    def told(self, *kinds):
        return [each for each in self.base.events if isinstance(each, kinds)]


@pytest.fixture
def lists(base):
    return Waiting(base)


class TestJoining:
    def test_the_place_is_kept_in_the_order_of_joining(self, lists):
        one = lists.join("ann")
        lists.now += MINUTE
        other = lists.join("cyd")
        assert [each.id for each in lists.base.run(lambda uow, now: uow.waiting.waiting("LAB-3", 9), now=NOW)] == [
            one["id"], other["id"]]
        assert (one["state"], one["minutes"], one["reservation"]) == ("waiting", 120, None)
        lists.settle()
        assert lists.state(one, other) == ["waiting", "waiting"]

    def test_time_that_is_free_already_is_offered_at_once(self, lists):
        entry = lists.join(span=on(1, 13, 15))
        lists.settle()
        assert lists.offer(entry).span == on(1, 13, 15)

    @pytest.mark.parametrize(("fields", "errors"), [
        ({"team": "blue"}, {"team": ["unknown_team"]}),
        ({"project": "blue-p"}, {"project": ["unknown_project"]}),
        ({"facility": "LAB-9"}, {"facility": ["unknown"]}),
        ({"unit": "Z"}, {"unit": ["unknown_unit"]}),
        ({"span": on(1, 12, 12)}, {"ends_at": ["ends_before_start"]}),
        ({"minutes": 180}, {"minutes": ["longer_than_window"]}),
        ({"span": on(1, 10, 10 + 24 * 94), "minutes": 60}, {"ends_at": ["out_of_range"]}),
        ({"span": on(1, 10, 24 * 365 * 70)}, {"ends_at": ["out_of_range"]}),
        ({"operator": "cyd"}, {"operator": ["not_in_team"]}),
        ({"profile": {"temperature": "hot"}}, None),
        ({"starts_at": at(1, 10) + timedelta(seconds=1)}, {"starts_at": ["not_whole_minutes"]}),
        ({"span": on(1, 20, 32), "minutes": 60}, None),
    ])
    def test_what_is_wrong_is_told(self, lists, fields, errors):
        with pytest.raises((InvalidInput, RuleBroken)) as refusal:
            lists.join(**fields)
        assert errors is None or refusal.value.facts["errors"] == errors

    @pytest.mark.parametrize(("fields", "rules"), [
        ({"span": on(1, 10, 10.5)}, ["too_short"]),
        ({"span": on(1, 8, 20), "minutes": 500}, ["not_whole_grid", "too_long"]),
        ({"span": on(5, 10, 12)}, ["outside_opening_hours"]),
        ({"span": on(-1, 10, 12)}, ["in_the_past", "outside_opening_hours"]),
        ({"span": on(99, 10, 12)}, ["beyond_horizon"]),
        ({"span": on(1, 10, 24 * 365)}, ["too_long", "outside_opening_hours"]),
        ({"span": on(1, 10, 12), "facility": "PLAT-05", "unit": "A"}, ["unit_not_choosable"]),
    ])
    def test_waiting_in_vain_is_refused_with_every_rule_in_the_way(self, lists, fields, rules):
        with pytest.raises(RuleBroken) as refusal:
            lists.join(**fields)
        assert [each["rule"] for each in refusal.value.facts["violations"]] == rules

    def test_what_may_pass_does_not_keep_anybody_from_waiting(self, lists):
        lists.run(handlers.take_fact, interruption(on(1, 8, 20), facility="LAB-3"))
        assert lists.state(lists.join()) == "waiting"

    def test_nobody_waits_twice_for_the_same_nor_too_often(self, lists):
        lists.join()
        with pytest.raises(InvalidInput) as refusal:
            lists.join("bob")
        assert refusal.value.facts["errors"] == {"starts_at": ["waits_already"]}
        for number in range(MOST_OPEN - 1):
            lists.join(span=on(1, 8, 20), minutes=60 + 30 * number)
        with pytest.raises(InvalidInput) as refusal:
            lists.join(span=on(2, 8, 20), minutes=60)
        assert refusal.value.facts["errors"] == {"team": ["waits_too_often"]}
        lists.join("cyd")

    def test_a_reservation_that_lost_comes_before_all_others(self, lists):
        ordinary = lists.join("ann")
        lost = replace(lists.base.reservations[lists.first["id"]], team="blue", requester="cyd")
        entry = lists.base.run(lambda uow, now: put_on_list(lost, uow, now, actor="mia", rank=1), now=NOW + DAY)
        assert (entry.minutes, entry.window, entry.rank, entry.requester) == (120, on(1, 10, 12), 1, "cyd")
        lists.free()
        assert lists.base.wait_entries[entry.id].state is EntryState.OFFERED
        assert lists.state(ordinary) == "waiting"


class TestLeaving:
    def test_who_leaves_is_passed_by(self, lists):
        one, other = lists.join("ann"), lists.join("cyd")
        assert lists.leave("bob", one)["state"] == "left"
        lists.free()
        assert lists.state(one, other) == ["left", "offered"]

    def test_only_the_team_and_only_while_it_waits(self, lists):
        entry = lists.join("ann")
        for actor, refusal in (("cyd", NotFound), ("mia", NotAllowed), ("nobody", NotAllowed)):
            with pytest.raises(refusal):
                lists.leave(actor, entry)
        with pytest.raises(StaleVersion):
            lists.leave("ann", entry, version=7)
        lists.free()
        with pytest.raises(WrongState):
            lists.leave("ann", entry)


class TestOffering:
    def test_the_first_gets_the_one_held_offer_and_one_fact(self, lists):
        one, other = lists.join("ann"), lists.join("cyd")
        lists.free()
        offered = lists.offer(one)
        assert (offered.state, offered.span, offered.team, offered.requester) == (
            State.OFFERED, on(1, 10, 12), "red", "ann")
        assert offered.decide_by == NOW + SECOND + timedelta(minutes=120)
        assert lists.state(one, other) == ["offered", "waiting"]
        (fact,) = lists.told(ReservationOffered)
        assert (fact.reservation, fact.decide_by, fact.wait_entry) == (offered.id, offered.decide_by, one["id"])
        (entry,) = lists.base.history[offered.id]
        assert entry.basis["wait_list"] == {
            "joined_at": NOW + timedelta(microseconds=1), "starts_at": at(1, 10),
            "ends_at": at(1, 12), "minutes": 120, "before": 0, "waiting": 2}

    def test_whoever_does_not_fit_is_passed_by_and_stays_first(self, lists):
        long, short = lists.join("ann", span=on(1, 8, 20), minutes=480), lists.join("cyd", span=on(1, 10, 12))
        lists.ask("mia", span=on(1, 15, 17))
        lists.free()
        assert lists.state(long, short) == ["waiting", "offered"]
        assert lists.base.history[lists.offer(short).id][0].basis["wait_list"]["before"] == 1

    def test_anywhere_in_the_window_the_earliest_start_that_the_rules_allow(self, lists):
        entry = lists.join("ann", span=on(1, 8, 20), minutes=240)
        lists.settle()
        assert lists.offer(entry).span == on(1, 13, 17)

    def test_two_get_what_one_gave_up(self, lists):
        one, other = (lists.join(each, span=on(1, 10, 13), minutes=60) for each in ("ann", "cyd"))
        lists.ask("mia", span=on(1, 14, 20))
        lists.free()
        assert [lists.offer(each).span for each in (one, other)] == [on(1, 10, 11), on(1, 12, 13)]
        lists.accept("ann", one)
        third = lists.join("cyd", span=on(1, 10, 13), minutes=120)
        assert lists.state(third) == "waiting"

    @pytest.mark.parametrize("step", ["cancel", "move", "shorten", "reject", "no_show", "expire", "check_out"])
    def test_every_way_to_give_time_up_is_noticed(self, lists, step):
        whole = lists.ask("mia", span=on(2, 10, 18))
        entry = lists.join("ann", span=on(2, 15, 18), minutes=120)
        lists.settle()
        assert lists.state(entry) == "waiting"
        if step in ("cancel", "no_show", "check_out"):
            lists.run(handlers.approve_reservation, command(
                commands.ApproveReservation, "bea", reservation=whole["id"]))
        if step == "cancel":
            lists.run(handlers.cancel_reservation, command(
                commands.CancelReservation, "mia", reservation=whole["id"]))
        elif step == "move":
            lists.run(handlers.move_reservation, command(
                commands.MoveReservation, "mia", reservation=whole["id"], version=1, **on(3, 10, 18)._asdict()))
        elif step == "shorten":
            lists.run(handlers.move_reservation, command(
                commands.MoveReservation, "mia", reservation=whole["id"], version=1, ends_at=at(2, 14)))
        elif step == "reject":
            lists.run(handlers.reject_reservation, command(
                commands.RejectReservation, "bea", reservation=whole["id"], reason="no"))
        elif step == "expire":
            lists.now = NOW + DAY
            lists.run(handlers.expire_due)
        elif step == "no_show":
            lists.now = at(2, 10.5)
            lists.run(handlers.mark_no_show, command(commands.MarkNoShow, "bea", reservation=whole["id"]))
        elif step == "check_out":
            lists.now = at(2, 10)
            lists.run(handlers.check_in_reservation, command(
                commands.CheckInReservation, "mia", reservation=whole["id"]))
            lists.now = at(2, 12)
            lists.run(handlers.check_out_reservation, command(
                commands.CheckOutReservation, "mia", reservation=whole["id"]))
        lists.settle()
        assert lists.offer(entry).span == on(2, 15, 17)

    def test_an_outage_that_ends_and_longer_hours_are_noticed(self, lists):
        lists.run(handlers.take_fact, interruption(on(2, 8, 20), facility="LAB-3"))
        hit, early = lists.join("ann", span=on(2, 10, 12)), lists.join("ann", span=on(3, 6, 21), minutes=480)
        lists.ask("mia", span=on(3, 10, 14))
        lists.settle()
        assert lists.state(hit, early) == ["waiting", "waiting"]
        lists.run(handlers.take_fact, interruption(facility="LAB-3", version=2))
        lists.settle()
        assert lists.state(hit, early) == ["offered", "waiting"]
        lists.run(handlers.take_fact, lab_3(version=2, opening_hours=[[[360, 1380]]] * 7))
        lists.settle()
        assert lists.state(early) == "waiting", "its window ends before it would fit"
        lists.run(handlers.take_fact, interruption(code="I-9", facility=None, kind="closure", version=1))
        assert ("LAB-3" in {code for _, code in lists.base.freed})

    def test_the_rules_of_the_one_who_waits_count(self, lists):
        lists.run(handlers.take_fact, QuotaChanged(
            version=1, quota="Q", scope="team", subject="red", kind=None, per="week", limit=60,
            off_peak_percent=100, peak_hours=[], active=True))
        poor, other = lists.join("ann"), lists.join("cyd")
        lists.free()
        assert lists.state(poor, other) == ["waiting", "offered"]

    def test_a_quota_of_one_week_leaves_the_next_one(self, lists):
        lists.run(handlers.take_fact, QuotaChanged(
            version=1, quota="Q", scope="team", subject="red", kind=None, per="week", limit=120,
            off_peak_percent=100, peak_hours=[], active=True))
        lists.ask("ann", span=on(2, 10, 12))
        entry = lists.join("ann", span=on(1, 8, 12 + 24 * 9), minutes=120)
        lists.settle()
        assert lists.offer(entry).span == on(7, 8, 10)

    def test_nothing_is_offered_that_begins_too_soon_to_answer(self, lists):
        entry = lists.join("ann")
        lists.now = at(1, 10) - LEAST_TO_ANSWER + MINUTE
        lists.free()
        assert lists.state(entry) == "lapsed"
        assert [each.wait_entry for each in lists.told(WaitEntryLapsed)] == [entry["id"]]

    def test_an_offer_is_held_no_longer_than_the_time_may_be_asked_for(self, lists):
        lists.run(handlers.take_fact, lab_3(version=2, notice_minutes=60))
        entry = lists.join("ann")
        lists.now = at(1, 8)
        lists.free()
        assert lists.offer(entry).decide_by == at(1, 9)

    def test_without_news_it_is_looked_again_later(self, lists):
        lists.run(handlers.take_fact, lab_3(version=2, horizon_days=3))
        entry = lists.join("ann", span=on(3, 8, 20), minutes=240)
        lists.base.wait_entries[entry["id"]] = replace(lists.entry(entry), window=on(4, 8, 20))
        lists.settle()
        assert lists.state(entry) == "waiting"
        assert lists.base.freed == [(NOW + SECOND + LOOK_AGAIN, "LAB-3")]
        lists.now = NOW + DAY
        lists.settle()
        assert lists.offer(entry).span == on(4, 8, 12)

    def test_who_may_no_longer_ask_for_the_team_is_taken_off(self, lists):
        entry = lists.join("bob")
        lists.run(handlers.take_fact, team("red", "ann", version=2))
        lists.free()
        assert lists.state(entry) == "lapsed"

    def test_who_has_left_the_base_is_taken_off(self, lists):
        entry = lists.join("bob")
        lists.run(handlers.take_fact, person("bob", version=2, active=False))
        lists.free()
        assert lists.state(entry) == "lapsed"


class TestAnswering:
    def test_accepting_goes_the_way_of_a_request(self, lists):
        entry = lists.join("ann")
        lists.free()
        answer = lists.accept("bob", entry)
        assert (answer["state"], answer["awaits"], answer["unit"]) == ("requested", "manager", "A")
        assert lists.state(entry) == "served"
        assert [each.reservation for each in lists.told(ReservationRequested)][-1] == answer["id"]
        assert lists.base.claims[answer["id"]][2]

    def test_where_nobody_is_asked_it_is_approved(self, lists):
        taken = [lists.ask("mia", facility="PLAT-05", span=on(1, 8, 16)) for _ in "AB"]
        entry = lists.join("ann", facility="PLAT-05", span=on(1, 8, 16))
        lists.run(handlers.cancel_reservation, command(
            commands.CancelReservation, "mia", reservation=taken[1]["id"]))
        lists.settle()
        assert lists.accept("ann", entry)["state"] == "approved"
        assert lists.told(ReservationApproved)[-1].automatic

    def test_accepting_twice_and_declining_afterwards_is_too_late(self, lists):
        entry = lists.join("ann")
        lists.free()
        lists.accept("ann", entry)
        for again in (lists.accept, lists.decline):
            with pytest.raises(WrongState):
                again("ann", entry)

    def test_only_the_team_answers(self, lists):
        entry = lists.join("ann")
        lists.free()
        for actor, refusal in (("cyd", NotFound), ("mia", NotAllowed), ("bea", NotAllowed)):
            for answer in (lists.accept, lists.decline):
                with pytest.raises(refusal):
                    answer(actor, entry)
        with pytest.raises(StaleVersion):
            lists.accept("ann", entry, version=2)

    def test_the_rules_of_the_moment_count(self, lists):
        entry = lists.join("ann")
        lists.free()
        lists.run(handlers.take_fact, facility_changed("LAB-3", version=2, shortest_minutes=240))
        with pytest.raises(RuleBroken) as refusal:
            lists.accept("ann", entry)
        assert [each["rule"] for each in refusal.value.facts["violations"]] == ["too_short"]
        assert lists.state(entry) == "offered"

    def test_declining_leaves_the_list_and_serves_the_next(self, lists):
        one, other = lists.join("ann"), lists.join("cyd")
        lists.free()
        lists.decline("bob", one)
        lists.settle()
        assert lists.state(one, other) == ["left", "offered"]
        assert [each.wait_entry for each in lists.told(ReservationDeclined)] == [one["id"]]

    def test_without_an_answer_the_next_is_served_and_one_waits_on_at_the_end(self, lists):
        one, other = lists.join("ann"), lists.join("cyd")
        lists.free()
        lists.now = lists.offer(one).decide_by
        with pytest.raises(WrongState):
            lists.accept("ann", one)
        lists.settle()
        assert lists.state(one, other) == ["waiting", "offered"]
        assert lists.entry(one).rank == ORDINARY_RANK
        assert [each.waits for each in lists.told(ReservationOfferExpired)] == [True]
        lists.now = lists.offer(other).decide_by
        lists.settle()
        assert lists.state(one, other) == ["offered", "waiting"]
        lists.now = lists.offer(one).decide_by
        lists.settle()
        assert lists.state(one, other) == ["lapsed", "offered"], "after two offers without an answer"
        assert [each.waits for each in lists.told(ReservationOfferExpired)] == [True, True, False]
        assert not lists.told(WaitEntryLapsed), "one fact tells it"

    def test_what_is_held_stands_in_the_way_of_everybody(self, lists):
        lists.join("ann")
        lists.free()
        with pytest.raises(Exception, match="taken"):
            lists.ask("cyd")

    def test_a_window_that_is_over_is_told_once(self, lists):
        entry = lists.join("ann")
        lists.settle()
        lists.now = at(1, 10) + HOUR
        lists.settle()
        lists.settle()
        assert lists.state(entry) == "lapsed"
        assert len(lists.told(WaitEntryLapsed)) == 1

    def test_an_offer_that_an_outage_hits_cannot_be_accepted_and_is_no_part_of_the_plan(self, lists):
        entry = lists.join("ann")
        lists.free()
        hit = lists.ask("cyd", span=on(1, 14, 16))
        lists.run(handlers.take_fact, interruption(on(1, 9, 18), facility="LAB-3"))
        lists.run(plan_at_once)
        (replan,) = [each for each, _ in lists.base.replans.values()]
        assert [each.reservation for each in replan.plan.placements] == [hit["id"]]
        with pytest.raises(RuleBroken) as refusal:
            lists.accept("ann", entry)
        assert [each["rule"] for each in refusal.value.facts["violations"]] == ["interrupted"]
