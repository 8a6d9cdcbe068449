"""What repeats, by hand: from the drawer to the look at every date, with and without script, on the phone."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.test_accessibility import RUN
from tests.browser.visit import local

WEEK = timedelta(days=7)


def fill(page, times="3"):
    page.select_option("#repeat", "weekly")
    page.fill("#repeat_count", times)
    page.fill("#purpose", "每周例行测试")


def form(span):
    return f"/reservations/new?facility=LAB-3&start={local(span[0])}&end={local(span[1])}"


def leave_out_what_clashes(page):
    """The form proposes it: only what is free is ticked."""
    for each in page.locator(".date-row.clash input[value=skip]").all():
        expect(each).to_be_checked()


def test_a_series_from_the_drawer_to_its_page(visit, stack):
    span = stack.free_slot("LAB-3", 60)
    member = visit("member16")
    page = member.board_of(span[0])
    member.drag("LAB-3", *span)
    expect(page.locator(".repeat-more")).to_be_hidden()
    fill(page)
    expect(page.locator(".repeat-more")).to_be_visible()
    expect(page.locator(".repeat-monthly")).to_be_hidden()
    expect(page.locator(".rule-told")).to_contain_text("共 3 次")
    page.click("#drawer .send")
    expect(page.locator(".date-row")).to_have_count(3)
    leave_out_what_clashes(page)
    member.check_width()
    page.click(".review-foot .primary")
    expect(page).to_have_url(re.compile(r"/series/[0-9a-f-]{36}$"))
    expect(page.locator(".date-row")).to_have_count(3)
    page.locator(".date-row a").first.click()
    expect(page.locator(".member-of")).to_contain_text("属于系列预约")
    page.get_by_role("link", name="今后全部").click()
    page.locator("summary.danger").click()
    page.locator(".ask-form .danger").click()
    expect(page.locator(".date-row .badge").first).to_have_text("已撤回")


@pytest.mark.parametrize("script", [True, False])
def test_a_clash_is_chosen_for_on_the_phone(visit, stack, script):
    span = stack.free_slot("LAB-3", 60)
    second = tuple(moment + WEEK for moment in span)
    stack.api("member18").reserve("LAB-3", second, team="team-18")
    member = visit("member17", width=390, height=844, script=script)
    page = member.open(form(span))
    fill(page, "2")
    page.click(".send")
    clash = page.locator(".date-row.clash")
    expect(clash).to_have_count(1)
    member.check_width()
    clash.locator("input[type=radio]").first.check()
    page.click(".review-foot .primary")
    expect(page).to_have_url(re.compile(r"/series/"))
    expect(page.locator(".date-row .badge")).to_have_count(2)
    page.locator("summary.danger").click()
    page.locator(".ask-form .danger").click()
    expect(page.locator(".date-row .badge").first).to_have_text("已撤回")


def test_all_are_moved_after_a_look(visit, stack):
    span = stack.free_slot("LAB-3", 60)
    member = visit("member19")
    page = member.open(form(span))
    fill(page, "1")
    page.click(".send")
    page.click(".review-foot .primary")
    page.get_by_role("link", name="更改今后全部").click()
    page.select_option("#shift", "7")
    page.click("main form .primary")
    expect(page.locator(".date-row")).to_have_count(1)
    expect(page.locator(".date-row")).to_contain_text("原为")
    page.go_back()
    page.locator("summary.danger").click()
    page.locator(".ask-form .danger").click()
    expect(page).to_have_url(re.compile(r"/series/[0-9a-f-]{36}$"))


@pytest.mark.parametrize(("language", "theme"), [("zh-Hans", "light"), ("en", "dark")])
def test_its_pages_are_clean(visit, stack, axe, language, theme):
    span = stack.free_slot("LAB-3", 60)
    member = visit("member20", language=language, theme=theme, check_policy=False)
    page = member.open(form(span))
    fill(page)
    look(page, axe)
    page.click(".send")
    look(page, axe)
    page.click(".review-foot .primary")
    expect(page).to_have_url(re.compile(r"/series/"))
    look(page, axe)
    address = page.url
    member.open(f"{address}/change")
    look(page, axe)
    page.locator("summary.danger").click()
    page.locator(".ask-form .danger").click()


def look(page, axe):
    page.evaluate(axe)
    assert page.evaluate(RUN) == [], page.url
