"""The demo's reservations, planned on the base as it is: sound, at most half full, and alive at any moment."""

from collections import Counter, defaultdict
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise

import pytest
import yaml

from deploy.demo import plans as planning
from deploy.demo import repeats
from deploy.demo.seed import BASE, WORK, read
from services.booking.domain.days import BASE_ZONE, midnights
from services.booking.domain.facility import Facility
from services.booking.domain.rules import broken_rules
from services.booking.domain.states import TRANSITIONS, State
from services.booking.domain.wish import Wish
from services.booking.handlers.series.requesting import drafted
from services.contracts import schemas
from services.contracts.commands import RequestReservation, SaveFacility

DAY = timedelta(days=1)
MOMENTS = [
    datetime(2026, 11, 25, 2, 30, tzinfo=UTC),
    datetime(2026, 11, 29, 19, 5, tzinfo=UTC),
    datetime(2026, 12, 31, 15, 59, tzinfo=UTC),
    datetime(2027, 1, 4, 0, 0, tzinfo=UTC),
    datetime(2027, 2, 28, 8, 47, tzinfo=UTC),
    datetime(2027, 6, 16, 22, 10, tzinfo=UTC),
]
at_any_moment = pytest.mark.parametrize("now", MOMENTS, ids=lambda moment: f"{moment:%F-%H%M}")

ENTRIES = yaml.safe_load((BASE / "facilities.yaml").read_text(encoding="utf-8"))["facilities"]
PEOPLE = read(BASE / "people.yaml")["people"]
MANAGERS = {facility: person["person"] for person in PEOPLE for facility in person.get("manages", ())}
WORKS = planning.works(read(WORK), read(BASE / "companies.yaml")["projects"])


NAMES = {each.name for each in fields(Facility)}


def facility_of(entry):
    """As booking would know it from the fact."""
    message = schemas.load(SaveFacility, entry | {"actor": "operator", "request_key": "k"})
    known = {name: getattr(message, name) for name in vars(message) if name in NAMES - {"version"}}
    hours = tuple(tuple(tuple(pair) for pair in day) for day in message.opening_hours)
    units = tuple(unit["code"] for unit in message.units)
    return Facility(**known | {"code": message.facility, "version": 1, "units": units, "opening_hours": hours})


FACILITIES = [facility_of(entry) for entry in ENTRIES]


@cache
def plans_at(now):
    return {facility.code: planning.plans_around(now, facility, WORKS[facility.code]) for facility in FACILITIES}


def state_at(plan, now):
    """Where the steps lead until now, by booking's own table."""
    state = State.APPROVED if plan.facility in AUTOMATIC else State.REQUESTED
    for step in plan.until(now)[1:]:
        (state,) = TRANSITIONS[state, step.action] - {state}
    return state


AUTOMATIC = {facility.code for facility in FACILITIES if facility.is_automatic}


@at_any_moment
def test_every_request_keeps_the_rules_at_the_time_it_is_made(now):
    for facility in FACILITIES:
        for plan in plans_at(now)[facility.code]:
            wish = Wish(span=plan.span, unit=plan.unit)
            assert broken_rules(wish, facility, plan.steps[0].at) == [], plan
            schemas.dump(RequestReservation(
                actor=plan.requester, request_key="k", facility=plan.facility, starts_at=plan.span.starts_at,
                ends_at=plan.span.ends_at, team=plan.team, purpose=plan.purpose,
            ))  # fmt: skip


@at_any_moment
def test_steps_come_one_after_the_other_and_lead_somewhere(now):
    for plans in plans_at(now).values():
        for plan in plans:
            times = [step.at for step in plan.steps]
            assert times == sorted(times), plan
            state_at(plan, datetime.max.replace(tzinfo=UTC))


@at_any_moment
def test_no_unit_is_planned_twice(now):
    for facility in FACILITIES:
        by_unit = defaultdict(list)
        for plan in plans_at(now)[facility.code]:
            by_unit[plan.unit].append(facility.period(plan.span))
        if facility.unit_choice:
            for periods in by_unit.values():
                assert not any(one.overlaps(other) for one, other in pairwise(periods))


@at_any_moment
def test_no_facility_is_more_than_half_full_on_any_day(now):
    for facility in FACILITIES:
        used = Counter()
        for plan in plans_at(now)[facility.code]:
            for midnight in midnights(plan.span):
                begins, ends = max(plan.span.starts_at, midnight), min(plan.span.ends_at, midnight + DAY)
                used[midnight] += (ends - begins).total_seconds() / 60
        for midnight, minutes in used.items():
            opening = sum(closes - opens for opens, closes in facility.hours_on(midnight)) * len(facility.units)
            assert minutes <= opening / 2, (facility.code, midnight)


@at_any_moment
def test_every_state_is_there_and_something_is_in_use(now):
    states = Counter(state_at(plan, now) for plans in plans_at(now).values() for plan in plans)
    assert set(states) == set(State) - {State.COMPETING, State.OFFERED, State.DECLINED}, states


@at_any_moment
def test_every_manager_has_requests_to_decide(now):
    waiting = Counter(
        MANAGERS[code]
        for code, plans in plans_at(now).items()
        for plan in plans
        if state_at(plan, now) is State.REQUESTED
    )
    assert set(waiting) == {"manager-lines", "manager-labs", "manager-platforms"}
    assert waiting["manager-labs"] > 1


@at_any_moment
def test_the_ageing_lab_runs_for_days_and_across_midnight(now):
    runs = [plan.span for plan in plans_at(now)["LAB-1"] if plan.span.length > DAY]
    assert len(runs) >= 3


@at_any_moment
def test_there_are_three_weeks_of_them(now):
    plans = [plan for plans in plans_at(now).values() for plan in plans]
    assert 250 < len(plans) < 700
    begins = [plan.span.starts_at for plan in plans]
    assert min(begins) < now - 8 * DAY
    assert max(begins) > now + 7 * DAY


def test_a_week_is_the_same_whenever_it_is_planned():
    now = MOMENTS[0]
    over = [plan for plan in plans_at(now)["LAB-4"] if plan.span.ends_at < now and now - plan.span.starts_at < 7 * DAY]
    assert len(over) > 3
    assert set(map(repr, over)) <= set(map(repr, plans_at(now + DAY)["LAB-4"]))


def test_every_facility_has_work_to_do():
    assert set(WORKS) == {facility.code for facility in FACILITIES}
    assert all(len(work.purposes) >= 4 and work.teams for work in WORKS.values())


def test_long_runs_begin_while_people_are_about():
    begins = [plan.span.starts_at.astimezone(BASE_ZONE) for now in MOMENTS for plan in plans_at(now)["LAB-1"]]
    assert {instant.hour for instant in begins} <= set(range(9, 19))


@at_any_moment
def test_what_repeats_keeps_the_rules_on_every_date(now):
    by_code = {facility.code: facility for facility in FACILITIES}
    for told in read(WORK)["series"]:
        asked = repeats.request_of(told, WORKS[told["facility"]], now)
        facility = by_code[asked.facility]
        draft = drafted(asked, facility, asked.team, asked.actor)
        for day in draft.dates():
            assert broken_rules(Wish(span=draft.span_on(day)), facility, now - repeats.ASKED_BEFORE) == []
