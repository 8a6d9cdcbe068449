"""Who hears of a plan that was carried out, once each, and what it does to their calendars."""

import email
from dataclasses import replace
from email import policy

import icalendar
import pytest

from services.contracts import events
from services.notify.channels.email import compose
from services.notify.domain import audience
from services.notify.domain.entries import held_after
from services.notify.rendering.composer import Composer
from services.notify.samples import replans as examples
from services.notify.samples.scene import NOW, PEOPLE, RESERVATION, person, step
from tests.unit.notify import situations

SENDER = "base@example.test"


@pytest.fixture(scope="module")
def composer():
    return Composer("https://booking.example.test", SENDER)


def names(told):
    return [each.person.person for _, recipients in told for each in recipients]


def mails(composer, told):
    """By recipient."""
    written = [each for notice, recipients in told for each in composer.compose(notice, recipients, situations.CAUSE)]
    return {each.recipient: each for each in written if each.channel == "email"}


def entries(delivery):
    """(method, uid's reservation, start) of each calendar in a mail."""
    content = delivery.content
    found = content.get("calendars") or ([content] if "calendar" in content else [])
    for each in found:
        whole = icalendar.Calendar.from_ical(each["calendar"])
        [entry] = whole.walk("VEVENT")
        assert whole["METHOD"] == each["method"]
        yield each["method"], str(entry["UID"])[len("reservation-"):].partition("@")[0], entry["DTSTART"].dt.isoformat()


def test_each_person_has_one_message_however_many_were_moved():
    assert names(examples.replanned_several()) == ["lead01", "member01"]


def test_the_requester_of_one_team_hears_nothing_of_another():
    other = examples.item(
        examples.place(5, 1), examples.place(7, 1), examples.SECOND, team="team-02", requester="member02")
    event = examples.accepted(examples.item(examples.place(5, 1), examples.place(6, 1)), other)
    told = examples.told_of(event, PEOPLE | {"member02": person("member02")})
    seen = {recipients[0].person.person: notice.details["items"] for notice, recipients in told}
    assert [item["reservation"] for item in seen["member02"]] == [examples.SECOND]
    assert [item["reservation"] for item in seen["member01"]] == [RESERVATION]


def test_who_is_inactive_and_what_is_over_are_left_out():
    silent = PEOPLE | {"lead01": replace(PEOPLE["lead01"], active=False)}
    assert names(examples.replanned(silent)) == ["member01"]
    past = examples.accepted(examples.item(examples.place(1, 1), None))
    assert examples.told_of(past, PEOPLE) == []


def test_one_moved_reservation_comes_as_an_updated_invitation(composer):
    mail = mails(composer, examples.replanned())["member01"]
    assert list(entries(mail)) == [("REQUEST", RESERVATION, "2026-03-06T01:00:00+00:00")]
    assert mail.reservation == RESERVATION
    assert mail.critical


def test_several_come_as_files_each_an_object_of_its_own(composer):
    mail = mails(composer, examples.replanned_several())["member01"]
    assert sorted(entries(mail)) == [
        ("CANCEL", examples.THIRD, "2026-03-05T09:00:00+00:00"),
        ("REQUEST", RESERVATION, "2026-03-06T01:00:00+00:00"),
        ("REQUEST", examples.SECOND, "2026-03-05T05:00:00+00:00"),
    ]
    parsed = email.message_from_bytes(compose(mail), policy=policy.default)
    attached = [part.get_filename() for part in parsed.iter_attachments()]
    assert attached == ["invite-1.ics", "invite-2.ics", "invite-3.ics"]
    assert "text/calendar" not in [part.get_content_type() for part in parsed.walk()]


def test_what_nobody_had_in_the_calendar_is_not_taken_out_of_it(composer):
    told = examples.told_of(examples.accepted(examples.item(examples.place(5, 1), None)), PEOPLE)
    assert list(entries(mails(composer, told)["member01"])) == []


def test_what_still_waits_comes_into_no_calendar_that_has_it_not(composer):
    item = examples.item(examples.place(5, 1), examples.place(6, 1), state="requested")
    told = examples.told_of(examples.accepted(item), PEOPLE, ("lead01",))
    found = mails(composer, told)
    assert list(entries(found["member01"])) == []
    assert [method for method, *_ in entries(found["lead01"])] == ["REQUEST"]
    assert "STATUS:TENTATIVE" in found["lead01"].content["calendar"]


def test_whoever_still_has_a_cancelled_one_in_the_calendar_hears_of_it():
    colleague = PEOPLE | {"member07": person("member07")}
    event = examples.accepted(examples.item(examples.place(5, 1), None))
    assert "member07" in names(examples.told_of(event, colleague, ("member07",)))


def test_who_holds_it_in_the_calendar_afterwards():
    held = held_after(examples.replanned_several())
    assert held == {RESERVATION: {"lead01", "member01"}, examples.SECOND: {"lead01", "member01"}, examples.THIRD: set()}


def test_the_single_facts_of_a_plan_are_told_nobody():
    moved = step(
        events.ReservationReplanned, "approved", former_facility="LAB-1", former_unit="A", former_starts_at=NOW,
        former_ends_at=NOW, replan=examples.REPLAN, why="later", answer_by=NOW,
    )
    cancelled = step(events.ReservationCancelled, "cancelled", of_replan=True)
    assert not audience.concerns_anybody(moved, NOW)
    assert not audience.concerns_anybody(cancelled, NOW)
    assert audience.concerns_anybody(replace(cancelled, of_replan=False), NOW)


def test_old_and_new_time_and_until_when_are_said(composer):
    mail = mails(composer, examples.replanned())["member01"].content["text"]
    assert "Fri 6 Mar 2026, 09:00" in mail
    assert "Before: Thu 5 Mar 2026, 09:00" in mail
    assert "Please answer until Thu 5 Mar 2026, 09:00" in mail
    assert "Compressor failure" in mail


def test_a_long_list_ends_in_a_number(composer):
    items = [
        examples.item(examples.place(5, 1), examples.place(6, 1), f"{number:08}-0000-4000-8000-000000000000")
        for number in range(40)
    ]
    mail = mails(composer, examples.told_of(examples.accepted(*items), PEOPLE))["member01"]
    assert "and 11 more" in mail.content["text"]
