"""A series from asking to giving up: clashes with ways out, one message for each action, no orphan."""

from datetime import datetime, timedelta

from tests.waiting import until

FACILITY = "LAB-3"
WEEK = timedelta(days=7)


def local_day(moment):
    return (moment + timedelta(hours=8)).date().isoformat()


def asked(span, team, **fields):
    starts_at, ends_at = (moment.isoformat() for moment in span)
    return {"facility": FACILITY, "starts_at": starts_at, "ends_at": ends_at, "team": team, "purpose": "每周振动例行",
            "rule": "FREQ=WEEKLY;COUNT=3", **fields}


def ask(member, span, team):
    """A series of which each date is as it was wished or left out, chosen date by date."""
    refused = member.post("series", json=asked(span, team))
    if refused.status_code == 201:
        return refused.json()
    skips = [{"date": each["date"], "action": "skip"} for each in refused.json()["clashes"]]
    made = member.post("series", json=asked(span, team, choices=skips))
    assert made.status_code == 201, made.text
    return made.json()


def messages_of(verify, series, version):
    """Who was told of one action on a series, and how often."""
    facts = verify(
        "booking", "SELECT event_id FROM verify.outbox WHERE aggregate_id = %s AND version = %s", series, version)
    assert len(facts) == 1
    return verify(
        "notify", "SELECT recipient, channel, state FROM verify.deliveries WHERE event_id = %s",
        facts[0]["event_id"])


def test_a_series_is_asked_for_clashes_is_granted_moved_and_given_up(api, slots, verify, stack):
    member, rival, manager = api("member11"), api("member12"), api("manager-labs")
    span = slots(FACILITY)
    second = tuple(moment + WEEK for moment in span)
    held = rival.reserve(FACILITY, second, team="team-12")
    assert held.status_code in (201, 409), held.text

    checked = member.post("series/check", json={
        name: value for name, value in asked(span, "team-11").items() if name != "purpose"})
    assert checked.status_code == 200, checked.text
    verdicts = {each["date"]: each for each in checked.json()["dates"]}
    assert verdicts[local_day(span[0])]["ok"]
    assert not verdicts[local_day(second[0])]["ok"]
    assert "team-12" not in checked.text

    held = {"team": "team-11", "state": "requested", "facility": FACILITY}
    before = member.get("reservations", params=held).json()["items"]
    refused = member.post("series", json=asked(span, "team-11"))
    assert (refused.status_code, refused.json()["code"]) == (409, "dates_clash")
    assert member.get("reservations", params=held).json()["items"] == before
    way = next(each for each in refused.json()["clashes"] if each["date"] == local_day(second[0]))["alternatives"][0]
    chosen = [{"date": local_day(second[0]), **{name: way[name] for name in (
        "facility", "unit", "starts_at", "ends_at")}}]
    chosen += [{"date": each["date"], "action": "skip"} for each in refused.json()["clashes"]
               if each["date"] != local_day(second[0])]
    made = member.post("series", json=asked(span, "team-11", choices=chosen))
    assert made.status_code == 201, made.text
    series = made.json()
    assert len(series["members"]) + len(series["skipped"]) == 3
    assert datetime.fromisoformat(series["members"][1]["starts_at"]) == datetime.fromisoformat(way["starts_at"])

    approved = manager.post(f"series/{series['id']}/approve")
    assert approved.status_code == 200, approved.text
    assert {each["state"] for each in approved.json()["members"]} == {"approved"}
    told = until(lambda: messages_of(verify, series["id"], 2), 60)
    assert ("member11", "email") in {(each["recipient"], each["channel"]) for each in told}
    assert len({(each["recipient"], each["channel"]) for each in told}) == len(told)
    for each in series["members"]:
        assert member.get("deliveries", params={"reservation": each["id"]}).json()["items"] == []

    found = member.get(f"series/{series['id']}").json()
    assert [each["state"] for each in found["members"]] == ["approved"] * len(series["members"])
    cancelled = member.post(f"series/{series['id']}/cancel", json={"reason": "样品未到"})
    assert {each["state"] for each in cancelled.json()["members"]} == {"cancelled"}
    assert rival.get(f"series/{series['id']}").status_code == 404


def test_a_member_moves_alone_and_a_left_out_date_comes_back(api, slots):
    member = api("member13")
    series = ask(member, slots(FACILITY), "team-13")
    one = series["members"][0]
    elsewhere = slots(FACILITY)
    moved = member.patch(f"reservations/{one['id']}", json={
        "version": 1, "starts_at": elsewhere[0].isoformat(), "ends_at": elsewhere[1].isoformat()})
    assert moved.status_code == 200, moved.text
    found = member.get(f"series/{series['id']}").json()
    assert found["members"][0]["id"] == one["id"]
    assert member.step(one["id"], "withdraw").status_code == 200
    day = found["members"][0]["series_date"]
    added = member.post(f"series/{series['id']}/dates", json={"dates": [day]})
    assert added.status_code == 200, added.text
    assert added.json()["members"][0]["starts_at"] == one["starts_at"]
