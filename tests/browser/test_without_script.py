"""With script switched off: everything can be read, bars stand in their places, plain forms do the main jobs."""

import re

from playwright.sync_api import expect

from tests.browser.visit import local

OF_THE_BASE = ", ".join(f'[data-facility^="{kind}-"]:visible' for kind in ("LINE", "LAB", "PLAT"))


def test_the_board_is_read_without_script(visit):
    page = visit("member01", script=False).open("/board")
    expect(page.locator(OF_THE_BASE)).to_have_count(23)
    widths = [each.bounding_box()["width"] for each in page.locator("#row-LAB-1 .bar").all()]
    assert widths
    assert min(widths) > 2
    assert len({round(each.bounding_box()["x"]) for each in page.locator(".board .bar").all()}) > 5


def test_a_request_a_clash_and_an_alternative_by_plain_forms(visit, stack):
    starts_at, ends_at = stack.free_slot("LAB-3", 120)
    assert stack.api("member02").reserve("LAB-3", (starts_at, ends_at), team="team-02").status_code == 201
    page = visit("member01", script=False).open(
        f"/reservations/new?facility=LAB-3&start={local(starts_at)}&end={local(ends_at)}"
    )
    page.fill("#purpose", "无脚本提交")
    page.click(".send")
    expect(page.locator("#slot-note")).to_contain_text("该时段已被占用")
    expect(page.locator("#purpose")).to_have_value("无脚本提交")
    page.locator("[name=pick]").first.click()
    expect(page.locator("#slot-note")).to_contain_text("该时段空闲")
    page.click(".send")
    expect(page).to_have_url(re.compile(r"/reservations/[0-9a-f-]{36}$"))
    expect(page.locator(".prose")).to_have_text("无脚本提交")
    page.get_by_role("button", name="撤回申请").click()
    expect(page.locator(".page-head .badge")).to_have_text("已撤回")


def test_menu_theme_and_language_without_script(visit):
    page = visit("member01", script=False).open("/")
    page.locator(".menu summary").click()
    page.locator(".menu").get_by_role("button", name="深色").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.get_by_role("button", name="中文").first.click()
