"""Small bases that are nearly full and of which a facility breaks, as Hypothesis makes them up."""

from dataclasses import replace
from itertools import pairwise

from hypothesis import assume
from hypothesis import strategies as st

from services.booking.domain.interruption import Interruption
from services.booking.domain.replan.instance import Link
from services.booking.domain.spans import Span
from tests.unit.booking.examples import HOUR, NOW, at, on
from tests.unit.booking.replan_instances import KINDS, Base, facility

BROKEN = on(1, 0, 24)
DAYS = range(3)
OPENS, CLOSES = 8, 20
RUNS = st.lists(st.tuples(st.sampled_from([0, 0, 0, 1, 2]), st.integers(1, 6)), min_size=1, max_size=5)
"""One after the other on a day, each with the hours before and of it."""

UP_TO_TWO = st.integers(0, 2)


@st.composite
def instances(draw, most_hit=3, kinds=tuple(KINDS), neighbours=0, campaigns=True):
    """F00 breaks for a day, F01 is equal and nearly full. The first two who are hit may be steps of a campaign."""
    base = a_base(draw, draw(st.sampled_from(kinds)))
    for code, there in base.facilities.items():
        for unit in there.units:
            for day in DAYS:
                fill(base, code, unit, day, draw(RUNS))
    broken = [each for each in base.made if each.facility == "F00" and each.span.overlaps(BROKEN)]
    hit, rest = broken[:most_hit], broken[most_hit:]
    assume(hit)
    base.made = [each for each in base.made if each not in rest]
    aside = [each for each in base.made if each.facility == "F01" and each.span.starts_at > at(1, 0)]
    base.facilities["F00"] = replace(base.facilities["F00"], interruptions=(
        Interruption(id="I", kind="outage", spans=(BROKEN,)),))
    instance = base.instance(
        hit, base.facilities, {"F00": BROKEN}, aside[:draw(st.integers(0, neighbours)) if neighbours else 0])
    if not campaigns or not draw(st.booleans()):
        return instance
    others = [each for each in base.made if each not in (*hit, *aside) and each.span.starts_at > NOW]
    return as_campaign(instance, [base.as_hit(each) for each in others[:draw(UP_TO_TWO)]])


def a_base(draw, kind):
    rules = {"setup_minutes": 0, "cleardown_minutes": 0, "horizon_days": 2, **KINDS[kind]}
    if kind in ("sharing", "people"):
        rules["units"] = "AB"
    found = {
        code: facility(code, equivalents=[other], **rules) for code, other in (("F00", "F01"), ("F01", "F00"))
    }
    return Base(draw(st.randoms(use_true_random=False)), found, teams=2, has_quota=draw(st.booleans()))


def fill(base, code, unit, day, runs):
    """Take the times of a day for which there is room."""
    ends = OPENS
    for pause, hours in runs:
        begins, ends = ends + pause, ends + pause + hours
        if ends <= CLOSES:
            base.place(base.facilities[code], unit, Span(at(day, begins), at(day, ends)))


def as_campaign(instance, following):
    """The first who are hit are steps of a campaign, one to thirty hours apart; others go along with them."""
    there = sorted(
        (hit for hit in instance.hits if not hit.is_neighbour), key=lambda hit: (hit.reservation.span, hit.id))
    steps = {hit.id: number for number, hit in enumerate([*there[:2], *following], start=1)}
    return replace(
        instance, hits=tuple(as_step(hit, steps) for hit in instance.hits),
        following=tuple(as_step(hit, steps) for hit in following),
        links=tuple(
            Link(former=one.id, following=other.id, least=HOUR, most=30 * HOUR) for one, other in pairwise(there[:2])),
    )


def as_step(hit, steps):
    if hit.id not in steps:
        return hit
    return replace(hit, reservation=replace(hit.reservation, campaign="c", campaign_step=steps[hit.id]))
