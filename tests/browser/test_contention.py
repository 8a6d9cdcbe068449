"""Competing and giving time out in the browser, with every page of it clean and within a phone."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.acceptance.conftest import api, own_facility
from tests.browser.test_accessibility import check

__all__ = ["api", "own_facility"]


def asked(api, number, facility, start):
    made = api(f"member{number}").reserve(facility, (start, start + timedelta(hours=3)), team=f"team-{number}")
    assert made.json()["state"] == "competing", made.text
    return made.json()["id"]


@pytest.mark.parametrize(("width", "language", "theme"), [(1440, "en", "dark"), (390, "zh-Hans", "light")])
def test_rivals_are_ranked_one_gets_the_time_and_the_other_reads_why(
    visit, axe, api, own_facility, width, language, theme,
):
    facility = own_facility("RIVAL", allocation="manager", allocation_hours=24)
    start = datetime.now(UTC).replace(hour=2, minute=0, second=0, microsecond=0) + timedelta(days=40)
    won, lost = (asked(api, number, facility, start) for number in (48, 49))
    looks = {"width": width, "language": language, "theme": theme, "check_policy": False}
    managing, losing = visit("admin", **looks), visit("member49", **looks)

    def look(person, address):
        page = person.open(address)
        check(page, axe)
        person.check_width()
        return page

    look(losing, f"/reservations/{lost}")
    look(losing, f"/reservations/new?facility={facility}")
    look(managing, f"/facilities/{facility}/edit/use")
    page = look(managing, "/contention")
    group = page.locator(".contest", has_text=facility)
    group.locator(".rival", has=page.locator(f"a[href$='{won}']")).locator("summary.button").click()
    form = group.locator("details[open] form.ask-form")
    form.locator("textarea").fill("样品易失效")
    form.locator("button").click()
    expect(page.locator(".contest", has_text=facility)).to_have_count(0)
    look(managing, "/contention")
    page = look(losing, f"/reservations/{lost}")
    expect(page.locator("#why")).to_contain_text("2")


def test_a_draw_is_clean(visit, axe, api, own_facility):
    facility = own_facility("LOTS", allocation="draw", allocation_hours=24)
    start = datetime.now(UTC).replace(hour=2, minute=0, second=0, microsecond=0) + timedelta(days=40)
    reservation = asked(api, 48, facility, start)
    told = api("member48").get(f"reservations/{reservation}/explanation").json()["competing"]["draw"]
    phone = visit("member48", width=390, check_policy=False)
    for address in (f"/reservations/{reservation}", f"/draws/{told['draw']}", f"/facilities/{facility}"):
        check(phone.open(address), axe)
        phone.check_width()
