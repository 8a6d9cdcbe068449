"""Parallel requests never exceed a quota, whoever of a subject asks, on whichever facility."""

import pytest

from services.booking import handlers, queries
from services.contracts.commands import CancelReservation
from services.contracts.errors import InvalidInput
from services.contracts.events import SiteChanged
from tests.unit.booking.examples import at, on, person, plat_05, team
from tests.unit.booking.test_quotas import quota

RACERS = 20
MINUTES = """
    SELECT coalesce(sum(extract(epoch FROM r.ends_at - r.starts_at) / 60), 0)::integer
      FROM reservations r JOIN teams t USING (team) WHERE r.state IN ('requested', 'approved') AND {}"""


@pytest.fixture(autouse=True)
def no_deadlock(booking):
    yield
    (counted,) = booking.rows("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
    assert counted.deadlocks == 0


@pytest.fixture
def tell(booking):
    return lambda *facts: [
        booking.run(lambda uow, now, fact=fact: handlers.take_fact(fact, uow, now)) for fact in facts
    ]


def ask(booking, number, actor="ann", **fields):
    """Different times and facilities, so that the quota is all that they compete for."""
    facility = ("LAB-1", "PLAT-05", "LAB-3")[number % 3]
    span = on(1 + number // 3 % 3, 9 + number // 9 * 2, 10 + number // 9 * 2)
    return booking.ask(actor, span, facility, **fields)


def used(booking, where):
    return booking.rows(MINUTES.format(where))[0][0]


def test_a_teams_hours(booking, at_once, tell):
    tell(quota(limit=300))
    outcome = at_once([
        lambda number=number: ask(booking, number, ("ann", "bob")[number % 2]) for number in range(RACERS)
    ])
    assert outcome == {"done": 5, "rule_broken": RACERS - 5}
    assert used(booking, "team = 'red'") == 300


def test_several_teams_of_one_company(booking, at_once, tell):
    tell(quota(scope="company", subject="C1", limit=420), quota("TEAM", limit=300))
    outcome = at_once([
        lambda number=number: ask(booking, number, ("ann", "cyd")[number % 2]) for number in range(RACERS)
    ])
    assert outcome == {"done": 7, "rule_broken": RACERS - 7}
    assert used(booking, "company = 'C1'") == 420


def test_a_person_in_two_teams(booking, at_once, tell):
    tell(team("blue", "cyd", "ann", version=2), person("ann", version=2))
    tell(quota("OPEN", scope="person", per="open", limit=4), quota("TEAM", limit=180))
    outcome = at_once([
        lambda number=number: ask(booking, number, "ann", team=("red", "blue")[number % 2]) for number in range(RACERS)
    ])
    assert outcome == {"done": 4, "rule_broken": RACERS - 4}
    for code in ("red", "blue"):
        assert used(booking, f"team = '{code}'") <= 180


def test_what_is_given_up_can_be_used_again(booking, at_once, tell):
    tell(quota(limit=120))
    held = [ask(booking, number) for number in (0, 1)]
    booking.step(CancelReservation, "ann", held[1])
    outcome = at_once([lambda number=number: ask(booking, number, "bob") for number in range(2, 10)])
    assert outcome == {"done": 1, "rule_broken": 7}


def test_a_check_and_the_page_of_hours_name_what_is_left(booking, tell):
    tell(quota(limit=300), quota("FIRM", scope="company", limit=600, per="month", kind="lab"))
    ask(booking, 0)
    slot = {"facility": "LAB-3", "team": "red", **on(2, 10, 12)._asdict()}
    checked = booking.query(queries.check_slot, now=booking.now, actor="ann", **slot)
    assert [(each["quota"], each["used"], each["asked"]) for each in checked["quotas"]] == [
        ("FIRM", 60, 120), ("HOURS", 60, 120),
    ]
    found = booking.query(queries.quota_usage, now=booking.now, actor="cyd")
    assert [(each["quota"], each["team"], each["used"], each["left"]) for each in found["items"]] == [
        ("FIRM", "blue", 60, 540), ("HOURS", "blue", 0, 300),
    ]


def test_a_holiday_is_off_peak_in_a_check_and_on_the_page_of_hours(booking, tell):
    days = [
        {"date": at(day, 12).date().isoformat(), "kind": kind, "names": {}}
        for day, kind in ((1, "holiday"), (5, "working_day"))
    ]
    tell(
        SiteChanged(version=1, site="BASE", names={}, days=days, known_years=[2026]),
        plat_05(version=2, on_holidays="open"), quota(limit=900, off_peak_percent=50, peak_hours=[[480, 1200]]))
    for day in (1, 2, 5, 6):
        booking.ask("ann", on(day, 10, 12), "PLAT-05")
    slot = {"facility": "PLAT-05", "team": "red", **on(1, 14, 16)._asdict()}
    (checked,) = booking.query(queries.check_slot, now=booking.now, actor="ann", **slot)["quotas"]
    (shown,) = booking.query(queries.quota_usage, now=booking.now, actor="ann")["items"]
    assert (checked["used"], checked["asked"], shown["used"]) == (360, 60, 360)


def test_nobody_learns_what_another_team_s_project_has_used(booking, tell):
    tell(quota("PROJECT", scope="project", limit=600))
    ask(booking, 0, project="red-p")
    own = {"facility": "LAB-3", "team": "blue", "project": "red-p", **on(2, 10, 12)._asdict()}
    for query, more in ((queries.check_slot, {}), (queries.check_series, {"rule": "FREQ=DAILY;COUNT=2"})):
        with pytest.raises(InvalidInput) as refused:
            booking.query(query, now=booking.now, actor="cyd", **own, **more)
        assert refused.value.facts["errors"] == {"project": ["unknown_project"]}


def test_hours_of_a_project_are_shown_to_its_own_team(booking, tell):
    tell(quota("PROJECT", scope="project", limit=600))
    ask(booking, 0, project="red-p")
    shown = [booking.query(queries.quota_usage, now=booking.now, actor=actor, project="red-p")["items"]
             for actor in ("ann", "cyd")]
    assert [[(each["subject"], each["used"]) for each in items] for items in shown] == [[("red-p", 60)], []]


def test_a_warning_is_told_once(booking, at_once, tell):
    tell(quota(limit=300))
    at_once([lambda number=number: ask(booking, number) for number in range(RACERS)])
    warned = booking.rows("SELECT body::jsonb -> 'data' ->> 'used' FROM outbox WHERE type = 'QuotaNearlyUsed'")
    assert len(warned) == 1
