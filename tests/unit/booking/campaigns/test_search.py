"""Whole plans for a campaign: what is found is the best there is, and where none is found there is none."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.booking import handlers
from services.booking.domain.campaign import MINUTE, Beside
from services.booking.domain.campaign_search import Sought, ascending, hindrances, is_good, nearest, plans
from services.booking.domain.judging import Wanted, judged
from services.booking.domain.spans import Span
from services.booking.domain.wish import Party, Wish
from services.booking.handlers.campaigns.planning import found_plans
from services.contracts.events import QuotaChanged
from tests.unit.booking.examples import BASE, HOUR, NOW, at, facility_changed, lab_3, on, plat_05, request
from tests.unit.booking.fakes import FakeBase, FakeUnitOfWork

ROUGH = {"granularity_minutes": 60}
SMALL = (
    lab_3(version=2, **ROUGH), facility_changed("LAB-4", version=2, most_people=2, **ROUGH),
    plat_05(version=2, **ROUGH),
)
CODES = ("LAB-3", "LAB-4", "PLAT-05")
WINDOW = on(1, 8, 20)


def a_base():
    base = FakeBase()
    for fact in (*BASE, *SMALL):
        base.run(handlers.take_fact, fact, now=NOW)
    return base


EMPTY = a_base()


def sought(base, *asked):
    """Steps as (facility, hours, least gap, most gap) in hours."""
    facilities = {each.code: each for each in FakeUnitOfWork(base).copies.facilities(CODES)}
    return [
        Sought(
            number=number, facility=facilities[code], least_gap_minutes=60 * least,
            most_gap_minutes=None if most is None else 60 * most,
            wish=Wish(span=Span(NOW, NOW + hours * HOUR), party=Party(team="red"), others=others_of(base)),
        ) for number, (code, hours, least, most) in enumerate(asked, 1)
    ]


def others_of(base):
    return FakeUnitOfWork(base).reservations.people(["LAB-4"], on(0, 0, 240))


def claims_of(base):
    return FakeUnitOfWork(base).reservations.claims(CODES, on(0, 0, 240))


def starts_of(plan):
    return [each.wanted.wish.span.starts_at for each in plan.verdicts]


def all_plans(steps, window, claims, before=None):
    """Every combination of starts on the grid that is in order, keeps its gaps and passes the one rule function."""
    hours = [window.starts_at + n * HOUR for n in range(int(window.length / HOUR) + 1)]
    for starts in product(hours, repeat=len(steps)):
        spans = [Span(start, start + each.length) for start, each in zip(starts, steps, strict=True)]
        if spans[-1].ends_at > window.ends_at or not gaps_kept(spans, steps):
            continue
        if before and not before.starts_after().starts_at <= starts[0] <= before.starts_after().ends_at:
            continue
        asked = [
            Wanted(step=each.number, facility=each.facility, wish=replaced(each.wish, span))
            for each, span in zip(steps, spans, strict=True)
        ]
        if all(is_good(verdict) for verdict in judged(asked, claims, NOW)):
            yield list(starts)


def replaced(wish, span):
    return Wish(span=span, unit=wish.unit, run=wish.run, party=wish.party, others=wish.others)


def gaps_kept(spans, steps):
    return all(in_gap(*each) for each in zip(spans[:-1], spans[1:], steps[1:], strict=True))


def in_gap(former, later, step):
    gap = (later.starts_at - former.ends_at) // MINUTE
    most = step.most_gap_minutes
    return gap >= max(0, step.least_gap_minutes) and (most is None or gap <= most)


steps_of_three = st.lists(
    st.tuples(
        st.sampled_from(CODES), st.integers(1, 4), st.integers(0, 2), st.one_of(st.none(), st.integers(2, 4)),
    ), min_size=1, max_size=3,
)
taken = st.lists(st.tuples(st.sampled_from(CODES), st.integers(8, 18), st.integers(1, 4)), max_size=6)


@settings(max_examples=120)
@given(steps_of_three, taken, st.integers(8, 20), st.one_of(st.none(), st.integers(6, 10)))
def test_the_best_plan_is_found_if_and_only_if_there_is_one(asked, held, wished, ended):
    base = a_base()
    for code, starts, hours in held:
        try:
            base.run(handlers.request_reservation, request(
                "cyd", facility=code, span=on(1, starts, min(starts + hours, 20))), now=NOW)
        except Exception:
            continue
    steps, claims, wish = sought(base, *asked), claims_of(base), at(1, wished)
    before = None if ended is None else Beside(0, on(1, ended - 2, ended), 60, 240)
    possible = list(all_plans(steps, WINDOW, claims, before))
    found = plans(steps, WINDOW, wish, claims, NOW, before=before)
    assert bool(found) == bool(possible)
    if found:
        best = min(possible, key=lambda starts: (abs(starts[0] - wish), starts))
        assert starts_of(found[0]) == best
        assert len(found) == 1  # one day has one plan


@pytest.fixture(scope="module")
def route():
    return sought(EMPTY, ("PLAT-05", 2, 0, None), ("LAB-3", 2, 1, None), ("LAB-4", 4, 0, 48))


def test_each_plan_begins_on_another_day(route):
    found = plans(route, Span(at(0, 8), at(20, 0)), at(2, 9), {}, NOW)
    assert [(plan.why, starts_of(plan)) for plan in found] == [
        ("wished", [at(2, 9), at(2, 12), at(2, 14)]),
        ("earlier", [at(1, 20), at(2, 8), at(2, 10)]),
        ("later", [at(3, 8), at(3, 11), at(3, 13)]),
    ]


def test_the_most_between_two_steps_decides_when_the_first_may_be(route):
    """The lab is full until Friday, so the film cannot be made before Wednesday."""
    base = a_base()
    for day in (1, 2, 3):
        base.run(handlers.request_reservation, request("cyd", facility="LAB-4", span=on(day, 9, 17)), now=NOW)
    steps = sought(base, ("PLAT-05", 2, 0, None), ("LAB-4", 8, 0, 24))
    (first, *_) = plans(steps, Span(at(1, 8), at(10, 0)), at(1, 8), claims_of(base), NOW)
    assert starts_of(first) == [at(3, 8), at(4, 9)] or starts_of(first)[1] == at(4, 8)
    assert first.span.ends_at <= at(4, 20)


def test_what_stands_in_the_way_is_told_step_by_step(route):
    window = on(5, 8, 40)  # a weekend, on which the labs are closed
    assert plans(route, window, window.starts_at, {}, NOW) == []
    told = hindrances(route, {}, window, NOW)
    assert [(each["step"], each["taken"]) for each in told] == [(2, True), (3, True)]


def test_quotas_bind_all_steps_together(route):
    base = a_base()
    base.run(handlers.take_fact, QuotaChanged(
        version=1, quota="Q", scope="team", subject=None, kind=None, per="week", limit=7 * 60), now=NOW)
    uow = FakeUnitOfWork(base)
    party = uow.copies.asking("ann", "red", "LAB-3").party(None)
    steps = sought(base, ("PLAT-05", 2, 0, None), ("LAB-3", 2, 0, None), ("LAB-4", 4, 0, None))
    steps = [Sought(**vars(each) | {"wish": Wish(span=each.wish.span, party=party)}) for each in steps]
    found = found_plans(steps, Span(at(1, 8), at(20, 0)), at(1, 8), uow, NOW)
    weeks = [{start.isocalendar().week for start in starts_of(plan)} for plan in found]
    assert [len(each) for each in weeks] == [2] * len(found)
    assert found


@given(st.lists(st.tuples(st.integers(0, 200), st.integers(0, 40)), max_size=5), st.integers(0, 240))
def test_starts_come_nearest_first_and_each_once(pieces, wished):
    """On a grid of an hour, whatever the stretches."""
    facility = FakeUnitOfWork(EMPTY).copies.facilities(["PLAT-05"])[0]
    stretches, until = [], 0
    for gap, length in pieces:
        stretches.append(on(1, until + gap, until + gap + length))
        until += gap + length + 1
    wish = at(1, wished)
    found = list(nearest(facility, stretches, wish))
    assert sorted(found) == list(ascending(facility, stretches))
    assert found == sorted(found, key=lambda start: (abs(start - wish), start))
