"""The main job by hand: see what is free, ask for it, be refused with ways on, be granted, read who was told."""

import re
from datetime import timedelta

from playwright.sync_api import expect

from tests.browser.visit import clock, local


def bar(page, facility, starts_at):
    return page.locator(f'#row-{facility} [data-bar][data-starts="{local(starts_at)}"]')


def press_until(page, key, selector):
    """Go on with one key until what has the focus matches."""
    for _ in range(100):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press(key)
    raise AssertionError(f"{key} does not lead to {selector}")


def test_signing_in_leads_to_where_one_wanted_to_go(visit, portal_url, demo_password):
    page = visit().open("/reservations?show=past")
    expect(page).to_have_url(re.compile("/sign-in"))
    page.fill("#name", "member01")
    page.fill("#password", "not the password")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("用户名或密码不正确")
    expect(page.locator("#name")).to_have_value("member01")
    page.fill("#password", demo_password)
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{portal_url}/reservations?show=past")


def test_dragging_over_free_time_asks_for_it(visit, stack):
    starts_at, ends_at = stack.free_slot("LAB-3", 120)
    member = visit("member01")
    page = member.board_of(starts_at)
    member.drag("LAB-3", starts_at, ends_at)
    expect(page.locator("#start_clock")).to_have_value(clock(starts_at))
    expect(page.locator("#end_clock")).to_have_value(clock(ends_at))
    expect(page.locator(".ghost")).to_be_in_viewport()
    expect(page.locator("#slot-note")).to_contain_text("该时段空闲")
    page.fill("#purpose", "辐射发射预扫，2 块板")
    page.click("#drawer .send")
    expect(page.locator("[data-toasts]")).to_contain_text("申请已提交")
    expect(page.locator("#drawer")).to_be_hidden()
    expect(bar(page, "LAB-3", starts_at)).to_have_class(re.compile(r"requested.*mine"))
    page.click("[data-toasts] a")
    expect(page.locator("h1")).to_contain_text("电磁兼容")


def test_a_click_on_empty_time_asks_for_two_hours(visit, stack):
    starts_at, _ = stack.free_slot("LAB-3", 120)
    member = visit("member01")
    page = member.board_of(starts_at)
    page.mouse.click(*member.point("LAB-3", starts_at + timedelta(minutes=4)))
    expect(page.locator("#start_clock")).to_have_value(clock(starts_at))
    expect(page.locator("#end_clock")).to_have_value(clock(starts_at + timedelta(hours=2)))
    expect(page.locator("#row-LAB-3 .ghost")).to_be_in_viewport()
    page.select_option("#facility", "LAB-4")
    expect(page.locator("#row-LAB-4 .ghost")).to_be_in_viewport()
    page.keyboard.press("Escape")
    expect(page.locator("#drawer")).to_be_hidden()
    expect(page.locator(".ghost")).to_have_count(0)


def test_a_late_answer_does_not_bring_back_what_was_closed(visit, stack):
    starts_at, _ = stack.free_slot("LAB-3", 120)
    member = visit("member01")
    page = member.board_of(starts_at)
    page.mouse.click(*member.point("LAB-3", starts_at + timedelta(minutes=4)))
    expect(page.locator("#drawer form")).to_be_visible()
    held = []
    page.route("**/reservations/draft", lambda route: held.append(route))
    page.select_option("#facility", "LAB-4")
    expect(page.locator("#row-LAB-4 .ghost")).to_be_attached()
    page.keyboard.press("Escape")
    page.evaluate("""addEventListener('htmx:beforeSwap',
        () => setTimeout(() => { document.body.dataset.answered = ''; }, 100))""")
    held[0].continue_()
    page.wait_for_selector("body[data-answered]", state="attached")
    expect(page.locator("#drawer form")).to_have_count(0)
    expect(page.locator(".ghost")).to_have_count(0)


def test_the_whole_request_by_keyboard_alone(visit, stack):
    starts_at, _ = stack.free_slot("LAB-9", 120)
    page = visit("member01").board_of(starts_at)
    page.locator('[data-cell][tabindex="0"]').focus()
    expect(page.locator('[data-cell][tabindex="0"]')).to_have_count(1)
    page.keyboard.press("Control+Home")
    press_until(page, "ArrowDown", '[data-facility="LAB-9"] [data-cell]')
    press_until(page, "ArrowRight", f'[data-day="{local(starts_at)[:10]}"]')
    first = page.evaluate("document.activeElement.dataset.first")
    page.keyboard.press("Enter")
    expect(page.locator("#facility")).to_be_focused()
    expect(page.locator("#start_clock")).to_have_value(first[11:])
    page.locator("#purpose").focus()
    page.keyboard.type("失效样品切片")
    press_until(page, "Tab", "form button.primary")
    page.keyboard.press("Enter")
    expect(page.locator("[data-toasts]")).to_contain_text("申请已提交")
    expect(page.locator(f'#row-LAB-9 [data-bar][data-starts="{first}"]')).to_be_attached()
    expect(page.locator("[data-cell]:focus")).to_be_attached()
    page.keyboard.press("Shift+Enter")
    expect(page.locator("a[data-bar]:focus")).to_be_attached()
    page.keyboard.press("Escape")
    expect(page.locator("[data-cell]:focus")).to_be_attached()


def test_letter_keys_lead_to_today_a_form_and_help_and_can_be_switched_off(visit):
    member = visit("member01")
    page = member.open("/board?on=2026-01-01")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("看板快捷键")
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_be_hidden()
    page.wait_for_function("!document.activeElement.closest('dialog')")
    page.keyboard.press("t")
    expect(page).to_have_url(re.compile(r"/board\?view=week&on=(?!2026-01-01)|/board\?view=week$"))
    page.keyboard.press("n")
    expect(page.locator("#drawer")).to_be_visible()
    member.choose(letters="off")
    page = member.open("/board")
    page.keyboard.press("n")
    expect(page.locator("#drawer")).to_be_hidden()


def test_taken_time_comes_with_ways_that_fill_the_form(visit, stack):
    starts_at, ends_at = stack.free_slot("LAB-3", 120)
    assert stack.api("member02").reserve("LAB-3", (starts_at, ends_at), team="team-02").status_code == 201
    page = visit("member01").open(f"/reservations/new?facility=LAB-3&start={local(starts_at)}&end={local(ends_at)}")
    expect(page.locator("#slot-note")).to_contain_text("该时段已被占用")
    page.fill("#purpose", "换个时间也行")
    page.locator("[name=pick]").first.click()
    expect(page.locator("#slot-note")).to_contain_text("该时段空闲")
    expect(page.locator("#purpose")).to_have_value("换个时间也行")
    page.click(".send")
    expect(page.locator("h1")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/reservations/[0-9a-f-]{36}$"))


def test_what_is_refused_keeps_everything_and_moves_the_focus(visit, stack):
    starts_at, ends_at = stack.free_slot("LAB-3", 120)
    page = visit("member01").open(f"/reservations/new?facility=LAB-3&start={local(starts_at)}&end={local(ends_at)}")
    page.click(".send")
    expect(page.locator("#purpose")).to_be_focused()
    expect(page.locator("#purpose-error")).to_have_text("请填写此项。")
    page.fill("#purpose", "现在填好了")
    page.click(".send")
    expect(page).to_have_url(re.compile(r"/reservations/[0-9a-f-]{36}$"))


def test_the_manager_approves_and_the_team_reads_who_was_told(visit, stack):
    starts_at, ends_at = stack.free_slot("LAB-3", 120)
    made = stack.api("member01").reserve("LAB-3", (starts_at, ends_at)).json()
    queue = visit("manager-labs").open("/approvals")
    request = queue.locator(".queue-item", has=queue.locator(f'a[href$="{made["id"]}"]'))
    expect(request).to_contain_text("电磁兼容")
    request.get_by_role("button", name="批准", exact=True).click()
    expect(queue.locator("[data-toasts]")).to_contain_text("已批准")
    team = visit("member01")
    page = team.open(f"/reservations/{made['id']}")
    expect(page.locator(".page-head .badge")).to_have_text("已批准")
    for _ in range(40):
        if page.locator("#deliveries .delivery.accepted").count() >= 2:
            break
        page.wait_for_timeout(250)
        page.reload()
    expect(page.locator("#deliveries")).to_contain_text("微信")
    expect(page.locator("#deliveries")).to_contain_text("电子邮件")
    page.get_by_role("button", name="English").click()
    expect(page.locator("#deliveries")).to_contain_text("WeChat")


def test_a_rejection_carries_its_reason(visit, stack):
    made = stack.api("member01").reserve("LAB-3", stack.free_slot("LAB-3", 120)).json()
    page = visit("manager-labs").open(f"/reservations/{made['id']}")
    page.locator("summary", has_text="驳回").click()
    page.fill("#reason-reject", "当日暗室校准")
    page.locator(".ask-form button").click()
    expect(page.locator(".page-head .badge")).to_have_text("已驳回")
    expect(page.locator(".history")).to_contain_text("当日暗室校准")


def test_a_move_is_asked_in_the_drawer_with_the_former_time(visit, stack):
    starts_at, ends_at = stack.free_slot("LAB-3", 60)
    made = stack.api("member01").reserve("LAB-3", (starts_at, ends_at)).json()
    later, _ = stack.free_slot("LAB-3", 60)
    page = visit("member01").open(f"/reservations/{made['id']}")
    page.get_by_role("link", name="改期").click()
    expect(page.locator("#drawer .former")).to_contain_text(clock(starts_at))
    page.fill("#start_day", local(later)[:10])
    page.select_option("#start_clock", clock(later))
    expect(page.locator("#slot-note .ok")).to_contain_text(clock(later))
    page.click("#drawer .send")
    expect(page.locator(".when")).to_contain_text(clock(later))
    expect(page.locator(".history")).to_contain_text("已改期")
