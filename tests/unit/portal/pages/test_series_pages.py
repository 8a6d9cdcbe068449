"""What repeats: the form, the look at every date, the series' page, and what is done with a whole series."""

import re
from datetime import date, timedelta

import pytest
from werkzeug.datastructures import MultiDict

from services.portal.pages.repeating import Repeat, repeated, rule_words
from services.portal.pages.timeline import ZONE, at, week_of
from tests.unit.portal.pages import documents

THURSDAY = date(2026, 11, 26)


@pytest.fixture
def first(services):
    """Tuesday after next, of which the fake base knows nothing."""
    services.reservations.clear()
    return week_of(services.now.astimezone(ZONE).date()) + timedelta(days=22)


@pytest.fixture
def fields(first):
    return {
        "facility": "LAB-3", "start_day": first.isoformat(), "start_clock": "10:00", "end_day": first.isoformat(),
        "end_clock": "12:00", "unit": "", "team": "team-00", "project": "", "purpose": "每周老化",
        "request_key": "key-1",
        "repeat": "weekly", "repeat_interval": "1", "repeat_ends": "count", "repeat_count": "3",
    }


@pytest.fixture
def taken(services, first):
    """The second week's time is somebody else's."""
    day = first + timedelta(days=7)
    times = (at(day, 600).isoformat(), at(day, 720).isoformat())
    services.request_reservation("admin", "other", "LAB-3", *times, "team-05", "x")
    return day


@pytest.fixture
def series(member, services, fields):
    """The address of a series of three weeks."""
    answer = member.post("/series", {**fields, "date": [], "take": []})
    assert answer.status_code == 303
    return answer.location


def days_of(fields, number=3):
    first = date.fromisoformat(fields["start_day"])
    return [(first + timedelta(days=7 * week)).isoformat() for week in range(number)]


def test_the_form_offers_to_repeat_and_says_what_it_means(member, fields):
    page = member.page("/reservations/new?facility=LAB-3")
    assert len(page.all("input", name="repeat_day")) == 7
    told = member.post("/reservations/check", {**fields, "repeat_day": ["0", "2"]}).text
    assert "每周的周一和周三，共 3 次" in told
    assert "每周" not in member.post("/reservations/check", {**fields, "repeat": ""}).text
    assert member.post("/reservations/check", {**fields, "repeat_count": "many"}).status_code == 200


def test_every_date_is_looked_at_before_anything_is_sent(member, services, fields, taken):
    before = len(services.reservations)
    answer = member.post("/reservations", fields)
    assert (answer.status_code, answer.location) == (307, "/series/new")
    page = documents.read(member.post("/series/new", fields).text)
    assert [each["value"] for each in page.all("input", name="date")] == days_of(fields)
    ways = [each["value"] for each in page.all("input", name=f"choice-{taken}")]
    assert ways[-1] == "skip"
    assert ways[0].startswith("LAB-3|LAB-3-1|")
    assert page.value("purpose") == "每周老化"
    assert "有 1 个日期无法按原样预约" in page.text
    assert len(services.reservations) == before


def test_what_was_chosen_is_what_is_asked_for(member, services, fields, taken):
    days = days_of(fields)
    way = f"LAB-4||{taken}T10:00|{taken}T12:00"
    answer = member.post("/series", {
        **fields, "date": days, "take": [days[0]], f"choice-{taken}": way})
    assert answer.status_code == 303
    (kept,) = services.repeated.values()
    assert kept["skipped"] == [days[2]]
    assert [(each["facility"], each["series_date"]) for each in services.members_of(kept["id"])] == [
        ("LAB-3", days[0]), ("LAB-4", days[1])]
    page = member.page(answer.location)
    assert "已略过" in page.text
    assert page.all("input", name="dates", value=days[2])


def test_what_was_taken_in_the_meantime_comes_back_with_choices(member, services, fields, taken):
    days = days_of(fields)
    answer = member.post("/series", {**fields, "date": days, "take": days[:2]})
    assert answer.status_code == 409
    page = documents.read(answer.text)
    assert "尚未作任何改动" in page.text
    assert "checked" in page.all("input", name=f"choice-{taken}", value="skip")[0]
    assert "checked" in page.all("input", name="take", value=days[0])[0]
    assert "checked" not in page.all("input", name="take", value=days[2])[0], "what was left out stays so"
    assert services.repeated == {}
    assert member.post("/series", {**fields, "date": days, "take": days, f"choice-{taken}": "skip"}).status_code == 303


@pytest.mark.parametrize(("change", "told"), [
    ({"purpose": " "}, "请填写"), ({"start_clock": "soon"}, "不是有效的日期和时间"),
])
def test_a_form_that_is_wrong_comes_back_as_a_form(member, fields, change, told):
    answer = member.post("/series/new", {**fields, **change})
    assert answer.status_code == 422
    page = documents.read(answer.text)
    assert told in page.text
    assert page.all("select", id="repeat")


def test_the_series_page_lists_members_and_leads_on(member, series):
    page = member.page(series)
    assert "每周的" in page.text
    assert f"{series}/change" in [each.get("href") for each in page.all("a")]
    assert page.all("form", action=f"{series}/dates")
    assert page.all("form", action=f"{series}/cancel")


def test_a_member_s_page_says_that_it_is_one(member, services, series):
    one = services.members_of(series.rsplit("/", 1)[1])[1]
    page = member.page(f"/reservations/{one['id']}")
    assert "属于系列预约" in page.text
    assert f"{series}/change?from={one['series_date']}" in [each.get("href") for each in page.all("a")]


def test_this_and_the_following_are_looked_at_and_moved(member, services, series, fields):
    days = days_of(fields)
    page = member.page(f"{series}/change?from={days[1]}")
    change = {
        "from": page.value("from"), "version": page.value("version"), "request_key": "move", "facility": "LAB-3",
        "unit": "", "clock": "14:00", "end_clock": "16:00", "end_days": "0", "shift": "0",
    }
    looked = documents.read(member.post(f"{series}/review", change).text)
    assert [each["value"] for each in looked.all("input", name="date")] == days[1:]
    assert looked.value("clock") == "14:00"
    answer = member.post(f"{series}/change", {**change, "date": days[1:], "take": [days[1]]})
    assert answer.status_code == 303
    starts = [each["starts_at"][11:16] for each in services.members_of(series.rsplit("/", 1)[1])]
    assert starts == ["02:00", "14:00", "02:00"]


@pytest.mark.parametrize("change", [
    {"end_clock": "13:00"}, {"clock": "soon"}, {"end_days": "x"}, {"shift": "far"}, {"end_days": "9999"}])
def test_a_change_that_cannot_be_read_comes_back(member, series, change):
    usual = {"facility": "LAB-3", "clock": "14:00", "end_clock": "16:00", "end_days": "0", "shift": "0"}
    assert member.post(f"{series}/review", {**usual, **change}).status_code == 422


def test_a_date_is_added_back_or_chosen_anew(member, services, fields, taken):
    days = days_of(fields)
    series = member.post("/series", {**fields, "date": days, "take": days[:1]}).location
    assert member.post(f"{series}/dates", {"dates": days[2], "request_key": "a"}).status_code == 303
    answer = member.post(f"{series}/dates", {"dates": days[1], "request_key": "b"})
    assert answer.status_code == 409
    page = documents.read(answer.text)
    assert page.value("dates") == days[1]
    assert page.all("input", name=f"choice-{taken}")


def test_the_whole_is_given_up_or_from_a_date_on(member, services, series, fields):
    days = days_of(fields)
    assert member.post(f"{series}/cancel", {"from_date": days[1], "request_key": "c"}).status_code == 303
    states = [each["state"] for each in services.members_of(series.rsplit("/", 1)[1])]
    assert states == ["requested", "withdrawn", "withdrawn"]


def test_the_queue_shows_a_series_as_one_and_decides_it_at_once(manager, services, series):
    identifier = series.rsplit("/", 1)[1]
    page = manager.page("/approvals")
    assert "系列预约，共 3 个" in page.text
    assert len(page.all("form", action=f"{series}/approve")) == 1
    answer = manager.post(f"{series}/approve", {"request_key": "d", "back": "approvals"})
    assert (answer.status_code, answer.location) == (303, "/approvals")
    assert {each["state"] for each in services.members_of(identifier)} == {"approved"}


def test_series_and_single_requests_are_approved_together(manager, services, series):
    identifier = series.rsplit("/", 1)[1]
    answer = manager.post("/approvals", {"request_key": "e", "reservation": [f"series:{identifier}"]})
    assert answer.status_code == 303
    assert {each["state"] for each in services.members_of(identifier)} == {"approved"}


def test_a_stranger_s_series_is_not_there(member):
    assert member.get("/series/00000000-0000-4000-8000-000000000000").status_code == 404


@pytest.mark.parametrize("language", ["zh-Hans", "en"])
def test_pages_are_sound_in_both_languages(as_person, services, series, fields, language):
    browser = as_person("member01", language)
    for answer in (browser.get(series), browser.get(f"{series}/change"), browser.post("/series/new", fields)):
        document = documents.read(answer.text)
        assert not [tag for tag, attributes in document.tags if "style" in attributes]
        if language == "zh-Hans":
            assert not re.findall(r"[a-z]{4,}", re.sub(r"member01|label|English|lead", "", document.text))


@pytest.mark.parametrize(("repeat", "rule", "english"), [
    (Repeat(frequency="daily"), "FREQ=DAILY;COUNT=8", "Every day, 8 times"),
    (Repeat(frequency="daily", interval="3", ends="until", until="2026-12-31"), "FREQ=DAILY;INTERVAL=3;UNTIL=20261231",
     "Every 3 days, up to and including Thu 31 Dec"),
    (Repeat(frequency="weekly", count="1"), "FREQ=WEEKLY;COUNT=1", "Every week on Thursday, 1 time"),
    (Repeat(frequency="weekly", interval="2", days=(0, 2)), "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE;COUNT=8",
     "Every 2 weeks on Monday and Wednesday, 8 times"),
    (Repeat(frequency="monthly"), "FREQ=MONTHLY;BYMONTHDAY=26;COUNT=8", "Every month on day 26, 8 times"),
    (Repeat(frequency="monthly", monthly="weekday"), "FREQ=MONTHLY;BYDAY=4TH;COUNT=8",
     "Every month on the fourth Thursday, 8 times"),
    (Repeat(frequency="monthly", monthly="last_weekday"), "FREQ=MONTHLY;BYDAY=-1TH;COUNT=8",
     "Every month on the last Thursday, 8 times"),
    (Repeat(frequency="monthly", monthly="last_day", interval="2"), "FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=-1;COUNT=8",
     "Every 2 months on the last day, 8 times"),
])
def test_the_form_s_rule_and_its_words(app, repeat, rule, english):
    assert repeat.rule(THURSDAY) == rule
    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert rule_words(rule, THURSDAY) == english
    with app.test_request_context(headers={"Accept-Language": "zh-Hans"}):
        assert not re.findall(r"[A-Za-z]", rule_words(rule, THURSDAY))


@pytest.mark.parametrize(("rule", "english"), [
    ("FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR;COUNT=5", "Every working day, Monday to Friday, 5 times"),
    ("FREQ=DAILY;BYDAY=SA;COUNT=5", "Every day that is a Saturday, 5 times"),
    ("FREQ=MONTHLY;BYMONTHDAY=31;COUNT=2", "Every month on day 31 (months without it are left out), 2 times"),
    ("FREQ=MONTHLY;BYMONTHDAY=-3,1;COUNT=2", "Every month on day 3 from the end and day 1, 2 times"),
    ("FREQ=MONTHLY;BYDAY=FR,-2MO;COUNT=2", "Every month on every Friday and the Monday number 2 from the end, 2 times"),
])
def test_rules_that_only_programs_make_have_words_too(app, rule, english):
    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert rule_words(rule, THURSDAY) == english


def test_strange_fields_are_no_repetition():
    strange = [("repeat", "yearly"), ("repeat_day", "9"), ("repeat_day", "x"), ("repeat_ends", "never")]
    assert repeated(MultiDict(strange)) == Repeat()
