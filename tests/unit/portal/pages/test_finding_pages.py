"""Finding a time in the pages: what is asked, what is shown, and one tap to the form; and a run in pieces."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from services.contracts.errors import InvalidInput
from services.portal.pages.timeline import ZONE, at, week_of
from tests.unit.portal.pages import documents


@pytest.fixture
def day(services):
    services.reservations.clear()
    return week_of(services.now.astimezone(ZONE).date()) + timedelta(days=22)


@pytest.fixture
def time_of(day):
    def made(starts, ends, why="later", facility="LAB-3", unit="A", **more):
        return {"facility": facility, "unit": unit, "starts_at": at(day, starts * 60).isoformat(),
                "ends_at": at(day, ends * 60).isoformat(), "why": why, **more}

    return made


def pieces(day):
    return [{"unit": "A", "starts_at": at(day, start).isoformat(), "ends_at": at(day, start + 120).isoformat()}
            for start in (600, 840)]


def links(page, path):
    found = [link.get("href") or "" for link in page.all("a")]
    return [parse_qs(urlsplit(address).query) for address in found if address.startswith(path)]


def test_what_is_said_is_asked_and_each_time_opens_the_form_filled_in(member, services, day, time_of):
    services.times = [time_of(10, 12, "nearest"), time_of(9, 11, "equivalent_facility", "LAB-4", None)]
    page = member.page(
        f"/find?place=LAB-3&minutes=120&from={day}&to={day}&part=morning&people=2&team=team-00"
        "&project=team-00-p1&equivalents=1")
    asked = services.looked_for
    assert (asked["facility"], asked["kind"], asked["minutes"], asked["equivalents"]) == ("LAB-3", None, 120, True)
    assert (asked["team"], asked["project"], asked["people"], asked["part"]) == ("team-00", "team-00-p1", 2, "morning")
    assert (asked["starts_at"], asked["ends_at"]) == (at(day, 0).isoformat(), at(day, 1440).isoformat())
    first, second = links(page, "/reservations/new?facility=LAB")
    assert first == {
        "facility": ["LAB-3"], "unit": ["A"], "start": [f"{day}T10:00"], "end": [f"{day}T12:00"], "team": ["team-00"],
        "project": ["team-00-p1"], "people": ["2"],
    }
    assert second["facility"] == ["LAB-4"]
    assert "最早的时间" in page.text
    form = member.page(f"/reservations/new?facility=LAB-3&start={day}T10:00&end={day}T12:00&people=2")
    assert form.value("people") == "2"


def test_a_kind_is_asked_for_as_such(member, services):
    member.page("/find?place=kind:platform&minutes=60")
    assert (services.looked_for["facility"], services.looked_for["kind"]) == (None, "platform")


def test_what_stands_in_the_way_is_told_and_the_wait_list_offered(member, services, day):
    services.blocked = [{"facility": "LAB-3", "taken": True, "violations": []}]
    page = member.page(f"/find?place=LAB-3&minutes=120&from={day}&to={day}")
    assert "时间已全部约满" in page.text
    assert links(page, "/waitlist/new") == [
        {"facility": ["LAB-3"], "minutes": ["120"], "from": [str(day)], "to": [str(day)], "team": ["team-00"]}]
    rule = {"rule": "too_long", "facts": {"longest_minutes": 480}, "waivable_by": []}
    services.blocked = [{"facility": "LAB-3", "taken": False, "violations": [rule]}]
    page = member.page(f"/find?place=LAB-3&minutes=600&from={day}&to={day}")
    assert "最长 8 小时" in page.text
    assert links(page, "/waitlist/new") == []


def test_fields_that_are_wrong_are_marked(member, services):
    def refuse(actor, **wanted):
        raise InvalidInput(errors={"people": ["out_of_range"]})

    services.answers["booking", "find_times"] = refuse
    page = documents.read(member.get("/find?place=LAB-3&minutes=120&people=0").text)
    assert page.all("input", id="people", aria_invalid="true")


def test_it_is_in_the_menu(member):
    assert member.page("/board").all("a", href="/find")


class TestPieces:
    @pytest.fixture
    def page(self, member, services, day, time_of):
        services.times = [time_of(10, 16, "split", pieces=pieces(day))]
        found = member.page("/find?place=LAB-3&minutes=240&team=team-00")
        addresses = [link["href"] for link in found.all("a") if "/reservations/split" in (link.get("href") or "")]
        return member.page(addresses[0])

    def test_they_are_shown_once_more_and_asked_for_as_one(self, member, services, page, day):
        fields = {tag["name"]: tag["value"] for tag in page.all("input", type="hidden") if tag["name"] != "piece"}
        fields |= {"piece": [tag["value"] for tag in page.all("input", name="piece")], "purpose": "振动试验"}
        answer = member.post("/reservations/split", fields)
        assert answer.location.startswith("/campaigns/")
        made = sorted(each["starts_at"] for each in services.reservations.values())
        assert made == [piece["starts_at"] for piece in pieces(day)]

    def test_without_a_purpose_nothing_is_asked_for(self, member, services, page):
        fields = {tag["name"]: tag["value"] for tag in page.all("input", type="hidden")}
        answer = member.post("/reservations/split", fields | {"purpose": " "})
        assert answer.status_code == 422
        assert documents.read(answer.text).all("textarea", aria_invalid="true")

    def test_from_the_form_what_was_typed_comes_along(self, member, services, day):
        value = " ".join(f"A|{day}T{start}:00|{day}T{start + 2}:00" for start in (10, 14))
        typed = {"facility": "LAB-3", "team": "team-00", "purpose": "振动试验", "people": "2", "piece": value}
        form = documents.read(member.post("/reservations/split", typed, fragment=True).text)
        assert "振动试验" in form.text
        assert form.value("people") == "2"
        assert len(form.all("input", name="piece")) == 2
