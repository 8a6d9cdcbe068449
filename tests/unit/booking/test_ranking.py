"""The five best ways out against a walk through every start of the grid on every unit, judged by the rule function."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from services.booking.domain.alternatives import REACHES, alternatives, search_window
from services.booking.domain.finding import PARTS, Search, in_the_way, times
from services.booking.domain.held import Held
from services.booking.domain.quotas import MINUTE, Entitlement, Quota
from services.booking.domain.rules import broken_rules
from services.booking.domain.spans import Span
from services.booking.domain.splitting import Room, split
from services.booking.domain.units import choose_unit
from services.booking.domain.wish import Party, Wish
from tests.strategies import MONDAY
from tests.unit.booking.examples import ALL_DAY, HOUR, OFFICE, facility_changed
from tests.unit.booking.test_quotas import a_use
from tests.unit.booking.test_rules import facility

NOW = MONDAY + timedelta(days=4, hours=9)
"""A Friday, so that the week and its quotas end within a small window."""

STEP = timedelta(hours=1)
REACH = REACHES[0]


def a_facility(code="LAB-3", hours=OFFICE, units="AB", **changes):
    return facility(facility_changed(code, units=units, opening_hours=[hours] * 7, granularity_minutes=60, **changes))


facilities = st.builds(
    a_facility, hours=st.sampled_from([OFFICE, ALL_DAY, [[480, 720], [780, 1080]]]), units=st.sampled_from(["A", "AB"]),
    shortest_minutes=st.sampled_from([60, 120]), longest_minutes=st.sampled_from([240, 480]),
    notice_minutes=st.sampled_from([0, 300]), horizon_days=st.sampled_from([2, 90]),
    setup_minutes=st.sampled_from([0, 60]), cleardown_minutes=st.sampled_from([0, 60]), unit_choice=st.booleans(),
    most_people=st.sampled_from([0, 2]), qualifications=st.sampled_from([[], ["EMC"]]),
)
spans = st.builds(
    lambda start, length: Span(NOW + start * STEP, NOW + (start + length) * STEP), st.integers(0, 72), st.integers(1, 9)
)
taken = st.lists(spans, max_size=6)
people = st.lists(st.tuples(spans, st.integers(1, 2)), max_size=3).map(tuple)
quotas = st.lists(st.builds(
    lambda per, limit, percent, used: Entitlement(
        quota=Quota(code="Q", scope="team", per=per, limit=limit, off_peak_percent=percent), subject="red",
        uses=(a_use(used),)),
    st.sampled_from(["week", "month", "open"]), st.sampled_from([1, 120, 240, 300, 1200]), st.just(100), spans,
), max_size=2)
parties = st.builds(
    lambda until, entitlements: Party(
        team="red", qualifications={"EMC": NOW + until * STEP}, entitlements=tuple(entitlements)),
    st.integers(0, 80), quotas,
)


def apart(found):
    kept = []
    for span in sorted(found):
        if not kept or not kept[-1].overlaps(span):
            kept.append(span)
    return [Held(*span) for span in kept]


def fits(wish, rules, claims):
    return not broken_rules(wish, rules, NOW) and choose_unit(wish, rules, claims) is not None


def at_unit(wish, rules, span, unit):
    return replace(wish, span=span, unit=unit if rules.unit_choice else None)


def stretches_of(starts):
    """Hours one after the other: of each such stretch only what is nearest to the wish is told."""
    found = []
    for start in starts:
        if found and start - found[-1][-1] == STEP:
            found[-1].append(start)
        else:
            found.append([start])
    return found


def nearest_in(stretch, wished):
    if stretch[0] <= wished <= stretch[-1]:
        return [wished]
    return [min(stretch, key=lambda start: abs(start - wished))]


def ranked(wish, rules, equivalents, claims, window):
    """(why, facility, start, end) in the order in which they are told, by the words of the ranking alone."""
    length, wished = wish.span.length, wish.span.starts_at
    hours = int(window.length / STEP) + 1
    first = rules.grid_before(window.starts_at)
    units = [wish.unit] if wish.unit in rules.units else rules.units
    starts = set()
    for unit in units:
        one = replace(rules, units=(unit,))
        good = [start for start in (first + number * STEP for number in range(hours)) if window.contains(
            rules.period(Span(start, start + length))) and fits(
            at_unit(wish, rules, Span(start, start + length), unit), one, claims)]
        starts |= {nearest for stretch in stretches_of(good) for nearest in nearest_in(stretch, wished)}
    near = sorted(starts, key=lambda start: (abs(start - wished), start))
    told = [("earlier" if start < wished else "later" if start > wished else "other_unit", start) for start in near]
    first_of = dict(reversed(told))
    head = [("LAB-3", why, start, start + length) for why, start in told if first_of[why] == start]
    further = [("LAB-3", why, start, start + length) for why, start in told if first_of[why] != start]
    if wish.unit and rules.unit_choice and any(
        fits(at_unit(wish, rules, wish.span, unit), replace(rules, units=(unit,)), claims)
        for unit in rules.units if unit != wish.unit
    ):
        head.append(("LAB-3", "other_unit", *wish.span))
    for other in equivalents:
        if fits(replace(wish, unit=None), other, claims):
            head.append((other.code, "equivalent_facility", *wish.span))
    return head, further


def shortened(wish, rules, claims):
    """How long the longest part of the wished time is that would be granted."""
    units = [wish.unit] if wish.unit in rules.units else rules.units
    count = int(wish.span.length / STEP)
    parts = [
        Span(wish.span.starts_at + start * STEP, wish.span.starts_at + end * STEP)
        for start in range(count) for end in range(start + 1, count + 1) if end - start < count
    ]
    return max((part.length for part in parts if any(
        fits(at_unit(wish, rules, part, unit), replace(rules, units=(unit,)), claims) for unit in units)), default=None)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_the_five_best_are_told_in_their_order(data):
    rules, other = data.draw(facilities), data.draw(facilities.map(lambda each: replace(each, code="LAB-4")))
    claims = {(each.code, unit): apart(data.draw(taken)) for each in (rules, other) for unit in each.units}
    wish = Wish(
        span=data.draw(spans), unit=data.draw(st.sampled_from([None, *rules.units])) if rules.unit_choice else None,
        party=data.draw(parties), others={"LAB-3": data.draw(people), "LAB-4": data.draw(people)},
    )
    if fits(wish, rules, claims):
        return
    window = search_window(wish.span, rules, NOW, REACH)
    found = alternatives(wish, rules, [other], claims, window, NOW)
    head, further = ranked(wish, rules, [other], claims, window)
    told = [(each.facility, each.why, each.starts_at, each.ends_at) for each in found]
    less = [each for each in told if each[1] == "shorter"]
    assert [each for each in told if each[1] != "shorter"] == [*head, *further][:5 - len(less)]
    if less:
        assert told.index(less[0]) == len(head)
        assert all(each[1] != "other_unit" for each in head)
        assert less[0][3] - less[0][2] <= shortened(wish, rules, claims)
    elif len(head) < 5 and all(each[1] != "other_unit" for each in head):
        assert shortened(wish, rules, claims) is None or wish.party.entitlements


pieces = st.integers(2, 3)


@settings(max_examples=50, deadline=None)
@given(st.data(), pieces)
def test_a_split_is_found_when_there_is_one_and_keeps_the_length(data, most):
    """Where only room and opening hours count: every hour is walked through. What is free in one piece is not split."""
    rules = replace(data.draw(facilities), most_pieces=most, horizon_days=90, most_people=0, qualifications=())
    claims = {(rules.code, unit): apart(data.draw(taken)) for unit in rules.units}
    wish = Wish(span=data.draw(spans.filter(lambda span: span.starts_at < NOW + 24 * HOUR)))
    window = rules.period(Span(NOW, wish.span.ends_at + 6 * HOUR))
    found = split(wish, rules, claims, window, NOW)
    if not found:
        assert not can_be_split(wish, rules, claims, window)
        return
    (offer,) = found
    assert sum((piece.ends_at - piece.starts_at for piece in offer.pieces), timedelta()) == wish.span.length
    assert 2 <= len(offer.pieces) <= most
    assert all(one.ends_at <= two.starts_at for one, two in zip(offer.pieces, offer.pieces[1:], strict=False))
    assert offer.starts_at == offer.pieces[0].starts_at
    assert offer.ends_at == offer.pieces[-1].ends_at


def can_be_split(wish, rules, claims, window):
    hours = [window.starts_at + number * STEP for number in range(int(window.length / STEP) + 1)]
    free = [
        Room(start, end, unit) for unit in rules.units for start in hours for end in hours if start < end
        and end - start <= wish.span.length and window.contains(rules.period(Span(start, end)))
        and fits(Wish(span=Span(start, end)), replace(rules, units=(unit,)), claims)
    ]
    between = rules.setup_minutes * MINUTE + rules.cleardown_minutes * MINUTE
    ends = {(timedelta(), ""): window.starts_at}
    for _ in range(rules.most_pieces):
        later = {}
        for (done, unit), end in ends.items():
            for piece in free:
                starts_from = end + between if piece.unit == unit else end
                if piece.starts_at >= starts_from and done + piece.ends_at - piece.starts_at <= wish.span.length:
                    key = (done + piece.ends_at - piece.starts_at, piece.unit)
                    later[key] = min(later.get(key, piece.ends_at), piece.ends_at)
        ends = later
        if any(done == wish.span.length for done, _ in ends):
            return all(each.ends_at - each.starts_at < wish.span.length for each in free)
    return False


@settings(max_examples=50, deadline=None)
@given(st.data(), st.sampled_from([None, *PARTS]))
def test_the_earliest_times_are_found(data, part):
    """Of the facility and of its equal; each could be had, and nothing earlier could."""
    places = [data.draw(facilities), data.draw(facilities.map(lambda each: replace(each, code="LAB-4")))]
    claims = {(each.code, unit): apart(data.draw(taken)) for each in places for unit in each.units}
    length = data.draw(st.integers(1, 5)) * STEP
    starts = Span(NOW, NOW + 60 * STEP)
    wish = Wish(
        span=Span(NOW, NOW + length), party=data.draw(parties),
        others={"LAB-3": data.draw(people), "LAB-4": data.draw(people)},
    )
    search = Search(wish=wish, starts=starts, part=part, asked="LAB-3", limit=4)
    windows = {each.code: each.period(Span(NOW, starts.ends_at + length)) for each in places}
    found = times(search, places, claims, windows, NOW)
    possible = sorted(
        (start, each.code != "LAB-3") for each in places for start in (NOW + number * STEP for number in range(60))
        if any(span.starts_at <= start <= span.ends_at for span in search.allowed())
        and fits(replace(wish, span=Span(start, start + length)), each, claims)
    )
    told = [(each.starts_at, each.facility != "LAB-3") for each in found]
    assert told[:1] == possible[:1]
    assert set(told) <= set(possible)
    assert told == sorted(told)
    if not found:
        blocked = [in_the_way(search, each, windows[each.code], NOW) for each in places]
        assert all(each["taken"] or each["violations"] for each in blocked)
