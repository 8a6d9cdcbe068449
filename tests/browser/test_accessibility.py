"""axe-core finds nothing on any page, in both languages and themes, with drawer, menu and refusals open."""

import pytest
from playwright.sync_api import expect

RUN = """async () => (await axe.run(document, {resultTypes: ['violations'],
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}))
    .violations.map(found => `${found.id}: ${found.nodes.map(node => node.html.slice(0, 160)).join(' | ')}`)"""
LOOKS = [("zh-Hans", "light"), ("en", "dark"), ("zh-Hans", "dark"), ("en", "light")]
MEMBER = [
    "/",
    "/board",
    "/board?view=day",
    "/board?view=month",
    "/board?view=list",
    "/reservations",
    "/reservations?show=past",
    "/reservations/new?facility=LAB-1",
    "/facilities",
    "/facilities/LAB-1",
    "/tokens",
    "/interruptions",
    "/calendar",
    "/account",
    "/account/channels",
    "/notifications",
    "/trainings",
    "/waitlist",
    "/waitlist/new?facility=LAB-1",
    "/nothing-here",
]
MANAGER = ["/", "/board", "/approvals", "/facilities/LAB-1/edit", "/facilities/LAB-1/edit/hours"]
MANAGER += ["/interruptions/new?kind=maintenance", "/interruptions/new?kind=outage"]
MANAGER += ["/replans", "/replans/new"]
MANAGER += ["/waitlist/all", "/manage", "/use", "/faults", "/trainings/holders"]
ADMIN = ["/calendar", "/calendar?year=2030", "/webhooks", "/quotas", "/screens", "/manage/reach", "/message-samples"]
ADMIN += ["/manage/catalogue", "/manage/import"]


def check(page, axe):
    page.evaluate(axe)
    assert page.evaluate(RUN) == [], page.url


# Words do not depend on colours: each language and each theme once is enough for so many pages.
@pytest.mark.parametrize(("language", "theme"), LOOKS[:2])
def test_every_page_is_clean(visit, axe, language, theme):
    for person, addresses in (("member01", MEMBER), ("manager-labs", MANAGER), ("admin", ADMIN)):
        found = visit(person, language=language, theme=theme, check_policy=False)
        for address in addresses:
            check(found.open(address), axe)


@pytest.mark.parametrize(("language", "theme"), LOOKS)
def test_sign_in_and_its_refusal_are_clean(visit, axe, language, theme):
    page = visit(language=language, theme=theme, check_policy=False).open("/sign-in")
    check(page, axe)
    page.fill("#name", "nobody-here")
    page.fill("#password", "wrong")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    check(page, axe)


@pytest.mark.parametrize(("language", "theme"), LOOKS)
@pytest.mark.parametrize("width", [1440, 390])
def test_the_drawer_is_clean_and_so_are_taken_time_and_refusals(visit, axe, language, theme, width):
    found = visit("member01", width=width, language=language, theme=theme, check_policy=False)
    page = found.open("/board?view=week&on=2027-01-05")
    page.locator(".primary[data-open-drawer]:visible, .line-link[data-open-drawer]:visible").first.click()
    expect(page.locator("#drawer form")).to_be_visible()
    check(page, axe)
    page.fill("#start_day", "2020-01-06")
    page.fill("#end_day", "2020-01-06")
    page.locator("#end_clock").dispatch_event("change")
    expect(page.locator("#slot-note .bad")).to_be_visible()
    page.click("#drawer .send")
    expect(page.locator("#purpose-error, #drawer .bad").first).to_be_visible()
    check(page, axe)
    found.check_width()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_reservation_with_its_menu_open_is_clean(visit, axe, theme):
    page = visit("member01", theme=theme, check_policy=False).open("/reservations")
    page.locator(".agenda-row").first.click()
    page.locator(".menu summary").click()
    check(page, axe)
