"""The what-if desk: nothing is sent but a question, and what is published is what was tried."""

import pytest

from services.contracts.errors import InvalidInput, NotAllowed
from tests.unit.portal.pages import documents
from tests.unit.portal.what_if_examples import tried

AWAY = {"kind": "away", "place": "LAB-1/LAB-1-1", "starts_at": "2026-12-01T08:00", "ends_at": "2026-12-01T20:00"}


@pytest.fixture
def asked(services):
    """What booking was asked."""
    found = []

    def what_if(**fields):
        found.append(fields)
        return tried()

    services.answers["booking", "what_if"] = what_if
    return found


def test_managers_find_it_and_others_do_not(manager, member, asked):
    assert manager.page("/manage").all("a", href="/what-if")
    for kind in ("away", "hours", "shift", "odd"):
        assert manager.page(f"/what-if?kind={kind}").all("h1")
    assert member.get("/what-if").status_code == 403
    assert member.post("/what-if", AWAY).status_code == 403
    assert asked == []


def test_time_taken_away_is_tried_and_then_published_as_maintenance(manager, services, asked):
    page = documents.read(manager.post("/what-if", AWAY).text)
    (sent,) = asked
    assert (sent["facility"], sent["unit"], sent["kind"]) == ("LAB-1", "LAB-1-1", "maintenance")
    assert sent["spans"] == [{"starts_at": "2026-12-01T00:00:00+00:00", "ends_at": "2026-12-01T12:00:00+00:00"}]
    assert "2 个预约会受影响" in page.text
    assert "四周内减少 12 小时" in page.text
    assert len(page.all("span", class_="columns-96")) == 2
    assert services.given == []
    form = {each["name"]: each.get("value") for each in page.all("input", type="hidden")}
    assert (form["place"], form["starts_at"], form["kind"]) == ("LAB-1/LAB-1-1", "2026-12-01T08:00", "maintenance")
    published = manager.post("/interruptions/new", form | {"step": "look", "reason_zh-Hans": "校准"})
    assert published.status_code == 200
    assert services.given == []


def test_those_of_the_wait_list_who_would_get_time_are_told_by_the_names_of_their_teams(manager, services):
    served = {"team": "team-05", "team_name": "星河微电子", "purpose": "老化试验", "unit": "A",
              "starts_at": "2026-12-01T12:00:00+00:00", "ends_at": "2026-12-01T14:00:00+00:00"}
    services.answers["booking", "what_if"] = lambda **fields: tried(waiting=[served, served | {"team_name": None}])
    text = documents.read(manager.post("/what-if", AWAY).text).text
    assert "星河微电子 · 老化试验" in text
    assert text.count("team-05 · 老化试验") == 1


def test_the_whole_base_only_for_base_management(manager, admin, asked):
    value = {"value": "site/BASE"}
    assert not manager.page("/what-if").all("option", **value)
    assert admin.page("/what-if").all("option", **value)
    page = admin.post("/what-if", AWAY | {"place": "site/BASE"}).text
    assert (asked[0]["site"], asked[0]["kind"]) == ("BASE", "closure")
    assert 'name="site" value="BASE"' in page


def test_other_hours_are_tried_and_published_with_what_else_the_facility_has(manager, asked):
    start = manager.page("/what-if?kind=hours&facility=LAB-3")
    hours = {f"hours_{day}": start.value(f"hours_{day}") or "" for day in range(7)}
    page = documents.read(manager.post("/what-if", {"kind": "hours", "facility": "LAB-3", **hours,
                                                    "hours_0": "09:00-12:00"}).text)
    assert asked[0]["opening_hours"][0] == [[540, 720]]
    assert page.all("form", action="/facilities/LAB-3/edit/hours")
    hidden = {each["name"]: each.get("value") for each in page.all("input", type="hidden")}
    assert (hidden["hours_0"], hidden["version"]) == ("09:00-12:00", "3")


def test_an_extra_shift_becomes_exceptions_of_its_dates(manager, asked):
    shift = {"kind": "shift", "facility": "LAB-3", "first": "2026-11-28", "last": "2026-11-29", "more": "20:00–24:00"}
    page = documents.read(manager.post("/what-if", shift).text)
    assert (asked[0]["more_hours"], asked[0]["more_to"]) == ([[1200, 1440]], "2026-11-29")
    hidden = {each["name"]: each.get("value") for each in page.all("input", type="hidden")}
    assert hidden["exceptions"] == "2026-11-28 | 08:00–24:00"


@pytest.mark.parametrize("fields", [
    AWAY | {"starts_at": "soon"}, AWAY | {"ends_at": "2026-12-01T07:00"},
    {"kind": "hours", "facility": "LAB-3", "hours_0": "early"},
    {"kind": "shift", "facility": "LAB-3", "first": "x", "last": "2026-11-29", "more": "20:00–24:00"},
    {"kind": "shift", "facility": "LAB-3", "first": "2026-11-28", "last": "2026-11-29", "more": ""},
])
def test_what_cannot_be_read_is_named_and_nothing_is_asked(manager, asked, fields):
    answer = manager.post("/what-if", fields)
    assert answer.status_code == 422
    assert documents.read(answer.text).all("p", class_="field-error")
    assert asked == []


@pytest.mark.parametrize(("fields", "errors", "field"), [
    (AWAY, {"spans.0.ends_at": ["too_long"]}, "ends_at"),
    ({"kind": "hours", "facility": "LAB-3"}, {"opening_hours.6": ["too_many"]}, "hours_6"),
    ({"kind": "shift", "facility": "LAB-3", "first": "0001-01-01", "last": "9999-12-31", "more": "20:00–24:00"},
     {"more_to": ["malformed"]}, "last"),
])
def test_what_booking_finds_wrong_stands_at_its_field(manager, services, fields, errors, field):
    services.answers["booking", "what_if"] = InvalidInput(errors=errors)
    answer = manager.post("/what-if", fields)
    assert answer.status_code == 422
    (control,) = documents.read(answer.text).all("input", name=field)
    assert control["aria-invalid"] == "true"


def test_a_refusal_is_said(manager, services):
    services.answers["booking", "what_if"] = NotAllowed()
    assert manager.post("/what-if", AWAY).status_code == 403


@pytest.mark.parametrize("language", ["zh-Hans", "en"])
def test_the_desk_is_sound_in_both_languages(as_person, asked, language):
    admin = as_person("admin", language)
    for address in ("/what-if", "/what-if?kind=hours", "/what-if?kind=shift"):
        document = admin.page(address)
        identifiers = [attributes["id"] for _, attributes in document.tags if attributes.get("id")]
        assert len(identifiers) == len(set(identifiers))
    assert documents.read(admin.post("/what-if", AWAY).text).all("table")
