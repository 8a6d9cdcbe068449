"""On lines with changeovers and in shared chambers, too, only what would be granted is offered."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from services.booking.domain.alternatives import REACHES, alternatives, free_times, search_window
from services.booking.domain.rules import broken_rules
from services.booking.domain.run import ORDINARY, Run
from services.booking.domain.spans import Span
from services.booking.domain.units import choose_unit, joins, room_on
from services.booking.domain.wish import Wish
from tests.strategies import MONDAY, QUARTER
from tests.unit.booking.capacity_examples import FAMILIES, lab_9, line_1, profile
from tests.unit.booking.examples import ALL_DAY, DAY
from tests.unit.booking.test_rules import facility

LINE = facility(line_1(units="AB", opening_hours=[ALL_DAY] * 7))
LAB = facility(lab_9())
NOW = MONDAY - DAY
spans = st.builds(
    lambda start, length: Span(MONDAY + 2 * start * QUARTER, MONDAY + 2 * (start + length) * QUARTER),
    st.integers(0, 24), st.integers(2, 8),
)
shared_runs = st.builds(
    lambda places, temperature, contamination: Run(
        places=places, profile=profile(temperature, contamination=contamination)),
    st.integers(1, 4), st.sampled_from([60, 83, 85]), st.sampled_from(["clean", "solder", "salt"]),
)
family_runs = st.sampled_from([Run(family=code) for code in FAMILIES])


def standing(rules, wishes):
    """The claims of wishes that were granted one after the other."""
    claims = {}
    for wish in wishes:
        unit = choose_unit(wish, rules, claims)
        if unit:
            taken = [*claims.get((rules.code, unit), ()), *room_on(wish, rules, unit, claims).claims]
            claims[rules.code, unit] = sorted(taken, key=lambda held: (held.starts_at, held.first))
    return claims


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_whatever_is_offered_would_be_granted_and_is_named_rightly(data):
    rules, runs = data.draw(st.sampled_from([(LINE, family_runs), (LAB, shared_runs | st.just(ORDINARY))]))
    units = st.none() | st.sampled_from(rules.units)
    claims = standing(rules, data.draw(st.lists(st.builds(Wish, span=spans, run=runs, unit=units), max_size=10)))
    wish = data.draw(st.builds(Wish, span=spans, run=runs, unit=units))
    if broken_rules(wish, rules, NOW):
        return
    window = search_window(wish.span, rules, NOW, REACHES[0])
    starts = Span(wish.span.starts_at, wish.span.starts_at + 2 * DAY)
    found = alternatives(wish, rules, [], claims, window, NOW)
    anywhere = replace(wish, unit=None)
    for each in (*found, *free_times(wish.span.length, starts, [rules], claims, NOW, 5, wish.run)):
        taking = replace(anywhere, span=Span(each.starts_at, each.ends_at), unit=each.unit)
        assert broken_rules(taking, rules, NOW) == []
        assert choose_unit(taking, rules, claims) == each.unit
        assert (each.partner == "shared_run") == joins(taking, rules, each.unit, claims)
