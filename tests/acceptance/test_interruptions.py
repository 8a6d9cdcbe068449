"""An outage from end to end: looked at, declared, seen by its team, in the way of others, ended."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest

from tests.waiting import until

NAMES = {"zh-Hans": "断", "en": "Break"}


@pytest.fixture
def site(api):
    """A base of its own."""
    code = f"S-BREAK-{uuid.uuid4().hex[:6]}"
    assert api("admin").post("sites", json={"site": code, "names": NAMES}).status_code == 201
    return code


@pytest.fixture
def lab(own_facility, site):
    """A lab that no other test meets, closed on the holidays of its base."""
    return own_facility("BREAK", site=site, on_holidays="closed")


def tomorrow(hours):
    day = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=2)
    return day + timedelta(hours=hours)


def span(starts, ends):
    return {"starts_at": tomorrow(starts).isoformat(), "ends_at": tomorrow(ends).isoformat()}


def ask(client, lab, starts, ends):
    return client.reserve(lab, (tomorrow(starts), tomorrow(ends)), team="team-33")


def test_an_outage_and_its_end(api, lab):
    team, admin = api("member33"), api("admin")
    made = ask(team, lab, 10, 12).json()
    outage = {"facility": lab, "reason": {"zh-Hans": "压缩机故障"}, "note": "secret", **span(9, 14)}

    looked = admin.post("interruptions/preview", json={
        "kind": "outage", **{name: outage[name] for name in outage if name != "note"}}).json()
    assert [hit["id"] for hit in looked["items"]] == [made["id"]]
    declared = admin.post("outages", json=outage)
    assert declared.status_code == 201, declared.text
    address = f"interruptions/{declared.json()['interruption']}"

    hit = until(lambda: team.get(f"reservations/{made['id']}").json()["hit"])
    assert hit["reason"] == {"zh-Hans": "压缩机故障"}
    window = {"from": tomorrow(0).isoformat(), "to": tomorrow(24).isoformat(), "facility": lab}
    board = team.get("board", params=window)
    assert {item["state"] for item in board.json()["items"]} == {"approved", "outage"}
    assert "secret" not in board.text + team.get(address).text

    refused = ask(team, lab, 12, 14)
    assert refused.status_code == 422
    (violation,) = refused.json()["violations"]
    assert violation["rule"] == "interrupted"
    assert "压缩机故障" in violation["detail"]
    assert refused.json()["alternatives"]
    assert ask(team, lab, 15, 16).status_code == 201

    assert admin.post(f"{address}/extend", json={"ends_at": tomorrow(9.5).isoformat()}).status_code == 200
    until(lambda: team.get(f"reservations/{made['id']}").json()["hit"] is None)
    assert admin.post(f"{address}/call-off", json={}).status_code == 200
    until(lambda: ask(team, lab, 9, 9.5).status_code == 201)


def test_a_holiday_and_a_closure_of_one_base_leave_the_other_alone(api, lab, site):
    admin, team = api("admin"), api("member33")
    day = (tomorrow(0) + timedelta(hours=8)).date()
    holiday = [{"date": day.isoformat(), "kind": "holiday", "names": NAMES}]
    ask(team, lab, 1, 2)
    looked = admin.post(f"sites/{site}/calendar/preview", json={"year": day.year, "days": holiday})
    assert looked.json()["count"] == 1
    saved = admin.post(f"sites/{site}/calendar", json={"year": day.year, "days": holiday, "version": 1})
    assert saved.status_code == 200, saved.text
    rules = until(lambda: [each["rule"] for each in ask(team, lab, 3, 4).json().get("violations", ())])
    assert rules == ["outside_opening_hours"]
    closed = admin.post("closures", json={"site": site, "reason": NAMES, **span(30, 40)})
    assert closed.status_code == 201, closed.text
    until(lambda: "interrupted" in ask(team, lab, 31, 32).text)
    assert admin.get("closures", params={"facility": "LAB-3"}).json()["items"] == []
