"""A campaign by hand: from a usual way to a plan that is held, with and without script, on the phone, clean to axe."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_accessibility import RUN


@pytest.mark.parametrize(("width", "height", "script"), [(1440, 900, True), (390, 844, False)])
def test_a_campaign_from_a_usual_way_to_its_page(visit, width, height, script):
    member = visit(f"member{33 if script else 34}", width=width, height=height, script=script)
    page = member.open("/campaigns/new?route=board")
    page.get_by_role("button", name="移除 第 2 步").click()
    expect(page.locator(".campaign-step")).to_have_count(2)
    page.fill("#purpose", "打样后电磁兼容测试")
    page.locator("section").get_by_role("button", name="查找可行时间").click()
    expect(page.locator("button[name=take]")).to_have_count(3)
    member.check_width()
    page.locator("button[name=take]").first.click()
    expect(page).to_have_url(re.compile(r"/campaigns/[0-9a-f-]{36}$"))
    expect(page.locator(".chain .bar")).to_have_count(2)
    member.check_width()
    page.locator("#move button").click()
    expect(page.get_by_role("button", name="改到此方案").first).to_be_visible()
    member.check_width()
    page.get_by_role("button", name="改到此方案").first.click()
    expect(page.get_by_text("尚未开始的步骤已全部改期。")).to_be_visible()
    page.locator(".chain-list a").first.click()
    expect(page.locator(".member-of")).to_contain_text("第 1 步，共 2 步")
    member.check_width()
    page.locator(".member-of a").first.click()
    page.locator("summary.danger").click()
    page.locator(".ask-form .danger").click()
    expect(page.locator(".page-head .badge")).to_have_text("已结束")


@pytest.mark.parametrize(("language", "theme"), [("zh-Hans", "dark"), ("en", "light")])
def test_its_pages_are_clean(visit, axe, language, theme):
    person = "member35" if theme == "dark" else "member36"
    member = visit(person, language=language, theme=theme, check_policy=False)
    page = member.open("/campaigns/new?route=board")
    page.locator("[name=do][value=remove-1]").click()
    page.fill("#purpose", "EMC")
    page.locator("section [name=do][value=find]").click()
    page.locator("button[name=take]").first.wait_for()
    page.evaluate(axe)
    assert page.evaluate(RUN) == []
    page.locator("button[name=take]").first.click()
    page.wait_for_url(re.compile(r"/campaigns/[0-9a-f-]{36}$"))
    page.locator("#move button").click()
    page.locator("input[name=plan]").first.wait_for(state="attached")
    page.evaluate(axe)
    assert page.evaluate(RUN) == []
    manager = visit("manager-labs", language=language, theme=theme, check_policy=False)
    queue = manager.open("/approvals")
    queue.evaluate(axe)
    assert queue.evaluate(RUN) == []
