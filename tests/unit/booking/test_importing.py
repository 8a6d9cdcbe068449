"""Taking over what another system has granted: by the same rules, all or nothing, by those who manage the base."""

import pytest

from services.booking import handlers
from services.contracts import events
from services.contracts.commands import ImportReservations
from services.contracts.errors import InvalidInput, NotAllowed, RowsRefused
from tests.unit.booking.examples import BASE, NOW, command, lab_3, on, request
from tests.unit.booking.fakes import FakeBase


@pytest.fixture
def base():
    base = FakeBase()
    for fact in BASE:
        base.run(handlers.take_fact, fact, now=NOW)
    return base


def row(span=None, **fields):
    wanted = {"facility": "LAB-3", "team": "red", "requester": "ann", "purpose": "85 ℃"}
    times = {name: moment.isoformat() for name, moment in (span or on(1, 10, 12))._asdict().items()}
    return wanted | times | fields


def take_over(base, *rows, actor="bea"):
    message = command(ImportReservations, actor, reservations=list(rows))
    return base.run(handlers.import_reservations, message, now=NOW)["items"]


def refused(base, *rows, actor="bea"):
    with pytest.raises(RowsRefused) as refusal:
        take_over(base, *rows, actor=actor)
    return refusal.value.facts["rows"]


def test_each_is_granted_to_its_requester_without_being_asked_about_again(base):
    [made, other] = take_over(base, row(), row(on(2, 10, 12), team="blue", requester="cyd"))
    assert (made["state"], other["state"]) == ("approved", "approved")
    kept = base.reservations[made["id"]]
    assert (kept.requester, kept.team, kept.span) == ("ann", "red", on(1, 10, 12))
    facts = [each for each in base.events if isinstance(each, events.ReservationApproved)]
    assert [(each.actor, each.requester, each.automatic) for each in facts] == [
        ("bea", "ann", False), ("bea", "cyd", False)]


def test_rows_are_judged_one_after_the_other_and_none_is_kept_when_one_is_refused(base):
    [clash] = refused(base, row(), row(on(1, 11, 13), team="blue", requester="cyd"))
    assert (clash["row"], clash["taken"], bool(clash["alternatives"])) == (1, True, True)
    assert base.reservations == {}
    assert not [each for each in base.events if isinstance(each, events.ReservationEvent)]


def test_every_row_says_all_that_is_wrong_with_it(base):
    wrong = refused(base, row(on(1, 12, 10)) | {"purpose": ""}, row(team="green"), row(on(1, 6, 6.25)), row(unit="Z"))
    assert [each["row"] for each in wrong] == [0, 1, 2, 3]
    assert set(wrong[0]["errors"]) == {"purpose"}
    assert wrong[1]["errors"] == {"team": ["not_the_requesters"]}
    assert {each["rule"] for each in wrong[2]["violations"]} >= {"outside_opening_hours", "too_short"}
    assert wrong[3]["errors"] == {"unit": ["unknown_unit"]}


def test_a_rule_is_waived_where_the_row_says_why_and_somebody_may_waive_it(base):
    base.run(handlers.take_fact, lab_3(version=2, horizon_days=7), now=NOW)
    far = on(8, 10, 12)
    [plain] = refused(base, row(far))
    assert [each["rule"] for each in plain["violations"]] == ["beyond_horizon"]
    [made] = take_over(base, row(far, exception="granted on paper in June"))
    assert made["state"] == "approved"
    assert [each["rule"] for each in base.reservations[made["id"]].waivers] == ["beyond_horizon"]


@pytest.mark.parametrize(("requester", "word"), [("bea", "own_request"), ("nobody", "unknown_person"),
                                                 ("ian", "unknown_person"), ("door.LAB-3", "not_the_requesters")])
def test_a_requester_is_somebody_of_the_team_and_not_who_imports(base, requester, word):
    [wrong] = refused(base, row(requester=requester))
    assert [word] in wrong["errors"].values()


@pytest.mark.parametrize("actor", ["ann", "mia", "max", "door.LAB-3"])
def test_only_who_manages_the_base_imports(base, actor):
    with pytest.raises(NotAllowed):
        take_over(base, row(), actor=actor)


@pytest.mark.parametrize(("count", "word"), [(0, "required"), (201, "too_many")])
def test_neither_none_nor_too_many(base, count, word):
    with pytest.raises(InvalidInput) as refusal:
        take_over(base, *[row()] * count)
    assert refusal.value.facts["errors"] == {"reservations": [word]}


def test_where_requests_are_collected_what_was_granted_elsewhere_is_held_at_once(base):
    base.run(handlers.take_fact, lab_3(version=2, allocation="manager", allocation_hours=24), now=NOW)
    [made] = take_over(base, row(on(3, 10, 12)))
    assert made["state"] == "approved"


def test_but_no_time_for_which_others_compete(base):
    base.run(handlers.take_fact, lab_3(version=2, allocation="manager", allocation_hours=24), now=NOW)
    rival = base.run(handlers.request_reservation, request("cyd", on(3, 10, 12)), now=NOW)
    assert rival["state"] == "competing"
    [wrong] = refused(base, row(on(3, 11, 13)))
    assert [each["rule"] for each in wrong["violations"]] == ["still_collected"]
    assert take_over(base, row(on(3, 14, 16)))[0]["state"] == "approved"

