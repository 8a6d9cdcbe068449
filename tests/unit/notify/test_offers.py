"""Offers from the wait list: told at once, to those who can answer, and only while there is something to answer."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.contracts import events
from services.notify.domain.audience import concerns_anybody, recipients
from services.notify.domain.notices import of_waiting
from services.notify.domain.outcomes import State
from services.notify.domain.preferences import Preferences
from services.notify.domain.steps import Category
from services.notify.domain.timing import timing
from services.notify.rendering.composer import Composer
from services.notify.rendering.facts import rows
from services.notify.samples.notices import wait_lapsed
from tests.unit.notify import situations as given

HOURS = timedelta(hours=1)


def test_an_offer_is_of_use_until_it_has_to_be_answered_and_only_while_it_stands():
    offered = given.offered()
    assert offered.expires_at == offered.event.decide_by
    assert offered.only_while["states"] == ["offered"]
    assert {each.category for each in recipients(offered)} == {Category.OFFERS}


@pytest.mark.parametrize("digest", ["none", "daily"])
def test_an_offer_waits_for_no_digest_and_not_for_the_end_of_a_night_after_which_it_is_gone(digest):
    quiet = Preferences(quiet_from=0, quiet_until=1439, digest=digest)
    until = given.NOW + 2 * HOURS
    assert timing(Category.OFFERS, quiet, given.NOW, expires_at=until) == (State.PENDING, given.NOW)


def test_one_message_per_person_and_channel():
    composer = Composer("https://booking.example.test/", "base@example.test")
    written = composer.compose(given.offered(), recipients(given.offered()), given.CAUSE)
    reached = [(each.recipient, each.channel) for each in written]
    assert len(reached) == len(set(reached))
    assert {each.recipient for each in written} == {"member01", "lead01"}
    assert not any("calendar" in each.content for each in written)


def test_declining_is_told_to_nobody():
    declined = given.step(
        events.ReservationDeclined, "declined", wait_entry=given.offered().event.wait_entry)
    assert not concerns_anybody(declined, given.NOW)


@pytest.mark.parametrize(("language", "outage", "hours"), [
    ("zh-Hans", "设备故障 · 压缩机故障", "开放时间变更"),
    ("en", "Outage · Compressor failure", "Changed opening hours"),
])
def test_an_offer_that_is_taken_back_says_why(language, outage, hours):
    assert dict(rows(given.offer_taken_back(), language))["cause"] == outage
    assert dict(rows(given.offer_taken_back_at_last(), language))["cause"] == hours


def test_waiting_in_vain_is_told_to_the_requester_and_the_leads():
    ((notice, told),) = wait_lapsed()
    assert sorted(each.person.person for each in told) == ["lead01", "member01"]
    assert notice.expires_at == notice.details["event"].ends_at
    late = replace(notice.details["event"], ends_at=given.NOW)
    ((notice, _),) = of_waiting(late, given.TEAM, given.LAB, given.told_of_everything(given.offered()), given.NOW)
    assert notice.expires_at is None
