"""A broken laboratory ends in a plan: carried out as a whole, told once to each, answered by each team as it likes."""

import uuid

import pytest

from tests.acceptance.described_replans import labs, proposed, span
from tests.waiting import until

TEAMS = ("34", "35", "36")


@pytest.fixture
def lab(api):
    """One of two equal laboratories that no other test meets."""
    code = f"PLAN-{uuid.uuid4().hex[:6]}"
    labs(api, code)
    yield code
    for each in (code, f"{code}-B"):
        version = api("admin").get(f"facilities/{each}").json()["version"]
        api("admin").patch(f"facilities/{each}", json={"version": version, "active": False})


def reserved(api, lab):
    """One reservation for each of three teams, one after the other; by team."""
    made = {}
    for number, team in enumerate(TEAMS):
        asked = {"facility": lab, "team": f"team-{team}", "purpose": "老化", **span(8 + 2 * number, 10 + 2 * number)}
        made[team] = api(f"member{team}").post("reservations", json=asked).json()["id"]
    return made


def broken(api, lab):
    """The id of the plan that an outage brings about by itself."""
    outage = {"facility": lab, "reason": {"zh-Hans": "压缩机故障"}, **span(7, 15)}
    interruption = api("admin").post("outages", json=outage).json()["interruption"]

    of = {"interruption": interruption}
    return until(lambda: api("admin").get("replans", params=of).json()["items"], 30)[0]["id"]


def accept(api, replan):
    version = proposed(api("admin"), replan)["version"]
    return api("admin").post(f"replans/{replan}/accept", json={"version": version})


def test_an_outage_a_plan_and_what_three_teams_make_of_it(api, stack, verify, lab):
    made = reserved(api, lab)
    replan = broken(api, lab)
    plan = proposed(api("admin"), replan)
    assert (plan["goals"]["cancelled"], plan["goals"]["moved"], plan["goals"]["teams"]) == (0, 3, 3)
    assert {each["reason"] for each in plan["items"]} == {"same_time_elsewhere"}
    assert api("member34").get(f"replans/{replan}").status_code == 404

    assert accept(api, replan).status_code == 200
    again = api("admin").post(f"replans/{replan}/accept", json={"version": plan["version"]})
    assert again.status_code == 409
    for team, reservation in made.items():
        assert api(f"member{team}").get(f"reservations/{reservation}").json()["facility"] == f"{lab}-B"

    answered_by_each(api, made)
    answers = {each["reservation"]: each["answer"] for each in api("admin").get(f"replans/{replan}").json()["items"]}
    assert [answers[made[team]] for team in TEAMS] == ["confirmed", "chosen", "declined"]
    occupancy_holds(verify, lab)
    assert verify("booking", "SELECT 1 FROM verify.audit WHERE %s IN (chain, object)", f"replan:{replan}")
    told_once(stack, made)


def answered_by_each(api, made):
    first, second, third = (api(f"member{team}") for team in TEAMS)
    assert first.step(made["34"], "confirm").status_code == 200
    assert first.step(made["34"], "confirm").status_code == 409
    (mine,) = open_for(second, made)
    assert mine["before"]["facility"] != mine["after"]["facility"]
    other = mine["alternatives"][0]
    place = {name: other[name] for name in ("facility", "starts_at", "ends_at")}
    moved = second.patch(f"reservations/{made['35']}", json={"version": mine["version"], **place})
    assert moved.status_code == 200, moved.text
    assert third.step(made["36"], "cancel").json()["state"] == "cancelled"
    assert [open_for(client, made) for client in (first, second, third)] == [[], [], []]


def open_for(client, made):
    """Which of these the client may still answer about."""
    return [each for each in client.get("replanned").json()["items"] if each["reservation"] in made.values()]


def occupancy_holds(verify, lab):
    overlapping = verify("booking", """
        SELECT 1 FROM verify.occupancy a JOIN verify.occupancy b
            ON a.facility = b.facility AND a.unit = b.unit AND a.reservation_id < b.reservation_id
           AND a.starts_at < b.ends_at AND b.starts_at < a.ends_at
         WHERE a.held AND b.held AND a.facility IN (%s, %s)""", lab, f"{lab}-B")
    assert overlapping == []


def told_once(stack, made):
    """One mail about the plan to each requester and each lead, with old and new time and the entry for the calendar."""
    for team, reservation in made.items():
        found = until(lambda team=team, one=reservation: both_told(stack, team, one), 240)
        for mail in found:
            assert "压缩机故障" in mail["text"]
            assert "原安排" in mail["text"]
            assert "METHOD:REQUEST" in mail["calendar"]


def both_told(stack, team, reservation):
    mails = [each for each in stack.mails() if reservation in each["text"] and "重新安排" in each["subject"]]
    told = sorted(each["to"].partition("@")[0].rpartition("<")[2] for each in mails)
    assert len(told) == len(set(told)), told
    return mails if told == [f"lead{team}", f"member{team}"] else None


def test_a_plan_that_fits_no_more_is_repaired_and_asked_about_again(api, verify, lab):
    made = reserved(api, lab)
    replan = broken(api, lab)
    seen = proposed(api("admin"), replan)
    first = next(each for each in seen["items"] if each["reservation"] == made["34"])
    taken = {"facility": first["after"]["facility"], "team": "team-37", "purpose": "抢先",
             **{name: first["after"][name] for name in ("starts_at", "ends_at")}}
    assert api("member37").post("reservations", json=taken).status_code == 201

    refused = api("admin").post(f"replans/{replan}/accept", json={"version": seen["version"]})
    assert (refused.status_code, refused.json()["code"]) == (409, "plan_repaired")
    assert refused.json()["changed"] == [made["34"]]
    for reservation in made.values():
        assert api("admin").get(f"reservations/{reservation}").json()["facility"] == lab, "never half applied"

    accepted = api("admin").post(f"replans/{replan}/accept", json={"version": refused.json()["version"]})
    assert accepted.status_code == 200, accepted.text
    occupancy_holds(verify, lab)
