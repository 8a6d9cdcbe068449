"""The wait list from outside: who gives time up, who is told of it, who gets it, and what becomes of no answer."""

from tests.waiting import until

OFFERED = "ReservationOffered"


def wait(member, facility, span, team, **fields):
    answer = member.post("waitlist", json={
        "facility": facility, "team": team, "purpose": "候补验收", "starts_at": span[0].isoformat(),
        "ends_at": span[1].isoformat(), **fields})
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


def entry_of(member, entry):
    return member.get(f"waitlist/{entry}").json()


def offered(member, entry):
    """The reservation that is held for an entry, once there is one."""
    found = until(lambda: (told := entry_of(member, entry))["state"] == "offered" and told, 60)
    return found["offer"]["id"]


def messages_of(verify, reservation, kind):
    """Who was told of a fact of a reservation on which channel."""
    facts = verify(
        "booking", "SELECT event_id FROM verify.outbox WHERE aggregate_id = %s AND type = %s", reservation, kind)
    assert len(facts) == 1
    return [(row["recipient"], row["channel"]) for row in verify(
        "notify", "SELECT recipient, channel FROM verify.deliveries WHERE event_id = %s", facts[0]["event_id"])]


def test_who_waits_gets_what_is_given_up_is_told_once_and_takes_it(api, own_facility, slots, verify, stack):
    rival, first, second = api("member31"), api("member32"), api("member33")
    facility = own_facility("WAIT")
    span = slots(facility)
    held = rival.reserve(facility, span, team="team-31").json()["id"]
    one, other = wait(first, facility, span, "team-32"), wait(second, facility, span, "team-33")
    assert [entry_of(member, entry)["position"] for member, entry in ((first, one), (second, other))] == [1, 2]
    listed = second.get("waitlist", params={"facility": facility})
    assert [each["id"] for each in listed.json()["items"]] == [other]
    assert not [word for word in ("team-31", "team-32", "member31", "member32") if word in listed.text]
    assert first.get(f"waitlist/{other}").status_code == 404

    assert rival.step(held, "cancel").is_success
    reservation = offered(first, one)
    assert entry_of(second, other)["state"] == "waiting"
    mails = until(
        lambda: [mail for mail in stack.mails() if reservation in mail["text"]], 120,
        why=lambda: str(verify("notify", "SELECT channel, state, count(*) FROM verify.deliveries GROUP BY 1, 2")))
    assert all(mail["calendar"] is None for mail in mails)
    assert len({(mail["to"][0] if isinstance(mail["to"], list) else mail["to"]) for mail in mails}) == len(mails)
    told = messages_of(verify, reservation, OFFERED)
    assert ("member32", "email") in told
    assert len(told) == len(set(told))
    assert {person for person, _ in told} == {"member32", "lead32"}

    strangers = [second.step(reservation, "accept"), second.step(reservation, "decline")]
    assert [answer.status_code for answer in strangers] == [404, 404]
    accepted = first.step(reservation, "accept")
    assert (accepted.status_code, accepted.json()["state"]) == (200, "approved"), accepted.text
    assert first.step(reservation, "accept").json()["code"] == "wrong_state"
    assert entry_of(first, one)["state"] == "served"
    (row,) = verify("booking", "SELECT state, held FROM verify.occupancy WHERE reservation_id = %s", reservation)
    assert (row["state"], row["held"]) == ("approved", True)


def test_without_an_answer_the_next_one_is_asked(api, own_facility, slots, verify):
    rival, first, second = api("member34"), api("member35"), api("member36")
    # The stack's time runs 240 times as fast: three seconds for each offer.
    facility = own_facility("MISS", offer_minutes=12)
    span = slots(facility)
    held = rival.reserve(facility, span, team="team-34").json()["id"]
    one, other = wait(first, facility, span, "team-35"), wait(second, facility, span, "team-36", minutes=60)
    assert rival.step(held, "cancel").is_success
    missed = offered(first, one)
    taken = offered(second, other)
    assert second.step(taken, "accept").json()["state"] == "approved"
    (row,) = verify("booking", "SELECT state, held FROM verify.occupancy WHERE reservation_id = %s", missed)
    assert (row["state"], row["held"]) == ("expired", False)
    assert entry_of(first, one)["state"] == "waiting"
    until(lambda: {"member35", "lead35"} == {
        person for person, _ in messages_of(verify, missed, "ReservationOfferExpired")}, 60)
    assert first.step(missed, "accept").status_code == 409
