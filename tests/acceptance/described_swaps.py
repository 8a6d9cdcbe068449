"""Each operation on asks between teams, once, and on trying changes: one team asks, and the other answers."""

SWAP = "swaps/{ask}"


def swaps(do, api, slots):
    """Declined, withdrawn, and accepted; the times are those that other tests leave free."""
    mine, theirs = (reserved(do, api, member, team, slots("LAB-4")) for member, team in (
        ("member27", "team-27"), ("member28", "team-28")))
    slot = {name: theirs[name] for name in ("facility", "unit", "starts_at")}
    for answer, who in (("decline", "member28"), ("withdraw", "member27"), ("accept", "member28")):
        offer = {"kind": "swap", "reservation": mine["id"], "note": "能否调换？"}
        asked = do("member27", "POST", "swaps", offer | slot)["id"]
        assert do(who, "GET", SWAP, ask=asked)["state"] == "asked"
        assert asked in [each["id"] for each in do(who, "GET", "swaps", query={"state": "open"})["items"]]
        do(who, "POST", f"{SWAP}/{answer}", {}, ask=asked)


def what_if(do, facility):
    """A day of maintenance and an extra shift, tried and not published."""
    day = "2027-03-01"
    span = {"starts_at": f"{day}T08:00:00+08:00", "ends_at": f"{day}T20:00:00+08:00"}
    assert do("admin", "POST", "what-if", {"facility": facility, "spans": [span]})["count"] == 0
    shift = {"more_from": day, "more_to": day, "more_hours": [[1320, 1440]]}
    assert do("admin", "POST", "what-if", {"facility": facility, **shift})["facilities"]


def reserved(do, api, member, team, span):
    times = {"starts_at": span[0].isoformat(), "ends_at": span[1].isoformat()}
    made = do(member, "POST", "reservations", {"facility": "LAB-4", "team": team, "purpose": "描述", **times})
    do("manager-labs", "POST", "reservations/{reservation}/approve", {}, reservation=made["id"])
    return api(member).get(f"reservations/{made['id']}").json()
