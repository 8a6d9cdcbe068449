"""What holds for all pages: two languages, nothing inline, sound markup, a way in for visitors."""

import re

import pytest

from tests.unit.portal.contention_examples import DRAW
from tests.unit.portal.pages.fake_calendar import MAINTENANCE
from tests.unit.portal.pages.fake_replans import ACCEPTED, OPEN, RUNNING

PAGES = [
    "/",
    "/board",
    "/board?view=day",
    "/board?view=month",
    "/board?view=list",
    "/board?hours=24",
    "/board?kind=lab",
    "/reservations",
    "/reservations?show=waiting",
    "/reservations?show=past",
    "/reservations/new",
    "/reservations/new?facility=LAB-1",
    "/find",
    "/find?place=LAB-3&minutes=120",
    "/find?place=kind:line&minutes=240&equivalents=1",
    "/find?place=LINE-1&minutes=120&from=nonsense&to=2020-01-01",
    "/reservations/split?facility=LAB-3&piece=A|2030-01-07T10:00|2030-01-07T12:00",
    "/campaigns/new",
    "/campaigns/new?route=film",
    "/facilities",
    "/facilities/LAB-1",
    "/tokens",
    "/asks",
    "/trainings",
    "/hours",
    "/waitlist",
    f"/draws/{DRAW}",
    "/waitlist?show=all",
    "/waitlist/new?facility=LAB-1",
    "/reservations/new?facility=LINE-1",
    "/projects",
    "/projects/team-00/team-00-p1",
    "/account",
    "/account/leave",
    "/notifications",
    "/account/channels",
    "/here/LAB-1",
    "/nothing-here",
]
MANAGED = [
    "/use", "/faults", "/facilities/LAB-1/edit/use",
    
    "/approvals",
    "/contention",
    "/manage",
    "/what-if",
    "/what-if?kind=hours",
    "/waitlist/all",
    "/messages",
    "/trainings/holders",
    "/history/facility/LAB-3",
    "/facilities/LAB-1/edit/trainings",
    "/facilities/LAB-1/edit/changeover",
    "/facilities/LAB-1/edit/sharing",
    "/facilities/LAB-1/edit",
    "/facilities/LAB-1/edit/requests",
    "/facilities/LAB-1/edit/approval",
    "/account/leave",
    "/facilities/LAB-1/edit/hours",
    "/interruptions/new?kind=outage&facility=LAB-1",
    "/interruptions/new?kind=maintenance",
    f"/interruptions/{MAINTENANCE}",
    "/replans",
    "/replans?show=past",
    "/replans/new",
    *(f"/replans/{plan}" for plan in (OPEN, RUNNING, ACCEPTED)),
    "/",
    "/board",
]
LATIN_ALLOWED = re.compile(
    r"RFC|SHA|[0-9a-f]{32,}|FREQ=[A-Z0-9;=,-]+|team-\d+-p\d|LAB|LINE|PLAT|CSV|SMT|PCB|BMS|API|English|lead|member|manager|admin|Ctrl|Home|End|PgUp|PgDn|Enter|Shift|Esc|[TN]\b|pbb|[a-z0-9-]+@example.org"
)


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("language", ["zh-Hans", "en"])
def test_nothing_is_inline_and_the_markup_is_sound(as_person, address, language):
    document = as_person("member01", language).page(address, 404 if "nothing" in address else 200)
    for tag, attributes in document.tags:
        assert "style" not in attributes
        assert not [name for name in attributes if name.startswith("on")]
        assert tag != "style"
        assert tag != "script" or attributes.get("src")
    identifiers = [attributes["id"] for _, attributes in document.tags if attributes.get("id")]
    assert len(identifiers) == len(set(identifiers))
    assert len(document.all("h1")) == 1
    assert document.all("html", lang=language)


@pytest.mark.parametrize("address", MANAGED)
def test_managers_pages_are_sound(manager, address):
    assert manager.page(address).all("h1")


# The form to edit a facility shows its English texts on purpose.
@pytest.mark.parametrize("address", [address for address in MANAGED if "/edit" not in address])
def test_a_managers_chinese_page_has_no_english_words(manager, address):
    shown = LATIN_ALLOWED.sub("", manager.page(address).text.replace("manager-labs", ""))
    left = re.findall(r"[A-Za-z]{3,}", shown)
    assert left == []


def test_what_managers_look_after_is_closed_to_members(member):
    assert member.get("/manage").status_code == 403


@pytest.mark.parametrize("address", PAGES)
def test_a_chinese_page_has_no_english_words(as_person, address):
    text = as_person("member01").page(address, 404 if "nothing" in address else 200).text
    left = list(re.findall(r"[A-Za-z]{3,}", LATIN_ALLOWED.sub("", text)))
    assert left == []


@pytest.mark.parametrize("address", ["/", "/board", "/reservations", "/tokens", "/facilities/LAB-1"])
def test_visitors_are_led_to_the_sign_in_page_and_back(visitor, address):
    answer = visitor.get(address)
    assert answer.status_code == 303
    assert answer.location.startswith("/sign-in")


def test_a_fragment_for_a_visitor_sends_the_browser_to_sign_in(visitor):
    answer = visitor.get("/board/rows/LAB-1", headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == "/sign-in"


def test_the_theme_is_set_on_the_root_by_the_server(member):
    member.post("/preferences", {"theme": "dark"})
    assert member.page("/").all("html", data_theme="dark")


def test_the_language_switch_lasts_and_reaches_accounts(member, services):
    member.post("/preferences", {"language": "en"})
    assert member.page("/board").all("html", lang="en")
    assert services.people["member01"]["language"] == "en"


def test_a_service_that_is_away_gives_plain_words_and_a_way_on(member, services):
    from services.contracts.errors import Unavailable

    services.answers["booking", "board"] = Unavailable()
    answer = member.get("/board")
    assert answer.status_code == 503
    assert "再试一次" in answer.text


def test_the_facilities_are_listed_even_when_booking_is_away(member, services):
    from services.contracts.errors import Unavailable

    services.answers["booking", "board"] = Unavailable()
    assert "高低温老化" in member.page("/facilities").text
