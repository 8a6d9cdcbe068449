"""On the phone: a day at a time, one tap to the form, four tabs, nothing wider than the screen."""

import re

import pytest
from playwright.sync_api import expect

PAGES = [
    "/",
    "/board",
    "/board?view=month",
    "/reservations",
    "/facilities",
    "/facilities/LAB-1",
    "/account",
    "/account/channels",
    "/tokens",
    "/reservations/new",
    "/trainings",
    "/waitlist",
    "/waitlist/new?facility=LAB-1",
    "/nothing-here",
]
MANAGER = ["/approvals", "/facilities/LAB-1/edit", "/manage", "/use", "/faults", "/trainings/holders", "/waitlist/all"]


@pytest.mark.parametrize("person", ["member01", "manager-labs"])
@pytest.mark.parametrize("language", ["zh-Hans", "en"])
def test_no_page_is_wider_than_the_phone(visit, person, language):
    phone = visit(person, width=390, height=844, language=language)
    for address in [*PAGES, *(MANAGER if person == "manager-labs" else [])]:
        phone.open(address)


def test_a_tap_on_a_facility_opens_the_sheet_with_its_first_free_time(visit):
    phone = visit("member01", width=390, height=844)
    page = phone.open("/board")
    expect(page.locator(".board")).to_be_hidden()
    page.locator(".day-strip a").nth(7).tap()
    line = page.locator(".line", has=page.locator(".line-link[data-open-drawer]")).first
    free = re.search(r"(\d\d:\d\d)–", line.locator(".line-free").inner_text())[1]
    line.locator(".line-link").tap()
    expect(page.locator("#start_clock")).to_have_value(free)
    page.wait_for_function("""() => {
        const box = document.getElementById("drawer").getBoundingClientRect();
        return box.top > 60 && Math.round(box.bottom) === 844;
    }""")
    phone.check_width()
    page.locator("#drawer [data-close-drawer]").first.tap()
    expect(page.locator("#drawer")).to_be_hidden()


def test_targets_of_the_sheet_are_large_enough_for_a_thumb(visit):
    page = visit("member01", width=390, height=844).open("/reservations/new")
    seen = page.locator("main input:visible:not([type=checkbox]), main select:visible, main .button:visible")
    for box in [each.bounding_box() for each in seen.all()]:
        assert box["height"] >= 44


def test_the_tabs_lead_to_the_four_places(visit):
    page = visit("manager-labs", width=390, height=844).open("/")
    tabs = page.get_by_role("navigation", name="底部导航").get_by_role("link")
    expect(tabs).to_have_count(4)
    for name in ("排期看板", "我的预约", "审批", "我的"):
        page.get_by_role("navigation", name="底部导航").get_by_role("link", name=re.compile(name)).last.tap()
        expect(page.locator("h1")).to_have_count(1)
