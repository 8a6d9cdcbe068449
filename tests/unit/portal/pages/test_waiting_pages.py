"""The wait list in the pages: how one gets there, what one sees of it, and the answer to an offer."""

from datetime import timedelta

import pytest

from services.portal.pages.explaining import why
from services.portal.pages.timeline import ZONE, at, week_of
from services.portal.pages.waiting_draft import Window, began, lengths
from services.portal.pages.waiting_words import may_wait, told_of_waiting
from tests.unit.portal.pages import documents


@pytest.fixture
def day(services):
    services.reservations.clear()
    return week_of(services.now.astimezone(ZONE).date()) + timedelta(days=22)


@pytest.fixture
def fields(day):
    return {
        "facility": "LAB-3", "start_day": day.isoformat(), "start_clock": "10:00", "end_day": day.isoformat(),
        "end_clock": "12:00", "unit": "", "team": "team-00", "project": "", "purpose": "振动试验", "minutes": "",
        "request_key": "key-1",
    }


@pytest.fixture
def taken(services, day):
    """The time is somebody else's."""
    times = (at(day, 600).isoformat(), at(day, 720).isoformat())
    return services.request_reservation("admin", "other", "LAB-3", *times, "team-05", "x")


@pytest.fixture
def entry(member, services, fields):
    assert member.post("/waitlist", fields).location == "/waitlist"
    return next(iter(services.waiters()))


class TestJoining:
    def test_a_refusal_leads_to_the_list_and_nothing_typed_is_lost(self, member, services, fields, taken):
        refused = documents.read(member.post("/reservations", fields).text)
        (button,) = refused.all("button", formaction="/waitlist/form")
        assert button["hx-post"] == "/waitlist/form"
        form = documents.read(member.post("/waitlist/form", fields).text)
        assert "振动试验" in form.text
        assert (form.value("start_day"), form.value("end_day")) == (fields["start_day"], fields["end_day"])
        assert form.all("form", action="/waitlist")
        fragment = member.post("/waitlist/form", fields, fragment=True).text
        assert "<html" not in fragment
        assert "wait-form" in fragment

    def test_what_is_against_the_rules_leads_nowhere(self):
        rule = [{"rule": "too_short"}]
        assert may_wait({"taken": True, "violations": []})
        assert may_wait({"taken": False, "violations": [{"rule": "quota_exceeded"}]})
        assert may_wait({"violations": [{"rule": "too_many_rivals"}]})
        assert not may_wait({"taken": True, "violations": rule})
        assert not may_wait({"taken": False, "violations": []})

    def test_the_time_itself_or_a_length_anywhere_in_it(self, member, services, fields):
        member.post("/waitlist", fields)
        member.post("/waitlist", fields | {"minutes": "240", "request_key": "key-2"})
        assert [each["minutes"] for each in services.waiters().values()] == [120, 240]

    def test_what_is_wrong_is_told_at_its_field(self, member, fields):
        answer = member.post("/waitlist", fields | {"purpose": ""})
        assert answer.status_code == 422
        page = documents.read(answer.text)
        assert page.all("textarea", id="purpose", aria_invalid="true")
        assert "请填写" in page.text

    def test_from_a_drawer_the_browser_is_sent_to_the_list(self, member, fields):
        answer = member.post("/waitlist", fields, fragment=True)
        assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/waitlist")

    def test_what_is_free_already_is_offered_instead(self, member, services, fields, day):
        services.free = [{
            "facility": "LAB-3", "unit": None, "starts_at": at(day, 840).isoformat(),
            "ends_at": at(day, 960).isoformat(), "why": "later"}]
        told = documents.read(member.post("/waitlist/check", fields).text)
        assert "无需候补" in told.text
        (link,) = [each for each in told.all("a") if each["href"].startswith("/reservations/new")]
        assert f"{day.isoformat()}T14:00" in link["href"]

    @pytest.mark.parametrize(("address", "expected"), [
        ("minutes=240&from=2027-03-01&to=2027-03-05", ("2027-03-01", "00:00", "2027-03-05", "24:00")),
        ("starts_at=2027-03-01T10:00%2B08:00&ends_at=2027-03-01T12:00%2B08:00",
         ("2027-03-01", "10:00", "2027-03-01", "12:00")),
        ("start=2027-03-01T10:00&end=2027-03-01T12:00", ("2027-03-01", "10:00", "2027-03-01", "12:00")),
        ("from=2027-03-01T08:00&to=2027-03-02T20:00", ("2027-03-01", "08:00", "2027-03-02", "20:00")),
    ])
    def test_an_address_fills_the_form(self, member, address, expected):
        page = member.page(f"/waitlist/new?facility=LAB-4&{address}")
        assert (page.value("start_day"), page.value("end_day")) == (expected[0], expected[2])
        chosen = [each.get("value") for each in page.all("option") if "selected" in each]
        assert "LAB-4" in chosen

    def test_without_any_time_it_is_the_coming_week(self, services):
        facility = services.facilities["LAB-3"] | {"code": "LAB-3"}
        draft, window = began({}, facility, "team-00")
        assert draft.ends_at - draft.starts_at == timedelta(days=7)
        assert window == Window(120)
        assert began({"from": "nonsense", "to": "2027-01-01"}, facility, "")[0].starts_at

    def test_lengths_are_those_of_the_facility(self):
        facility = {"shortest_minutes": 60, "longest_minutes": 300, "granularity_minutes": 60}
        assert lengths(facility, None) == [60, 120, 180, 240, 300]
        assert lengths(facility, 90) == [60, 90, 120, 180, 240, 300]

    def test_the_window_ends_before_what_would_not_fit(self, day):
        draft, _ = began({"from": day.isoformat(), "to": day.isoformat()}, LAB, "")
        assert Window(60).starts(draft) == (at(day, 0), at(day, 1380) + timedelta(minutes=1))
        assert Window(1441).starts(draft) is None


LAB = {
    "code": "LAB-3", "granularity_minutes": 30, "notice_minutes": 0, "shortest_minutes": 60, "longest_minutes": 480,
    "opening_hours": [[[0, 1440]]] * 7,
}


class TestOwn:
    def test_the_place_the_wish_and_how_to_leave(self, member, services, entry):
        page = member.page("/waitlist")
        assert "第 1 位" in page.text
        assert "振动试验" in page.text
        assert member.post(f"/waitlist/{entry}/leave", {"version": "1"}).location == "/waitlist"
        assert services.waiters()[entry]["state"] == "left"
        assert "振动试验" not in member.page("/waitlist").text
        assert "振动试验" in member.page("/waitlist?show=all").text

    def test_an_offer_stands_on_the_list_the_first_page_and_its_own(self, member, services, entry):
        reservation = services.offer(entry)
        for address in ("/waitlist", "/", f"/reservations/{reservation}"):
            page = member.page(address)
            assert page.all("form", action=f"/reservations/{reservation}/accept"), address
            assert page.all("form", action=f"/reservations/{reservation}/decline"), address
            assert "为贵团队保留至" in page.text

    def test_nobody_else_is_shown_the_answers(self, manager, services, entry):
        reservation = services.offer(entry)
        for address in ("/", f"/reservations/{reservation}"):
            assert not manager.page(address).all("form", action=f"/reservations/{reservation}/accept")

    def test_accepting_leads_to_the_reservation(self, member, services, entry):
        reservation = services.offer(entry)
        answer = member.post(f"/reservations/{reservation}/accept", {"version": "1"})
        assert answer.location == f"/reservations/{reservation}"
        assert services.reservations[reservation]["state"] == "requested"

    def test_declining_leads_back_to_the_list(self, member, services, entry):
        reservation = services.offer(entry)
        assert member.post(f"/reservations/{reservation}/decline").location == "/waitlist"
        assert services.waiters()[entry]["state"] == "left"

    def test_too_late_is_told_in_words(self, member, services, entry):
        reservation = services.offer(entry)
        services.reservations[reservation]["state"] = "expired"
        answer = member.post(f"/reservations/{reservation}/accept")
        assert answer.status_code == 409
        assert "已过期" in answer.text

    def test_leaving_what_is_offered_is_refused_in_words(self, member, services, entry):
        services.offer(entry)
        answer = member.post(f"/waitlist/{entry}/leave")
        assert answer.status_code == 409
        assert documents.read(answer.text).all("div", role="alert")

    def test_the_menu_and_the_reservations_lead_there(self, member):
        for address in ("/", "/reservations"):
            assert member.page(address).all("a", href="/waitlist")


@pytest.mark.parametrize(("before", "told"), [(0, "没有人候补这个时间"), (2, "前面有 2 项候补")])
def test_it_is_explained_on_what_an_offer_rested(app, day, before, told):
    times = {name: at(day, minute).isoformat() for name, minute in (
        ("joined_at", 0), ("starts_at", 600), ("ends_at", 720))}
    with app.test_request_context("/", headers={"Cookie": "language=zh-Hans"}):
        since, why = told_of_waiting({**times, "minutes": 120, "before": before, "waiting": 3})
        assert "2 小时" in since
        assert told in why


def test_it_is_explained_why_an_offer_was_taken_back(app):
    cause = {"kind": "outage", "facility": "LAB-3", "reason": {"zh-Hans": "压缩机故障", "en": "Compressor failure"}}
    taken = {"action": "expire", "at": "2026-03-04T01:00:00Z", "basis": {"taken_by": cause}}
    with app.test_request_context("/", headers={"Cookie": "language=en"}):
        (told,) = why({"decisions": [taken]})
        assert told["told"] == ["Why: Outage, LAB-3: Compressor failure."]


class TestManaging:
    def test_a_manager_sees_who_waits_in_order(self, manager, entry):
        page = manager.page("/waitlist/all")
        assert "海晏光电" in page.text
        assert "LAB-3" in page.text
        assert manager.page("/manage").all("a", href="/waitlist/all")

    def test_an_offer_is_shown_with_its_end(self, manager, services, entry):
        reservation = services.offer(entry)
        assert manager.page("/waitlist/all").all("a", href=f"/reservations/{reservation}")

    def test_it_is_closed_to_members(self, member):
        assert member.get("/waitlist/all").status_code == 403

    def test_how_long_an_offer_is_held_is_set_on_the_page_of_use_and_told(self, manager, services):
        page = manager.page("/facilities/LAB-1/edit/use")
        values = {name: page.value(name) for name in (
            "check_in_minutes", "no_show_minutes", "elastic_minutes", "offer_minutes", "version")}
        assert values["offer_minutes"] == "120"
        answer = manager.post("/facilities/LAB-1/edit/use", values | {"offer_minutes": "45"})
        assert answer.status_code == 303
        assert services.facilities["LAB-1"]["offer_minutes"] == 45
        assert "保留45 分钟" in manager.page("/facilities/LAB-1").text.replace("保留 45", "保留45")


def test_who_looks_at_a_taken_time_on_the_board_may_wait_for_it_instead(member, services, taken, day):
    kept = services.reservations[taken["id"]] | {"state": "approved"}
    services.reservations[taken["id"]] = kept
    page = member.page(f"/ask/LAB-3/{kept['unit']}/{day.isoformat()}T10:00")
    (link,) = [each["href"] for each in page.all("a") if each["href"].startswith("/waitlist/new")]
    form = member.page(link)
    assert (form.value("start_day"), form.value("end_day")) == (day.isoformat(), day.isoformat())
    assert form.all("form", action="/waitlist")
