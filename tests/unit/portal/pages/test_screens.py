"""Screens at doors and in the hall: paired by a code, known by a cookie, and good for nothing else."""

import re
from datetime import timedelta

import pytest

from services.contracts.errors import InvalidInput, NotAllowed, Unauthenticated

SECRET = "s" * 43


def unit(services, state="free", **more):
    now = services.now
    slot = {
        "id": "11111111-2222-4333-8444-555555555555", "version": 2, "state": "approved", "unit": "A",
        "starts_at": now.isoformat(), "ends_at": (now + timedelta(hours=2)).isoformat(),
        "latest_end": (now + timedelta(hours=2)).isoformat(), "overdue": False, "allowed_actions": [],
        "later_ends": [],
    }
    present = slot | more if state != "free" else None
    return {
        "code": "A", "names": {"zh-Hans": "1 号箱", "en": "Chamber 1"}, "state": state, "present": present,
        "due": [present] if state == "due" else [], "following": [slot] if state == "free" else [],
        "free_until": slot["starts_at"] if state == "free" else None,
    }


@pytest.fixture
def base(services):
    """A base with screens: the one with SECRET is that of LAB-1's door."""
    services.paired = {"LAB-1": True}

    def identity_by_device(secret):
        if secret != SECRET or not services.paired["LAB-1"]:
            raise Unauthenticated
        return {
            "person": "door.LAB-1", "name": "Door", "language": "zh-Hans", "active": True, "roles": [], "manages": [],
            "teams": [], "device": "d", "facility": "LAB-1",
        }

    def pair_device(actor, request_key, code):
        if code != "ABCD 2345":
            raise InvalidInput(errors={"code": ["not_a_code"]})
        return {"device": "d", "facility": "LAB-1", "secret": SECRET}

    services.units = [unit(services)]
    services.answers |= {
        ("accounts", "identity_by_device"): identity_by_device,
        ("accounts", "pair_device"): pair_device,
        ("accounts", "create_pairing"): {"device": "d", "facility": "LAB-1", "code": "ABCD2345"},
        ("accounts", "revoke_device"): {"device": "d"},
        ("accounts", "devices"): {"items": [{
            "device": "11111111-2222-4333-8444-555555555555", "name": "Tablet 1", "facility": "LAB-1",
            "created_at": services.now.isoformat(), "paired_at": services.now.isoformat(), "created_by_name": "王建国",
        }]},
        ("booking", "door"): lambda actor: {
            "facility": "LAB-1", "names": services.facilities["LAB-1"]["names"], "units": services.units},
        ("booking", "hall"): lambda actor: {
            "facilities": [{"code": code, **{name: each[name] for name in ("kind", "names", "units", "opening_hours")}}
                           for code, each in services.facilities.items()],
            "items": [{"facility": "LAB-1", "unit": "LAB-1-1", "in_use": True, "starts_at": services.now.isoformat(),
                       "ends_at": (services.now + timedelta(hours=1)).isoformat()}]},
    }
    return services


@pytest.fixture
def tablet(app, base):
    """A screen that has been paired at LAB-1."""
    client = app.test_client()
    page = client.get("/door")
    client.post("/door", data={"csrf_token": token_of(page), "code": "ABCD 2345"})
    return client


def token_of(page):
    return re.search(r'name="csrf-token" content="([0-9a-f]+)"', page.text)[1]


def tap(tablet, step, **fields):
    return tablet.post(f"/door/{step}", data={"csrf_token": token_of(tablet.get("/door")), **fields})


def test_a_screen_is_paired_by_a_code(app, base):
    client = app.test_client()
    page = client.get("/door")
    assert "配对此屏幕" in page.text
    wrong = client.post("/door", data={"csrf_token": token_of(page), "code": "WRONG234"})
    assert (wrong.status_code, "配对码不正确" in wrong.text) == (422, True)
    answer = client.post("/door", data={"csrf_token": token_of(page), "code": "ABCD 2345"})
    cookie = next(line for line in answer.headers.getlist("Set-Cookie") if line.startswith("screen="))
    assert "HttpOnly" in cookie
    assert SECRET in cookie
    assert "空闲" in client.get("/door").text


def test_a_forged_form_changes_nothing(tablet, base):
    assert tablet.post("/door/check-out", data={"reservation": "x"}).status_code == 403


def test_a_screen_opens_no_other_page(tablet):
    assert "空闲" in tablet.get("/door").text
    for address in ("/", "/board", "/reservations", "/screens"):
        assert tablet.get(address).location.startswith("/sign-in")
    assert tablet.get("/api/v1/me").status_code == 401
    assert "空闲" in tablet.get("/door").text


def test_a_screen_that_was_revoked_is_asked_for_a_code(tablet, base, app):
    base.paired["LAB-1"] = False
    app.extensions["identities"].known.clear()
    assert "配对此屏幕" in tablet.get("/door").text
    assert tablet.post("/door/check-out", data={"csrf_token": token_of(tablet.get("/door"))}).location == "/door"


def test_the_door_says_who_should_come_and_takes_the_pin(tablet, base):
    base.units = [unit(base, "due", allowed_actions=["check_in"])]
    page = tablet.get("/door?part=screen").text
    assert "请签到" in page
    assert "<html" not in page
    assert "member01" not in page
    base.answers["booking", "check_in_reservation"] = lambda **fields: {"id": fields["reservation"], "state": "in_use"}
    assert tap(tablet, "check-in", reservation=base.units[0]["present"]["id"], pin="4711").location == "/door"
    command = base.commands[-1]
    assert (command.actor, command.pin) == ("door.LAB-1", "4711")

    def refuse(**fields):
        raise NotAllowed(reason="wrong_pin")

    base.answers["booking", "check_in_reservation"] = refuse
    answer = tap(tablet, "check-in", reservation=base.units[0]["present"]["id"], pin="0000")
    assert (answer.status_code, "签到码不正确" in answer.text) == (409, True)


def test_the_door_checks_out_extends_and_reports(tablet, base):
    end = (base.now + timedelta(hours=3)).isoformat()
    base.units = [unit(base, "in_use", allowed_actions=["check_out", "extend"], later_ends=[end])]
    reservation = base.units[0]["present"]["id"]
    text = tablet.get("/door").text
    assert "使用中" in text
    assert "延长到" in text
    for method in ("check_out_reservation", "extend_reservation"):
        base.answers["booking", method] = lambda **fields: {"id": fields["reservation"]}
    assert tap(tablet, "extend", reservation=reservation, ends_at=end).status_code == 303
    assert tap(tablet, "extend", reservation=reservation, ends_at="later").status_code == 409
    assert tap(tablet, "check-out", reservation=reservation).status_code == 303
    assert tap(tablet, "fault", text="没有真空", unit="").status_code == 303
    assert [type(each).__name__ for each in base.commands[-3:]] == [
        "ExtendReservation", "CheckOutReservation", "ReportFault"]
    assert {each.actor for each in base.commands[-3:]} == {"door.LAB-1"}


def test_the_hall_shows_every_facility_without_names(tablet, member, base):
    for browser in (tablet, member):
        text = browser.get("/hall").text
        assert "今日基地" in text
        assert text.count("hall-tile ") == len(base.facilities)
    assert "1 个使用中" in text


def test_nobody_unknown_sees_the_hall(app, base):
    assert app.test_client().get("/hall").location == "/door"


def test_managers_pair_and_end_screens(manager, member, base):
    assert member.get("/screens").status_code == 403
    assert "Tablet 1" in manager.page("/screens").text
    answer = manager.post("/screens", {"name": "Tablet 2", "facility": "LAB-1"})
    assert "ABCD 2345" in answer.text
    assert "大厅</option>" not in answer.text
    assert manager.post("/screens/11111111-2222-4333-8444-555555555555/revoke").location == "/screens"
