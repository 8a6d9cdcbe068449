"""What may be thrown at rules of time: spans, facilities and wishes, on the base's grid or off it."""

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from services.booking.domain.facility import Facility
from services.booking.domain.spans import Span
from services.booking.domain.wish import Wish

MONDAY = datetime(2026, 11, 22, 16, tzinfo=UTC)
"""A local midnight on the base."""

FIRST = datetime(2001, 1, 1, tzinfo=UTC)
QUARTER = timedelta(minutes=15)


def instants(days=21, step=QUARTER):
    return st.integers(0, int(timedelta(days=days) / step)).map(lambda count: MONDAY + count * step)


def spans(days=21, longest=timedelta(hours=12), step=QUARTER):
    """A span that begins within so many days after MONDAY."""
    lengths = st.integers(1, int(longest / step)).map(lambda count: count * step)
    return st.builds(lambda start, length: Span(start, start + length), instants(days, step), lengths)


def any_instants():
    return st.integers(0, 96 * 365 * 24 * 60).map(lambda minutes: FIRST + timedelta(minutes=minutes))


def any_spans():
    ends = st.lists(any_instants(), min_size=2, max_size=2, unique=True)
    return ends.map(lambda pair: Span(min(pair), max(pair)))


def hours_of_a_day():
    """Closed, open around the clock, or one or two stretches in whole hours."""
    cuts = st.lists(st.integers(0, 24), min_size=2, max_size=4, unique=True).map(sorted)
    stretches = cuts.map(lambda cut: tuple((60 * a, 60 * b) for a, b in zip(cut[::2], cut[1::2], strict=False)))
    return st.sampled_from([(), ((0, 1440),), ((480, 1200),)]) | stretches


@st.composite
def facilities(draw, code="LAB-3"):
    """Any rules of use that a manager might set."""
    shortest = draw(st.sampled_from([15, 30, 60, 120]))
    return Facility(
        code=code, version=draw(st.integers(1, 9)), units=tuple("ABCD"[:draw(st.integers(1, 4))]),
        opening_hours=tuple(draw(hours_of_a_day()) for _ in range(7)) if draw(st.booleans()) else (((0, 1440),),) * 7,
        granularity_minutes=draw(st.sampled_from([15, 30, 60, 50])), shortest_minutes=shortest,
        longest_minutes=shortest * draw(st.sampled_from([1, 4, 48])),
        notice_minutes=draw(st.sampled_from([0, 60, 1440])),
        horizon_days=draw(st.sampled_from([7, 14, 90])), setup_minutes=draw(st.sampled_from([0, 15, 30])),
        cleardown_minutes=draw(st.sampled_from([0, 15, 60])), approval=draw(st.sampled_from(["automatic", "manager"])),
        decision_hours=24, unit_choice=draw(st.booleans()), equivalents=(), active=draw(st.integers(0, 9)) > 0,
    )


def wishes(facility, days=21):
    """Something a person might want of a facility."""
    units = st.none() | st.sampled_from(facility.units) if facility.unit_choice else st.none()
    return st.builds(Wish, span=spans(days), unit=units)


def held(facility, days=21, most=12):
    """Claims as they may stand on a facility's units: periods in order, none overlapping on one unit."""
    periods = st.lists(spans(days), max_size=most).map(apart)
    return st.fixed_dictionaries({(facility.code, unit): periods for unit in facility.units})


def apart(found):
    kept = []
    for span in sorted(found):
        if not kept or not kept[-1].overlaps(span):
            kept.append(span)
    return kept
