"""The checker refuses a plan with a single thing wrong, whatever that is."""

import random
from dataclasses import replace

import pytest

from services.booking.domain.held import Held
from services.booking.domain.quotas import Entitlement, Quota
from services.booking.domain.replan.checker import faults
from services.booking.domain.replan.greedy import greedy
from services.booking.domain.replan.instance import Link
from services.booking.domain.replan.plan import Place, Plan
from services.booking.domain.run import Run
from services.booking.domain.spans import Span
from services.booking.domain.wish import Party
from tests.unit.booking.examples import HOUR, on
from tests.unit.booking.replan_instances import KINDS, Base, facility

EARLY, LATE = on(1, 9, 11), on(1, 13, 15)
ORDINARY_TWO = (Run(), Run())


def a_base(**rules):
    """F00 with two that are hit on its only unit, F01 that is equal, and F02 that is not."""
    facilities = {
        "F00": facility("F00", equivalents=["F01"], **rules), "F01": facility("F01", "AB", **rules),
        "F02": facility("F02", **rules),
    }
    return Base(random.Random(1), facilities)


def an_instance(runs=ORDINARY_TWO, spans=(EARLY, LATE), standing=None, **rules):
    base = a_base(**rules)
    hit = []
    for run, span in zip(runs, spans, strict=True):
        base.run = lambda facility, run=run: run
        hit.append(base.place(base.facilities["F00"], "A", span))
    if standing:
        base.run = lambda facility: Run()
        base.place(base.facilities["F01"], "A", standing)
    return base.instance(hit, base.facilities, {"F00": on(1, 0, 24)})


def moved(instance, *places):
    """A plan that takes the hit ones to these places."""
    plan = greedy(instance)
    return replace(plan, placements=tuple(
        replace(each, after=place and Place(*place), reason="later" if place else "no_place")
        for each, place in zip(plan.placements, places, strict=True)))


def found(instance, plan):
    return {each.what for each in faults(instance, plan)}


GOOD = (("F01", "A", EARLY), ("F01", "B", LATE))


def test_a_good_plan_has_no_fault():
    instance = an_instance()
    assert faults(instance, moved(instance, *GOOD)) == []
    assert faults(instance, moved(instance, None, GOOD[1])) == [], "it may be cancelled, with a reason"


@pytest.mark.parametrize(("place", "what"), [
    (("F01", "B", LATE), "overlaps"),
    (("F01", "B", on(1, 11.5, 13.5)), "overlaps"),
    (("F01", "B", on(1, 11, 13)), "overlaps"),
    (("F00", "A", EARLY), "not_moved"),
    (("F00", "A", on(1, 15, 17)), "interrupted"),
    (("F00", "A", on(1, 22, 24)), "outside_opening_hours"),
    (("F01", "A", on(1, 19, 21)), "outside_opening_hours"),
    (("F01", "A", on(5, 9, 11)), "outside_opening_hours"),
    (("F01", "A", on(-1, 9, 11)), "in_the_past"),
    (("F01", "A", on(200, 9, 11)), "beyond_horizon"),
    (("F01", "A", Span(EARLY.starts_at + HOUR / 6, EARLY.ends_at + HOUR / 6)), "not_whole_grid"),
    (("F01", "A", on(1, 9, 12)), "other_length"),
    (("F01", "C", EARLY), "not_a_place_for_it"),
    (("F02", "A", EARLY), "not_a_place_for_it"),
    (("F99", "A", EARLY), "not_a_place_for_it"),
])
def test_one_in_a_wrong_place_is_refused(place, what):
    instance = an_instance(setup_minutes=30, cleardown_minutes=30)
    assert what in found(instance, moved(instance, place, GOOD[1]))


def test_notice_and_those_who_stand_there_count():
    instance = an_instance(notice_minutes=60 * 30)
    assert "too_little_notice" in found(instance, moved(instance, *GOOD))
    instance = an_instance(standing=on(1, 10, 12))
    assert "overlaps" in found(instance, moved(instance, *GOOD))


def test_nobody_is_forgotten_told_twice_or_made_up():
    instance = an_instance()
    good = moved(instance, *GOOD)
    first, second = good.placements
    other = replace(second, reservation="f" * 8 + "-0000-0000-0000-000000000000")
    for placements, what in (
        ((first,), "forgotten"), ((first, first, second), "told_twice"), ((first, second, other), "unknown"),
        ((replace(first, version=2), second), "outdated"), ((replace(first, reason=""), second), None),
        ((replace(first, after=None, reason=""), second), "cancelled_without_need"),
        ((replace(first, reason="left_out", after=first.before), second), "not_moved"),
    ):
        told = found(instance, replace(good, placements=placements))
        assert (what in told) if what else not told


def test_what_has_begun_or_is_left_out_stays_and_pins_hold():
    instance = an_instance()
    good = moved(instance, *GOOD)
    first, second = instance.hits
    kept = replace(instance, hits=(second,), kept=(first,), left_out=frozenset({first.id}))
    assert "not_left_alone" in found(kept, good)
    assert "forgotten" in found(kept, replace(good, placements=good.placements[1:]))
    pinned = replace(instance, pins={first.id: Place("F01", "B", EARLY)})
    assert found(pinned, good) == {"pin_lost"}
    assert found(replace(instance, excluded_facilities=frozenset({"F01"})), good) == {"excluded_facility"}


def test_a_neighbour_goes_no_further_than_it_may_and_is_never_cancelled():
    instance = an_instance()
    first, second = instance.hits
    near = replace(first, is_neighbour=True, reach=HOUR)
    beside = replace(instance, hits=(near, second))
    assert "too_far" in found(beside, moved(instance, ("F01", "A", on(1, 15, 17)), GOOD[1]))
    assert "cancelled_without_need" in found(beside, moved(instance, None, GOOD[1]))
    staying = replace(moved(instance, *GOOD), placements=moved(instance, *GOOD).placements[1:])
    assert found(beside, staying) == set()
    assert "overlaps" in found(replace(beside, hits=(
        replace(near, reservation=replace(first.reservation, facility="F01", unit="B", span=LATE)), second)), staying)


def test_changeovers_between_families_are_kept():
    runs = (Run(family="board"), Run(family="module"))
    instance = an_instance(runs, setup_minutes=0, cleardown_minutes=0, **KINDS["families"])
    close = (("F01", "A", on(1, 9, 11)), ("F01", "A", on(1, 12, 14)))
    assert found(instance, moved(instance, *close)) == {"overlaps"}
    assert found(instance, moved(instance, close[0], ("F01", "A", on(1, 13, 15)))) == set()


def test_runs_share_only_what_goes_together_and_only_the_places_there_are():
    def run(places, temperature=60):
        return Run(places=places, profile={"temperature": temperature, "ramp": 1, "contamination": "clean"})

    together = (("F01", "A", EARLY), ("F01", "A", on(1, 10, 12)))
    for runs, what in (
        ((run(1), run(2)), set()), ((run(2), run(2)), {"too_many_places"}), ((run(1), run(1, 85)), {"overlaps"}),
        ((run(1), Run()), {"overlaps"}),
    ):
        instance = an_instance(runs, **KINDS["sharing"])
        assert found(instance, moved(instance, *together)) == what


def test_no_more_people_than_may_be_there():
    instance = an_instance((Run(people=2), Run(people=3)), most_people=4)
    assert found(instance, moved(instance, ("F01", "A", EARLY), ("F01", "B", on(1, 10, 12)))) == {"too_many_people"}
    assert found(instance, moved(instance, *GOOD)) == set()


def test_who_runs_it_must_be_qualified():
    instance = an_instance()
    facilities = {**instance.facilities, "F01": replace(instance.facilities["F01"], qualifications=("emc",))}
    assert found(replace(instance, facilities=facilities), moved(instance, *GOOD)) == {"not_qualified"}


def test_quotas_are_kept_by_all_together_and_no_use_grows_beyond_them():
    quota = Quota(code="Q", scope="team", per="week", limit=240, off_peak_percent=50, peak_hours=((720, 1200),))

    def bound(hit):
        mine = (Entitlement(quota=quota, subject="red"),)
        party = Party(team="red", person="ann", quotas=(quota,), entitlements=mine)
        return replace(hit, party=party, reservation=replace(hit.reservation, team="red"))

    instance = an_instance()
    instance = replace(instance, hits=tuple(map(bound, instance.hits)))
    plan = moved(instance, *GOOD)
    assert found(instance, plan) == set()
    both_at_peak = moved(instance, ("F01", "A", on(1, 15, 17)), ("F01", "B", on(1, 16, 18)))
    assert found(instance, both_at_peak) == set(), "that is just what is allowed"
    small = replace(quota, limit=180)
    instance = replace(instance, hits=tuple(
        replace(hit, party=replace(hit.party, entitlements=(Entitlement(quota=small, subject="red"),)))
        for hit in instance.hits))
    assert found(instance, both_at_peak) == {"quota_exceeded"}


def test_steps_of_a_campaign_keep_their_order_and_gaps_and_stay_together():
    instance = an_instance()
    first, second = instance.hits
    hits = tuple(
        replace(hit, reservation=replace(hit.reservation, campaign="c", campaign_step=step))
        for step, hit in ((1, first), (2, second)))
    link = Link(former=first.id, following=second.id, least=HOUR, most=3 * HOUR)
    instance = replace(instance, hits=hits, links=(link,))
    assert found(instance, moved(instance, *GOOD)) == set()
    for span in (on(1, 15, 17), on(1, 11, 13), on(1, 11.5, 13.5), on(2, 9, 11)):
        places = (GOOD[0], ("F01", "B", span)) if span != on(1, 15, 17) else (("F01", "A", span), GOOD[1])
        assert "campaign_order" in found(instance, moved(instance, *places))
    assert "campaign_split" in found(instance, moved(instance, GOOD[0], None))
    standing = replace(instance, hits=hits[1:], standing={first.id: on(2, 9, 11)})
    (_, plan) = moved(instance, *GOOD).placements
    assert found(standing, Plan(placements=(plan,))) == {"campaign_order"}


def test_who_was_not_hit_goes_along_with_its_campaign_and_not_without():
    instance = an_instance(standing=on(2, 9, 11))
    first, second = (
        replace(hit, reservation=replace(hit.reservation, campaign="c", campaign_step=step))
        for step, hit in enumerate(instance.hits, start=1))
    last = replace(second, reservation=replace(second.reservation, id="last", campaign_step=3, span=on(2, 15, 17)))
    instance = replace(instance, hits=(first, second), following=(last,))
    assert found(instance, moved(instance, *GOOD)) == set()
    full = dict.fromkeys((("F00", "A"), ("F01", "A"), ("F01", "B")), (Held(*on(0, 0, 24 * 60), 0),))
    lost = greedy(replace(instance, claims=full))
    assert [each.reason for each in lost.placements] == ["no_place", "no_place", "goes_along"]
    assert found(instance, lost) == set()
    assert found(instance, replace(lost, placements=lost.placements[:2])) == {"forgotten"}
    stays = replace(lost.placements[2], after=lost.placements[2].before)
    assert found(instance, replace(lost, placements=(*lost.placements[:2], stays))) == {"campaign_split"}
    alone = moved(instance, *GOOD)
    assert found(instance, replace(alone, placements=(*alone.placements, lost.placements[2]))) == {"unknown"}
