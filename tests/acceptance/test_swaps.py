"""Two teams that do not know each other swap their times: asked, told, agreed, told again; and no name crosses over."""

from datetime import UTC, datetime, timedelta

from tests.waiting import until

NAMES = {
    "member33": ("member33", "lead33", "team-33", "机密甲"), "member34": ("member34", "lead34", "team-34", "机密乙"),
}


def reserved(member, facility, team, start, purpose):
    made = member.reserve(facility, (start, start + timedelta(hours=2)), team=team, purpose=purpose)
    assert made.status_code == 201, made.text
    return made.json()


def messages_to(stack, person, facility):
    """The mails about a facility that somebody was sent, as one text."""
    mails = [each for each in stack.mails() if person in each["to"]]
    return "\n".join(f"{each['subject']}\n{each['text']}" for each in mails if facility in each["text"])


def test_two_teams_swap_and_neither_learns_of_the_other(api, stack, own_facility):
    facility = own_facility("SWAP")
    ann, cyd = api("member33"), api("member34")
    day = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(days=5)
    mine = reserved(ann, facility, "team-33", day, "机密甲")
    theirs = reserved(cyd, facility, "team-34", day + timedelta(hours=6), "机密乙")
    slot = {name: theirs[name] for name in ("facility", "unit", "starts_at")}
    offer = {"kind": "swap", "reservation": mine["id"], "note": "样品中午才到", **slot}
    asked = ann.post("swaps", json=offer)
    assert asked.status_code == 201, asked.text
    again = ann.post("swaps", json=offer)
    assert (again.status_code, list(again.json()["errors"])) == (422, ["starts_at"])
    one = f"swaps/{asked.json()['id']}"
    assert ann.post(f"{one}/accept", json={}).status_code == 403
    assert api("member35").get(one).status_code == 404
    until(lambda: "样品中午才到" in messages_to(stack, "member34", facility), 60)

    agreed = cyd.post(f"{one}/accept", json={})
    assert agreed.status_code == 200, agreed.text
    assert agreed.json()["reservation"]["id"] == theirs["id"]
    after = {each["id"]: each["starts_at"] for each in (
        ann.get(f"reservations/{mine['id']}").json(), cyd.get(f"reservations/{theirs['id']}").json())}
    assert (after[mine["id"]], after[theirs["id"]]) == (theirs["starts_at"], mine["starts_at"])
    assert cyd.post(f"{one}/accept", json={}).status_code == 409

    for person, client, own, foreign, other in (
        ("member33", ann, mine, theirs, "member34"), ("member34", cyd, theirs, mine, "member33"),
    ):
        until(lambda person=person: messages_to(stack, person, facility).count(facility) >= 2, 60)
        seen = [
            client.get("swaps").text, client.get(one).text, client.get(f"reservations/{own['id']}").text,
            client.get("deliveries", params={"reservation": own["id"]}).text, messages_to(stack, person, facility),
        ]
        names = [team["name"] for team in api(other).get("me").json()["teams"]]
        secrets = [*NAMES[other], *names, foreign["id"]]
        assert [word for word in secrets if any(word in text for text in seen)] == []
