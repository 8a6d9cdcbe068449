"""Asking for a taken time from the schedule, with its pages and the what-if desk clean and within a phone."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.acceptance.conftest import api, own_facility
from tests.browser.test_accessibility import check

__all__ = ["api", "own_facility"]


def reserved(api, member, team, facility, start):
    made = api(member).reserve(facility, (start, start + timedelta(hours=3)), team=team)
    assert made.status_code == 201, made.text
    return made.json()


@pytest.mark.parametrize(("width", "language", "theme"), [(1440, "en", "dark"), (390, "zh-Hans", "light")])
def test_a_taken_time_is_asked_for_and_given(visit, axe, api, own_facility, width, language, theme):
    facility = own_facility("ASKED")
    start = datetime.now(UTC).replace(hour=2, minute=0, second=0, microsecond=0) + timedelta(days=4)
    reserved(api, "member43", "team-43", facility, start)
    theirs = reserved(api, "member44", "team-44", facility, start + timedelta(hours=5))
    looks = {"width": width, "language": language, "theme": theme, "check_policy": False}
    asking = visit("member43", **looks)
    page = asking.open(f"/board?view={'list' if width < 760 else 'day'}&on={start:%Y-%m-%d}")
    link = page.locator(f"a[href^='/ask/{facility}/']").first
    page.goto(link.get_attribute("href"))
    check(page, axe)
    asking.check_width()
    page.select_option("#reservation", page.locator("#reservation option", has_text=facility).get_attribute("value"))
    page.fill("#note-swap", "中午才到")
    page.locator("form.ask-new").first.locator("button.primary").click()
    expect(page).to_have_url(re.compile("/asks/"))
    check(page, axe)
    asking.check_width()
    asked = visit("member44", **looks)
    page = asked.open("/asks")
    check(page, axe)
    asked.check_width()
    page.locator(".ask-row").first.click()
    check(page, axe)
    page.locator(".answer-form .primary").click()
    expect(page.locator(".answer-form")).to_have_count(0)
    check(page, axe)
    moved = api("member44").get(f"reservations/{theirs['id']}").json()
    assert datetime.fromisoformat(moved["starts_at"]) == start


@pytest.mark.parametrize(("width", "language", "theme"), [(1440, "zh-Hans", "light"), (390, "en", "dark")])
def test_the_what_if_desk_is_clean(visit, axe, width, language, theme):
    desk = visit("admin", width=width, language=language, theme=theme, check_policy=False)
    for kind in ("away", "hours", "shift"):
        page = desk.open(f"/what-if?kind={kind}")
        check(page, axe)
        page.locator(".what-form .primary").click()
        expect(page.locator("#effect")).to_be_visible()
        check(page, axe)
        desk.check_width()
