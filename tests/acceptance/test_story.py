"""The main job: ask, be refused with good alternatives, get the time, have it approved, read about it."""

import re
from datetime import datetime, timedelta

import httpx
import pytest

from tests.waiting import until

MANAGED = "LAB-3"
"""A facility whose manager decides (deploy/base)."""
AUTOMATIC = "LAB-6"
"""One that grants at once."""


def problem(response, status, code):
    assert response.headers["content-type"].startswith("application/problem+json"), response.text
    body = response.json()
    assert (response.status_code, body["status"], body["code"]) == (status, status, code), body
    return body


def messages_about(stack, reservation):
    return [mail for mail in stack.mails() if reservation in mail["text"]]


def test_the_whole_story(stack, api, slots):
    member, rival, manager = api("member01"), api("member02"), api("manager-labs")
    span = slots(MANAGED)

    asked = member.reserve(MANAGED, span)
    assert asked.status_code == 201, asked.text
    reservation = asked.json()["id"]
    assert asked.json()["state"] == "requested"
    assert asked.headers["location"].endswith(reservation)

    taken = problem(rival.reserve(MANAGED, span, team="team-02"), 409, "slot_taken")
    assert taken["alternatives"]
    better = taken["alternatives"][0]
    got = rival.reserve(
        better["facility"],
        (datetime.fromisoformat(better["starts_at"]), datetime.fromisoformat(better["ends_at"])),
        team="team-02",
        unit=better["unit"],
    )
    assert got.status_code == 201, got.text

    queue = manager.get("reservations", params={"state": "requested", "facility": MANAGED}).json()["items"]
    assert reservation in [row["id"] for row in queue]
    approved = manager.step(reservation, "approve")
    assert (approved.status_code, approved.json()["state"]) == (200, "approved"), approved.text

    mails = until(lambda: [mail for mail in messages_about(stack, reservation) if mail["calendar"]], 20)
    assert "METHOD:REQUEST" in mails[0]["calendar"]
    assert f"reservation-{reservation}" in mails[0]["calendar"]
    until(
        lambda: [card for card in stack.cards() if card["to"] == "demo-member01" and "approved" in card["template"]], 20
    )
    deliveries = until(lambda: settled(member, reservation), 20)
    told = {(row["recipient"], row["channel"]) for row in deliveries}
    assert {("member01", "email"), ("member01", "wechat"), ("manager-labs", "email")} <= told

    cancelled = member.step(reservation, "cancel", reason="样品未到")
    assert cancelled.json()["state"] == "cancelled"
    until(
        lambda: [mail for mail in messages_about(stack, reservation) if "METHOD:CANCEL" in (mail["calendar"] or "")], 20
    )
    assert member.reserve(MANAGED, span).status_code == 201


def settled(client, reservation):
    rows = client.get("deliveries", params={"reservation": reservation}).json().get("items", [])
    done = (
        rows
        and all(row["state"] == "accepted" for row in rows)
        and any(row["event_type"] == "ReservationApproved" for row in rows)
    )
    return rows if done else None


def test_each_fact_reaches_each_person_and_channel_exactly_once(stack, api, slots, verify):
    member = api("member03")
    reservation = member.reserve(MANAGED, slots(MANAGED), team="team-03").json()["id"]
    api("manager-labs").step(reservation, "reject", reason="设备校准")
    until(
        lambda: any(
            row["event_type"] == "ReservationRejected"
            for row in member.get("deliveries", params={"reservation": reservation}).json().get("items", [])
        ),
        20,
    )
    rows = verify(
        "notify",
        "SELECT event_id, recipient, channel, count(*) FROM verify.deliveries GROUP BY 1, 2, 3 HAVING count(*) > 1",
    )
    assert rows == []


def test_moving_and_withdrawing(api, slots):
    member = api("member04")
    first, second = slots(MANAGED), slots(MANAGED)
    made = member.reserve(MANAGED, first, team="team-04").json()
    moved = member.patch(
        f"reservations/{made['id']}",
        json={"version": made["version"], "starts_at": second[0].isoformat(), "ends_at": second[1].isoformat()},
    )
    assert moved.status_code == 200, moved.text
    assert datetime.fromisoformat(moved.json()["starts_at"]) == second[0]
    assert member.reserve(MANAGED, first, team="team-04").status_code == 201
    assert member.step(made["id"], "withdraw").json()["state"] == "withdrawn"
    problem(member.step(made["id"], "withdraw"), 409, "wrong_state")


def test_a_month_long_run_and_one_across_midnight(api, slots):
    member = api("member05")
    month = slots("LAB-1", 30 * 24 * 60)
    made = member.reserve("LAB-1", month, team="team-05")
    assert made.status_code == 201, made.text
    night = slots("LAB-1", 8 * 60)
    midnight = night[0].replace(hour=22), night[0].replace(hour=22) + timedelta(hours=8)
    crossing = member.reserve("LAB-1", midnight, team="team-05")
    assert crossing.status_code in (201, 409), crossing.text


def test_an_automatic_facility_approves_at_once(api, slots, stack):
    made = api("member06").reserve(AUTOMATIC, slots(AUTOMATIC, 60), team="team-06")
    assert (made.status_code, made.json()["state"]) == (201, "approved"), made.text


def test_an_undecided_request_expires_by_itself_and_frees_the_slot(api, stack, slots, own_facility):
    """An hour to decide is a quarter of a minute on the tests' stack."""
    short = own_facility("SHORT", approval="manager", decision_hours=1)
    span = slots(short)
    made = api("member07").reserve(short, span, team="team-07").json()
    assert api("member08").reserve(short, span, team="team-08").status_code == 409
    until(lambda: api("member07").get(f"reservations/{made['id']}").json()["state"] == "expired", 40)
    until(lambda: [mail for mail in messages_about(stack, made["id"]) if "member07" in str(mail["to"])], 20)
    assert api("member08").reserve(short, span, team="team-08").status_code == 201


def test_all_broken_rules_are_listed_together(api):
    start = datetime.now().astimezone().replace(hour=3, minute=7, second=0, microsecond=0) - timedelta(days=2)
    body = problem(api("member01").reserve(MANAGED, (start, start + timedelta(minutes=11))), 422, "rule_broken")
    rules = {violation["rule"] for violation in body["violations"]}
    assert {"in_the_past", "not_whole_grid"} <= rules
    assert all(violation["detail"] and "waivable_by" in violation for violation in body["violations"])


@pytest.mark.parametrize(("language", "word"), [("zh-Hans", "[一-龥]"), ("en", "^[^一-龥]+$")])
def test_a_refusal_speaks_the_readers_language(stack, slots, api, language, word):
    span = slots(MANAGED)
    api("member08").reserve(MANAGED, span, team="team-08")
    answer = api("member09").reserve(MANAGED, span, team="team-09", key=None)
    spoken = httpx.post(
        f"{stack.portal}/api/v1/reservations",
        json=dict(__import__("json").loads(answer.request.content)),
        headers={
            "Authorization": f"Bearer {stack.token('member09')}",
            "Accept-Language": language,
            "Idempotency-Key": "lang",
        },
    )
    assert re.search(word, problem(spoken, 409, "slot_taken")["detail"])


def test_who_am_i(api):
    me = api("lead01").get("me").json()
    assert me["person"] == "lead01"
    assert me["teams"][0]["code"] == "team-01"
    assert me["teams"][0]["role"] == "lead"


def test_the_base_is_complete(api):
    rows = api("member01").get("facilities").json()["items"]
    families = [row["code"].partition("-")[0] for row in rows]
    assert (families.count("LINE"), families.count("LAB"), families.count("PLAT")) == (2, 9, 12)


def test_health_documents_and_metrics(stack):
    for path in ("healthz", "readyz"):
        assert httpx.get(f"{stack.portal}/{path}").status_code == 200
    document = httpx.get(f"{stack.portal}/api/openapi.json").json()
    assert {"/api/v1/reservations", "/api/v1/board", "/api/v1/me", "/api/v1/deliveries"} <= set(document["paths"])
    assert httpx.get(f"{stack.portal}/api/docs").status_code == 200
    assert "http" in httpx.get(f"{stack.portal}/metrics").text
