"""A campaign over facilities of two managers: found, held as one, agreed to by both, moved and given up as one."""

from datetime import UTC, datetime, timedelta

from tests.waiting import until

PURPOSE = "银膜贴合后 48 小时内测试"
ROUTE = [
    {"facility": "PLAT-12", "minutes": 120},
    {"facility": "LAB-3", "minutes": 60, "least_gap_minutes": 30, "most_gap_minutes": 2880},
]


def planned(client, team, after_days=4):
    """The steps of the first plan that is found."""
    first = datetime.now(UTC) + timedelta(days=after_days)
    found = client.post("campaigns/find", json={
        "steps": ROUTE, "team": team, "starts_at": first.isoformat(),
        "ends_at": (first + timedelta(days=40)).isoformat()})
    assert found.status_code == 200, found.text
    plan = found.json()["plans"][0]
    names = ("facility", "starts_at", "ends_at", "unit")
    return [
        {name: gap[name] for name in gap if name != "minutes"} | {name: step[name] for name in names}
        for gap, step in zip(ROUTE, plan["steps"], strict=True)
    ]


def asked(steps, team):
    return {"team": team, "purpose": PURPOSE, "steps": steps}


def told(verify, campaign, version):
    """Who was told of one action, and how often."""
    facts = verify(
        "booking", "SELECT event_id FROM verify.outbox WHERE aggregate_id = %s AND version = %s", campaign, version)
    assert len(facts) == 1
    rows = verify(
        "notify", "SELECT recipient, channel FROM verify.deliveries WHERE event_id = %s", facts[0]["event_id"])
    found = [(each["recipient"], each["channel"]) for each in rows]
    assert len(found) == len(set(found))
    return {recipient for recipient, _ in found}


def held(verify, steps):
    rows = verify("booking", "SELECT reservation_id::text FROM verify.occupancy WHERE held")
    return {each["id"] for each in steps} & {row["reservation_id"] for row in rows}


def test_a_campaign_is_found_held_agreed_to_moved_and_given_up_as_one(api, verify):
    member, rival = api("member31"), api("member32")
    steps = planned(member, "team-31")
    made = member.post("campaigns", json=asked(steps, "team-31"))
    assert made.status_code == 201, made.text
    campaign = made.json()
    address = f"campaigns/{campaign['id']}"
    assert [each["facility"] for each in campaign["steps"]] == ["PLAT-12", "LAB-3"]
    assert len(held(verify, campaign["steps"])) == 2

    refused = rival.post("campaigns", json=asked(
        [step | {"unit": mine["unit"]} for step, mine in zip(steps, campaign["steps"], strict=True)], "team-32"))
    assert refused.status_code in (409, 422), refused.text
    assert "team-31" not in refused.text
    waiting = rival.get("reservations", params={"team": "team-32", "state": "requested"}).json()["items"]
    assert PURPOSE not in {each["purpose"] for each in waiting}
    assert rival.get(address).status_code == 404

    managers = ("manager-platforms", "manager-labs")
    deciders = [who for who, each in zip(managers, campaign["steps"], strict=True) if each["awaits"]]
    assert set(deciders) <= until(lambda: told(verify, campaign["id"], 1), 120)
    for manager in deciders:
        assert member.get(address).json()["state"] == "waiting"
        assert api(manager).post(f"{address}/approve").status_code == 200
    version = 1 + len(deciders)
    granted = member.get(address).json()
    assert (granted["state"], granted["version"]) == ("granted", version)
    assert "member31" in until(lambda: told(verify, campaign["id"], version), 120)
    for each in campaign["steps"]:
        assert member.get("deliveries", params={"reservation": each["id"]}).json()["items"] == []

    plan = member.post(f"{address}/find").json()["plans"][0]
    moves = [{name: each[name] for name in ("step", "starts_at", "unit")} for each in plan["steps"]]
    moved = member.patch(address, json={"version": version, "steps": moves})
    assert moved.status_code == 200, moved.text
    assert [each["starts_at"] for each in moved.json()["steps"]] == [each["starts_at"] for each in plan["steps"]]

    last = moved.json()["steps"][1]
    step = "cancel" if last["state"] == "approved" else "withdraw"
    assert member.step(last["id"], step).status_code == 200
    assert member.get(address).json()["state"] == "ended"
    assert held(verify, campaign["steps"]) == set()
    assert "member31" in until(lambda: told(verify, campaign["id"], version + 2), 120)
