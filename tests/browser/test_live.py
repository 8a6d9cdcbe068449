"""What one does, the other sees within two seconds, with their own rights and without losing their place."""

from playwright.sync_api import expect

from tests.browser.visit import local

SOON = 2000


def listening(page):
    """Wait until the stream has told its first word."""
    page.wait_for_selector("body[data-listening]", state="attached")


def bar(page, starts_at):
    return page.locator(f'#row-LAB-3 [data-bar][data-starts="{local(starts_at)}"]')


def test_a_second_viewer_sees_the_new_bar_and_keeps_place_and_focus(visit, stack):
    starts_at, ends_at = stack.free_slot("LAB-3", 120)
    page = visit("member03").board_of(starts_at)
    page.locator("#cell-LAB-3-0").focus()
    page.locator(".board").evaluate("board => board.scrollTo(0, 60)")
    listening(page)
    stack.api("member01").reserve("LAB-3", (starts_at, ends_at))
    taken = bar(page, starts_at)
    expect(taken).to_be_attached(timeout=SOON)
    expect(taken).to_contain_text("已占用")
    expect(page.locator("#cell-LAB-3-0")).to_be_focused()
    assert page.locator(".board").evaluate("board => board.scrollTop") == 60


def test_a_bar_keeps_the_focus_when_its_row_is_a_fresh_one(visit, stack):
    first, second = stack.free_slot("LAB-3", 60), stack.free_slot("LAB-3", 60)
    stack.api("member01").reserve("LAB-3", first)
    page = visit("member01").board_of(first[0])
    bar(page, first[0]).focus()
    listening(page)
    page.evaluate("document.getElementById('row-LAB-3').dataset.old = ''")
    stack.api("member02").reserve("LAB-3", second, team="team-02")
    expect(page.locator("#row-LAB-3:not([data-old])")).to_be_attached()
    expect(bar(page, first[0])).to_be_focused()


def test_the_open_form_turns_red_when_its_time_was_just_taken(visit, stack):
    starts_at, ends_at = stack.free_slot("LAB-3", 120)
    member = visit("member01")
    page = member.board_of(starts_at)
    member.drag("LAB-3", starts_at, ends_at)
    expect(page.locator("#slot-note")).to_contain_text("该时段空闲")
    listening(page)
    stack.api("member02").reserve("LAB-3", (starts_at, ends_at), team="team-02")
    expect(page.locator("#slot-note")).to_contain_text("该时段已被占用")
