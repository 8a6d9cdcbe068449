"""Finding a time, on the phone and on the desktop: readable by all, and one tap from a result to the form."""

import pytest
from playwright.sync_api import expect

from tests.browser.test_accessibility import check

FIND = "/find?place=LAB-4&minutes=120&equivalents=1"
NOTHING = "/find?place=LAB-4&minutes=120&part=night"


@pytest.mark.parametrize(("language", "theme"), [("zh-Hans", "light"), ("en", "dark")])
@pytest.mark.parametrize("width", [390, 1280])
def test_it_fits_and_is_clean(visit, axe, language, theme, width):
    found = visit("member01", width=width, height=844, language=language, theme=theme, check_policy=False)
    for address in ("/find", FIND, NOTHING):
        check(found.open(address), axe)


def test_from_a_result_one_tap_opens_the_form_at_that_time(visit):
    page = visit("member01", width=390, height=844).open(FIND)
    row = page.locator(".found-row").first
    times = row.locator("b").inner_text().rsplit(" ", 1)[1]
    row.locator("a.button").tap()
    expect(page.locator("#start_clock")).to_have_value(times.split("–")[0])
    expect(page.locator(".note.ok")).to_be_visible()


def test_from_the_menu_without_an_answer_to_what_stands_in_the_way(visit):
    page = visit("member01").open("/board")
    page.locator("[data-menu] summary").click()
    page.locator(".menu-sheet a[href='/find']").click()
    page.select_option("#place", "LAB-4")
    page.select_option("#part", "night")
    page.locator("main form .primary").click()
    expect(page.locator(".found .bullets li")).to_have_count(1)
