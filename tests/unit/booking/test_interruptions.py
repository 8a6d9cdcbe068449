"""Time that is taken away: refused as such, looked around, and told to those whom it hits."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.booking import handlers
from services.booking.domain.interruption import Interruption
from services.booking.domain.rules import broken_rules
from services.booking.domain.units import choose_unit, obstacles
from services.booking.domain.wish import Wish
from services.contracts.commands import MoveReservation
from services.contracts.errors import RuleBroken, SlotTaken
from services.contracts.events import InterruptionChanged, ReservationsHit, SiteChanged
from tests.strategies import spans
from tests.unit.booking.examples import NOW, command, lab_1, on, request
from tests.unit.booking.test_rules import facility

REASON = {"zh-Hans": "压缩机故障", "en": "Compressor failure"}


def interruption(*found, code="I-1", version=1, facility="LAB-3", unit=None, kind="outage", **fields):
    spans = [each._asdict() for each in found]
    return InterruptionChanged(**{
        "version": version, "interruption": code, "kind": kind, "site": "BASE", "facility": facility, "unit": unit,
        "spans": spans, "reason": REASON, "actor": "mia", **fields,
    })


@pytest.fixture
def give(base):
    return lambda handler, message: base.run(handler, message, now=NOW)


@pytest.fixture
def tell(base):
    """tell(fact) lets booking take it; the hits that it tells of in turn."""

    def take(fact):
        base.run(handlers.take_fact, fact, now=NOW)
        return [each for each in base.events if isinstance(each, ReservationsHit)][-1]

    return take


def refused(give, *arguments, **fields):
    with pytest.raises(RuleBroken) as refusal:
        give(handlers.request_reservation, request(*arguments, **fields))
    return refusal.value.facts


def test_interrupted_time_is_refused_with_the_reason_and_until_when(give, tell):
    tell(interruption(on(1, 9, 14), open_end=True))
    (violation,) = refused(give, span=on(1, 10, 12))["violations"]
    assert violation == {"rule": "interrupted", "waivable_by": [], "facts": {
        "kind": "outage", "reason": REASON, "until": on(1, 9, 14).ends_at, "unit": None, "open_end": True,
    }}


def test_alternatives_lie_around_it(give, tell):
    tell(interruption(on(1, 9, 14)))
    offered = refused(give, span=on(1, 10, 12))["alternatives"]
    assert offered
    for each in offered:
        give(handlers.request_reservation, request(**{
            name: each[name] for name in ("facility", "unit", "starts_at", "ends_at")}))
        break
    assert {each["why"] for each in offered} >= {"later", "equivalent_facility"}


def test_an_interrupted_unit_leaves_the_others(give, tell):
    tell(interruption(on(1, 0, 24), facility="LAB-1", unit="A"))
    assert give(handlers.request_reservation, request(facility="LAB-1"))["unit"] == "B"
    facts = refused(give, facility="LAB-1", unit="A")
    assert facts["violations"][0]["facts"]["unit"] == "A"
    assert "other_unit" in {each["why"] for each in facts["alternatives"]}


def test_what_is_taken_beside_an_interrupted_unit_is_taken(give, tell):
    for unit in "ABC":
        give(handlers.request_reservation, request(facility="LAB-1", unit=unit))
    tell(interruption(on(1, 0, 24), facility="LAB-1", unit="D"))
    with pytest.raises(SlotTaken):
        give(handlers.request_reservation, request("cyd", facility="LAB-1"))


def test_buffers_need_a_facility_that_works(give, tell):
    """LAB-3 is set up for half an hour before."""
    tell(interruption(on(1, 8, 10)))
    assert refused(give, span=on(1, 10, 12))["violations"][0]["rule"] == "interrupted"
    give(handlers.request_reservation, request(span=on(1, 10.5, 12)))


def test_a_closure_takes_all_facilities_of_its_site(give, tell):
    tell(interruption(on(1, 0, 24), facility=None, kind="closure"))
    for code in ("LAB-1", "LAB-3", "PLAT-05"):
        assert refused(give, facility=code)["violations"][0]["facts"]["kind"] == "closure"
    tell(interruption(on(2, 0, 24), code="I-2", facility=None, kind="closure", site="NORTH"))
    give(handlers.request_reservation, request(span=on(2, 10, 12)))


def test_who_is_hit_is_told_in_order_of_their_starts(give, tell):
    late = give(handlers.request_reservation, request(span=on(2, 10, 12)))
    early = give(handlers.request_reservation, request("cyd", on(1, 10, 12)))
    give(handlers.request_reservation, request(span=on(3, 10, 12)))
    give(handlers.request_reservation, request(facility="LAB-4"))
    hit = tell(interruption(on(1, 9, 24), on(2, 0, 24)))
    assert (hit.hit, hit.version, hit.kind, hit.reason) == ("I-1", 1, "outage", REASON)
    assert [(each["reservation"], each["team"]) for each in hit.hits] == [(early["id"], "blue"), (late["id"], "red")]
    assert tell(interruption(on(2, 0, 24), version=2)).hits == hit.hits[1:]
    assert tell(interruption(version=3)).hits == []


def test_what_is_hit_stays_and_may_move_away(give, tell):
    asked = give(handlers.request_reservation, request(span=on(1, 10, 12)))
    tell(interruption(on(1, 9, 14)))
    step = {"reservation": asked["id"], "version": 1}
    with pytest.raises(RuleBroken):
        give(handlers.move_reservation, command(MoveReservation, "ann", **step, **on(1, 11, 13)._asdict()))
    moved = give(handlers.move_reservation, command(MoveReservation, "ann", **step, **on(2, 10, 12)._asdict()))
    assert moved["version"] == 2


def test_the_days_of_a_site_count_for_its_facilities(base, give):
    base.run(handlers.take_fact, SiteChanged(
        version=1, site="BASE", names=REASON, known_years=[2026],
        days=[{"date": "2026-11-24", "kind": "holiday", "names": REASON}],
    ), now=NOW)
    assert refused(give, span=on(1, 10, 12))["violations"][0]["rule"] == "outside_opening_hours"
    give(handlers.request_reservation, request(span=on(2, 10, 12)))


@given(st.data())
def test_the_rule_is_broken_exactly_when_every_unit_is_interrupted(data):
    """And what is not refused by it finds a unit, where nobody holds one."""
    units = st.none() | st.sampled_from("ABCD")
    found = tuple(data.draw(st.lists(st.builds(
        lambda number, unit, spans: Interruption(id=str(number), kind="outage", unit=unit, spans=tuple(sorted(spans))),
        st.integers(0, 9), units, st.lists(spans(), min_size=1, max_size=3)), max_size=5)))
    lab = facility(lab_1(unit_choice=True))
    lab = replace(lab, interruptions=found)
    wish = Wish(span=data.draw(spans()), unit=data.draw(units))
    claims = {
        ("LAB-1", unit): sorted(span for each in found if each.is_on(unit) for span in each.spans) for unit in "ABCD"
    }
    period = lab.period(wish.span)
    is_told = "interrupted" in [each.rule for each in broken_rules(wish, lab, NOW)]
    assert is_told == (choose_unit(wish, lab, claims) is None)
    assert is_told == all(
        any(span.overlaps(period) for span in obstacles(wish, lab, unit, claims))
        for unit in ((wish.unit,) if wish.unit else "ABCD")
    )
