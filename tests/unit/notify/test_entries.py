"""What a message about a series or a campaign does to calendars: one file, and back only from those who hold it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from icalendar import Calendar

from services.contracts import events
from services.notify.domain.copies import Person
from services.notify.domain.entries import held_after, with_entries
from services.notify.domain.preferences import Preferences
from services.notify.rendering.composer import Composer
from services.notify.samples import campaigns, notices
from services.notify.samples.scene import LAB, NOW, PEOPLE, TEAM
from tests.unit.notify.situations import CAUSE

APPROVED = ("approved",) * 3


@pytest.fixture
def composer():
    return Composer("https://booking.example.test", "base@example.test")


def mails(composer, told):
    return {
        each.recipient: each for notice, recipients in told for each in composer.compose(notice, recipients, CAUSE)
        if each.channel == "email"
    }


def published(mail):
    return [
        (str(entry["UID"]), int(entry["SEQUENCE"]), str(entry["STATUS"]))
        for entry in Calendar.from_ical(mail.content["published"]).walk("VEVENT")
    ]


def series(states, holders=(), **more):
    event = notices.series(events.SeriesDecided, states, actor="manager-labs", approved=True, **more)
    told = notices.notices.of_series(event, TEAM, LAB, PEOPLE, NOW)
    held = {each["reservation"]: holders for each in event.members}
    return with_entries(told, event, {"team-01": TEAM}, {"LAB-1": LAB}, held, NOW)


def test_a_granted_series_comes_as_one_file_with_an_entry_for_each_date(composer):
    mail = mails(composer, notices.series_approved())["member01"]
    entries = published(mail)
    assert len(entries) == len({uid for uid, *_ in entries}) == 3
    assert all(uid.startswith("reservation-") and status == "CONFIRMED" for uid, _, status in entries)
    assert "METHOD:PUBLISH" in mail.content["published"]
    assert "ATTENDEE" not in mail.content["published"]
    assert "calendar.ics" in mail.content["text"]


def test_a_granted_campaign_too_with_the_place_of_each_step(composer):
    mail = mails(composer, campaigns.campaign_approved())["lead01"]
    places = [str(entry["LOCATION"]) for entry in Calendar.from_ical(mail.content["published"]).walk("VEVENT")]
    assert len(set(places)) == len(places) == 2


@pytest.mark.parametrize("make", [
    notices.series_requested, notices.series_rejected, campaigns.campaign_requested, campaigns.campaign_rejected,
    notices.series_cancelled, campaigns.campaign_cancelled,
])
def test_what_nobody_holds_and_nobody_gets_changes_no_calendar(composer, make):
    for mail in mails(composer, make()).values():
        assert not {"calendar", "calendars", "published"} & mail.content.keys()


def test_what_is_given_up_is_taken_back_from_those_who_hold_it_and_from_nobody_else(composer):
    told = series(("cancelled",) * 2, holders=("member01",))
    found = mails(composer, told)
    assert {status for *_, status in published(found["member01"])} == {"CANCELLED"}
    assert "published" not in found["lead01"].content
    assert list(held_after(told).values()) == [set(), set()]


def test_a_single_date_is_an_invitation_like_any_other(composer):
    mail = mails(composer, series(("approved",)))["member01"]
    assert mail.content["method"] == "REQUEST"
    assert "calendar.ics" not in mail.content["text"]


def test_what_waits_again_stays_with_those_who_hold_it(composer):
    told = series(("approved", "requested"), holders=("lead01",))
    found = mails(composer, told)
    assert [status for *_, status in published(found["lead01"])] == ["CONFIRMED", "TENTATIVE"]
    assert found["member01"].content["method"] == "REQUEST", "one new entry, and none of what waits"


def test_who_holds_it_afterwards():
    held = held_after(series(APPROVED))
    assert len(held) == 3
    assert all(people == {"lead01", "member01"} for people in held.values())


def test_what_is_over_is_left_out(composer):
    event = notices.series(events.SeriesDecided, APPROVED, actor="manager-labs", approved=True)
    told = notices.notices.of_series(event, TEAM, LAB, PEOPLE, NOW)
    later = with_entries(told, event, {}, {}, {}, NOW + timedelta(days=12))
    assert len(later[0][0].details["entries"]) < len(told[0][0].details["members"]) == 3


def test_who_reads_digests_gets_no_file_that_a_digest_could_not_carry(composer):
    person: Person = replace(PEOPLE["lead01"], preferences=Preferences(digest="daily", digest_at=480))
    event = notices.series(events.SeriesDecided, APPROVED, actor="manager-labs", approved=True)
    people = PEOPLE | {"lead01": person}
    told = with_entries(
        notices.notices.of_series(event, TEAM, LAB, people, NOW), event, {"team-01": TEAM}, {"LAB-1": LAB}, {}, NOW)
    found = mails(composer, told)
    assert "published" not in found["lead01"].content
    assert "published" in found["member01"].content
    assert all(people == {"member01"} for people in held_after(told).values())
