"""Contended time from outside: collected, decided by a manager or by draw, told and explained, and nobody named."""

import hashlib
from datetime import UTC, datetime, timedelta

from tests.waiting import until


def ask(member, facility, span, team, **fields):
    answer = member.post("reservations", json={
        "facility": facility, "team": team, "purpose": f"争用验收 {team}", "starts_at": span[0].isoformat(),
        "ends_at": span[1].isoformat(), **fields})
    assert (answer.status_code, answer.json()["state"]) == (201, "competing"), answer.text
    return answer.json()


def state_of(member, reservation):
    return member.get(f"reservations/{reservation['id']}").json()["state"]


def test_a_manager_decides_and_who_lost_reads_why_and_what_instead(api, own_facility, slots, stack):
    facility = own_facility("CHOSEN", allocation="manager", allocation_hours=1)
    first, second, admin = api("member43"), api("member44"), api("admin")
    span = slots(facility)
    won, lost = ask(first, facility, span, "team-43"), ask(second, facility, span, "team-44")
    standing = second.get(f"reservations/{lost['id']}/explanation")
    assert standing.json()["competing"]["rivals"] == 1
    assert first.post(f"reservations/{won['id']}/allocate", json={"version": 1}).status_code == 403

    given = admin.post(f"reservations/{won['id']}/allocate", json={"version": 1, "reason": "样品易失效"})
    assert (given.status_code, given.json()["state"]) == (200, "approved"), given.text
    assert state_of(second, lost) == "rejected"
    told = second.get(f"reservations/{lost['id']}/explanation")
    kept = told.json()["decisions"][-1]["basis"]["contention"]
    assert (kept["by"], kept["of"], kept["winner"]["rank"]) == ("manager", 2, 3 - kept["rank"])
    answers = (standing, told, second.get(f"reservations/{lost['id']}"))
    assert not [word for answer in answers for word in ("team-43", "member43", won["id"]) if word in answer.text]
    listed = second.get("waitlist", params={"facility": facility}).json()["items"]
    assert [(each["position"], each["team"]) for each in listed] == [(1, "team-44")]

    def mails(state):
        return [each for each in stack.mails() if lost["id"] in each["text"] and state in each["subject"]]

    found = until(lambda: mails("未分配"), 60)
    assert len({str(each["to"]) for each in found}) == len(found)
    assert all("team-43" not in each["text"] for each in found)


def test_a_draw_decides_when_its_time_has_come_and_everybody_can_check_it(api, own_facility):
    facility = own_facility("DRAWN", allocation="draw", allocation_hours=1)
    # The stack's time runs 240 times as fast: the wait of one or two hours takes less than half a minute.
    starts_at = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(hours=3)
    span = (starts_at, starts_at + timedelta(hours=1))
    members = {"team-45": api("member45"), "team-46": api("member46"), "team-47": api("member47")}
    asked = {team: ask(member, facility, span, team) for team, member in members.items()}
    ticket = members["team-45"].get(f"reservations/{asked['team-45']['id']}/explanation").json()["competing"]["draw"]
    draw = f"draws/{ticket['draw']}"
    assert members["team-46"].get(draw).json()["seed"] is None

    over = until(lambda: (told := members["team-46"].get(draw).json())["seed"] and told, 90)
    assert hashlib.sha256(over["seed"].encode()).hexdigest() == ticket["fingerprint"] == over["fingerprint"]
    for each in over["entries"]:
        digits = hashlib.sha256(f"{over['seed']}:{each['entry']}".encode()).hexdigest()[:13]
        number = (int(digits, 16) + 1) / (16**13 + 1)
        assert abs(number ** (1 / each["weight"]) - each["key"]) < 1e-12
    best = max(over["entries"], key=lambda each: each["key"])
    assert [each["entry"] for each in over["entries"] if each["won"]] == [best["entry"]]
    states = sorted(state_of(members[team], reservation) for team, reservation in asked.items())
    assert states == ["approved", "rejected", "rejected"]
