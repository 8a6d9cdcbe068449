"""Who hears of time for which several ask: the team, and who approves what was allocated. Never a rival."""

from services.notify.domain.audience import Invitation, recipients
from services.notify.domain.webhooks import TOLD
from tests.unit.notify import situations


def told(situation):
    return [(each.person.person, str(each.part)) for each in recipients(situation)]


def test_the_team_hears_that_its_request_is_collected_also_who_asked():
    assert told(situations.collected()) == [("member01", "team"), ("lead01", "team")]
    assert {each.invitation for each in recipients(situations.collected())} == {Invitation.NONE}


def test_what_is_allocated_stands_in_the_calendar_and_what_waits_is_told_to_who_approves():
    assert {each.invitation for each in recipients(situations.allocated())} == {Invitation.REQUEST}
    assert told(situations.allocated()) == [("member01", "team"), ("lead01", "team")]
    waiting = told(situations.allocated_and_waiting())
    assert [person for person, part in waiting if part == "manager"] == ["manager-en", "manager-labs"]
    assert len({person for person, _ in waiting}) == len(waiting)


def test_who_lost_hears_it_once_with_other_times():
    assert told(situations.passed_over()) == [("member01", "team"), ("lead01", "team")]


def test_a_webhook_hears_how_it_came_out_and_nothing_of_others():
    assert {"by", "rivals"} <= set(TOLD)
    assert not {"alternatives", "wait_entry", "fingerprint"} & set(TOLD)
