"""A request that is collected, and how it came out among rivals, each told once to the team."""

from tests.unit.notify import situations


def told(notify, kind):
    return sorted((who, channel) for fact, who, channel in notify.told() if fact == kind)


def test_collected_and_passed_over_are_told_to_the_team_once(notify):
    assert [notify.hear(make().event) for make in (situations.collected, situations.passed_over)] == ["handled"] * 2
    for kind in ("ReservationCollected", "ReservationPassedOver"):
        mails = [who for who, channel in told(notify, kind) if channel == "email"]
        assert mails == ["lead01", "member01"]


def test_what_was_allocated_and_waits_is_told_to_who_approves_too(notify):
    assert notify.hear(situations.collected().event) == "handled"
    assert notify.hear(situations.allocated_and_waiting().event) == "handled"
    mails = [who for who, channel in told(notify, "ReservationAllocated") if channel == "email"]
    assert mails == ["lead01", "manager-labs", "member01"]
