"""The desk for re-plans by hand: looked at, changed, accepted; and a team's answer on the phone."""

import re
import uuid

import pytest
from playwright.sync_api import expect

from tests.acceptance.described_replans import labs, proposed, span
from tests.browser.test_accessibility import RUN
from tests.waiting import until

SIZES = [(1440, 900, "zh-Hans"), (390, 844, "en")]


@pytest.fixture
def broken(stack):
    """(a plan for two reservations that an outage hits, the first of them)."""
    api, lab = stack.api, f"PLAN-{uuid.uuid4().hex[:6]}"
    labs(api, lab)
    made = []
    for team, hours in (("38", (8, 10)), ("39", (10, 12))):
        asked = {"facility": lab, "team": f"team-{team}", "purpose": "老化", **span(*hours)}
        made.append(api(f"member{team}").post("reservations", json=asked).json()["id"])
    outage = api("admin").post("outages", json={"facility": lab, "reason": {"zh-Hans": "压缩机故障"}, **span(7, 13)})
    interruption = outage.json()["interruption"]
    until(lambda: api("admin").get("replans", params={"interruption": interruption}).json()["items"], 30)
    plan = api("admin").get("replans", params={"interruption": interruption}).json()["items"][0]["id"]
    proposed(api("admin"), plan)
    yield plan, made[0]
    for each in (lab, f"{lab}-B"):
        version = api("admin").get(f"facilities/{each}").json()["version"]
        api("admin").patch(f"facilities/{each}", json={"version": version, "active": False})


@pytest.mark.parametrize(("width", "height", "language"), SIZES)
def test_the_desk_fits_and_is_accessible(visit, stack, axe, broken, width, height, language):
    desk = visit("admin", width=width, height=height, language=language, check_policy=False)
    for address in ("/replans", "/replans/new", f"/replans/{broken[0]}"):
        page = desk.open(address)
        page.evaluate(axe)
        assert page.evaluate(RUN) == []
    expect(page.locator(".plan-item")).to_have_count(2)
    expect(page.locator(".strips .plan-new")).to_have_count(2)


@pytest.mark.parametrize("script", [True, False])
def test_a_plan_is_changed_accepted_and_answered(visit, stack, broken, script):
    plan, reservation = broken
    desk = visit("admin", script=script)
    page = desk.open(f"/replans/{plan}")
    page.locator(".plan-item input[name=leave_out]").nth(1).check()
    page.locator(".plan-list button").click()
    again(page, stack, plan, script)
    expect(page.locator(".plan-item").nth(1)).to_contain_text("已排除")
    page.locator(".plan-cost summary.primary").click()
    expect(page.locator(".plan-cost .ask-form").first).to_contain_text("1 项改期")
    page.locator(".plan-cost .ask-form .primary").click()
    expect(page.locator(".plan-cost .badge")).to_have_text("已执行")

    team = visit("member38", width=390, height=844, script=script)
    page = team.open("/")
    expect(page.locator(".moved-note").first).to_contain_text("基地调整了这个预约")
    page = team.open(f"/reservations/{reservation}")
    page.locator(".moved-note .primary").click()
    expect(page.locator(".moved-note")).to_have_count(0)
    expect(page.locator(".history li").first).to_contain_text("已确认新时间")


def again(page, stack, plan, script):
    """The plan that was asked for: with script it comes by itself."""
    proposed(stack.api("admin"), plan)
    if not script:
        page.goto(f"/replans/{plan}")
    expect(page.locator(".plan-cost .badge")).to_have_text("待决定")
    assert re.search(r"/replans/[0-9a-f-]{36}$", page.url)
