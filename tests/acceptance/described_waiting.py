"""Every operation on wait lists: waiting, leaving, and both answers to an offer."""

from tests.waiting import until

ONE = "waitlist/{wait_entry}"


def waiting(do, api, slots):
    first = slots("LAB-4")
    taken, entry = hold(do, first), join(do, first)
    assert do("member27", "GET", "waitlist", query={"mine": "true"})["items"]
    do("member27", "GET", ONE, wait_entry=entry)
    do("member27", "POST", f"{ONE}/leave", None, wait_entry=entry)
    entry = join(do, first)
    give_up(do, taken)
    offered = offer(do, api, entry)
    do("member27", "POST", "reservations/{reservation}/accept", {"version": 1}, reservation=offered)
    entry = join(do, first)
    give_up(do, offered)
    do("member27", "POST", "reservations/{reservation}/decline", None, reservation=offer(do, api, entry))


def asked(span):
    return {
        "facility": "LAB-4", "team": "team-27", "purpose": "描述", "starts_at": span[0].isoformat(),
        "ends_at": span[1].isoformat(),
    }  # fmt: skip


def hold(do, span):
    return do("member27", "POST", "reservations", asked(span))["id"]


def join(do, span):
    return do("member27", "POST", "waitlist", asked(span))["id"]


def give_up(do, reservation):
    do("member27", "POST", "reservations/{reservation}/withdraw", None, reservation=reservation)


def offer(do, api, entry):
    """The reservation that is held for an entry, once there is one."""
    return until(lambda: (api("member27").get(f"waitlist/{entry}").json()["offer"] or {}).get("id"), 20)
