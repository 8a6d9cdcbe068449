"""Samples of the steps of one reservation with the people around it, named for what has happened."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from services.contracts import events
from services.notify.samples.scene import NOW, SMT, situation, step, text


def requested():
    event = step(events.ReservationRequested, "requested", 1, decide_by=datetime(2026, 3, 4, 10, tzinfo=UTC))
    return situation(event)


def approved():
    return situation(step(events.ReservationApproved, "approved", actor="manager-labs", automatic=False))


def approved_automatically():
    return situation(step(events.ReservationApproved, "approved", 1, automatic=True))


def moved():
    """Into the night, so that it ends on another day."""
    event = step(
        events.ReservationMoved,
        "approved",
        3,
        starts_at=datetime(2026, 3, 6, 14, tzinfo=UTC),
        ends_at=datetime(2026, 3, 6, 22, tzinfo=UTC),
        former_facility="LINE-2",
        former_unit="1",
        former_starts_at=datetime(2026, 3, 5, 1, tzinfo=UTC),
        former_ends_at=datetime(2026, 3, 5, 4, 30, tzinfo=UTC),
        decide_by=None,
    )
    return situation(event, invited=("lead01", "member01"), former_facility=SMT)


def moved_and_waiting():
    before = moved()
    event = replace(before.event, state="requested", decide_by=datetime(2026, 3, 5, 10, tzinfo=UTC))
    return replace(before, event=event)


def swapped():
    """With a time of another team, of which nothing is told."""
    before = moved()
    event = step(
        events.ReservationSwapped,
        "approved",
        3,
        decide_by=None,
        **{name: value for name, value in vars(before.event).items() if name.startswith(("former_", "starts", "ends"))},
    )
    return situation(event, invited=("lead01", "member01"), former_facility=SMT)


def swapped_and_waiting():
    before = swapped()
    return replace(
        before, event=replace(before.event, state="requested", decide_by=datetime(2026, 3, 5, 10, tzinfo=UTC)))


def rejected():
    reason = "该时段安排设备校准。\n请改约 3 月 9 日以后。"
    return situation(step(events.ReservationRejected, "rejected", actor="manager-labs", reason=reason))


def withdrawn():
    return situation(step(events.ReservationWithdrawn, "withdrawn", actor="lead01"))


def moved_by_base():
    before = moved()
    event = replace(before.event, actor="manager-labs")
    return situation(event, invited=("lead01", "member01"), former_facility=SMT)


def cancelled():
    event = step(events.ReservationCancelled, "cancelled", 3, reason="样品未到")
    return situation(event, invited=("lead01", "member01"))


def cancelled_by_base():
    event = step(events.ReservationCancelled, "cancelled", 3, actor="manager-labs", reason="设备故障")
    return situation(event, invited=("lead01", "member01"))


def standing(state="approved"):
    """The reservation as it stands, with no step taken."""
    return step(events.ReservationEvent, state)


def asked_of_a_lead():
    """The member asks; the lead confirms first."""
    decide_by = datetime(2026, 3, 4, 10, tzinfo=UTC)
    return situation(step(events.ReservationRequested, "requested", 1, decide_by=decide_by, awaits="lead"))


def forwarded():
    """The lead has confirmed; the managers decide."""
    decide_by = datetime(2026, 3, 4, 10, tzinfo=UTC)
    return situation(
        step(events.ReservationForwarded, "requested", actor="lead01", decide_by=decide_by, awaits="manager")
    )


def escalated():
    decide_by = datetime(2026, 3, 4, 18, tzinfo=UTC)
    return situation(step(events.ReservationEscalated, "requested", actor="", decide_by=decide_by, awaits="base"))


def extended():
    former = datetime(2026, 3, 5, 4, tzinfo=UTC)
    event = step(events.ReservationExtended, "in_use", 4, former_ends_at=former)
    return situation(event, invited=("lead01", "member01"))


def overrun():
    return situation(step(events.ReservationOverran, "in_use", 4, actor="", next_reservation="x", next_team="team-02"))


def overrun_before():
    return situation(standing(), step="overrun_before")


def no_show():
    return situation(step(events.ReservationNoShow, "no_show", 3, actor=""))


def starts_soon():
    return situation(standing(), step="starts_soon")


def check_in_open():
    return situation(standing(), step="check_in_open")


def ends_soon():
    return situation(standing("in_use"), step="ends_soon")


def expired():
    return situation(step(events.ReservationExpired, "expired", actor=""))


def offered():
    """Time that the team waited for, held for two hours."""
    decide_by = datetime(2026, 3, 4, 3, tzinfo=UTC)
    wait_entry = "5a1f8f1f-3f57-4f4a-9c8e-0c7f1d523f57"
    return situation(step(
        events.ReservationOffered, "offered", 1, actor="", decide_by=decide_by, wait_entry=wait_entry))


def offer_expired():
    event = offered().event
    return situation(step(
        events.ReservationOfferExpired, "expired", 2, actor="", wait_entry=event.wait_entry, waits=True))


def offer_expired_again():
    before = offer_expired()
    return replace(before, event=replace(before.event, waits=False))


def offer_taken_back():
    """By an outage; the team keeps its place."""
    event = offered().event
    cause = {"kind": "outage", "facility": "LAB-1", "reason": {"zh-Hans": "压缩机故障", "en": "Compressor failure"}}
    return situation(step(
        events.ReservationOfferTakenBack, "expired", 2, actor="", wait_entry=event.wait_entry, waits=True,
        cause=cause))


def offer_taken_back_at_last():
    """By other hours; nothing of its window is left."""
    before = offer_taken_back()
    cause = {"kind": "hours", "facility": "LAB-1", "reason": {}}
    return replace(before, event=replace(before.event, waits=False, cause=cause))


def collected():
    """Competes with two others; a manager decides."""
    return situation(step(
        events.ReservationCollected, "competing", 1, decide_by=datetime(2026, 3, 4, 9, tzinfo=UTC),
        allocation="manager", rivals=2))


def collected_for_a_draw():
    before = collected()
    return replace(before, event=replace(before.event, allocation="draw", rivals=0, fingerprint="9f86d081884c7d65"))


def allocated():
    return situation(step(
        events.ReservationAllocated, "approved", 2, actor="manager-labs", by="manager", rivals=2,
        reason="样品易失效，需尽快测试"))


def allocated_and_waiting():
    """By the ranking; a manager still has to approve it."""
    return situation(step(
        events.ReservationAllocated, "requested", 2, actor="", by="ranking", rivals=1, awaits="manager",
        decide_by=datetime(2026, 3, 4, 10, tzinfo=UTC)))


def passed_over():
    """By a draw, with other times and a place on the wait list."""
    other = {"unit": "A", "why": "later"}
    alternatives = [
        other | {"facility": place, "starts_at": text(day, 1), "ends_at": text(day, 4)}
        for day, place in ((5, "LINE-2"), (6, "LAB-1"))
    ]
    return situation(step(
        events.ReservationPassedOver, "rejected", 2, actor="", by="draw", rank=2, rivals=2, alternatives=alternatives,
        wait_entry="5a1f8f1f-3f57-4f4a-9c8e-0c7f1d523f57", position=1))


def passed_over_by_a_manager():
    return situation(step(
        events.ReservationPassedOver, "rejected", 2, actor="manager-labs", by="manager", rank=1, rivals=1,
        reason="另一团队的样品易失效"))


def over():
    """Yesterday's time, approved by somebody who was late."""
    before = approved()
    event = replace(before.event, starts_at=NOW - timedelta(days=1), ends_at=NOW)
    return replace(before, event=event)


ALL = (
    requested,
    approved,
    approved_automatically,
    moved,
    moved_and_waiting,
    swapped,
    swapped_and_waiting,
    rejected,
    withdrawn,
    moved_by_base,
    cancelled,
    cancelled_by_base,
    expired,
    asked_of_a_lead,
    forwarded,
    escalated,
    extended,
    overrun,
    overrun_before,
    no_show,
    starts_soon,
    check_in_open,
    ends_soon,
    offered,
    offer_expired,
    offer_expired_again,
    offer_taken_back,
    offer_taken_back_at_last,
    collected,
    collected_for_a_draw,
    allocated,
    allocated_and_waiting,
    passed_over,
    passed_over_by_a_manager,
)
