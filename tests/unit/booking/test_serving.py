"""Who of a wait list would get time that a change makes free: one after the other, as when it is real."""

from dataclasses import replace

import pytest

from services.booking.domain.quotas import Entitlement, Quota
from services.booking.domain.run import Run
from services.booking.domain.serving import Waiting, served
from services.booking.domain.spans import Span
from services.booking.domain.waiting import LEAST_TO_ANSWER, wish_of
from services.booking.domain.wish import Party
from tests.unit.booking.examples import NOW, at, on
from tests.unit.booking.test_trying import facility_of
from tests.unit.booking.waiting_cases import an_entry

EVENING = ((1200, 1440),)


@pytest.fixture
def lab(base):
    """Without buffers, closed all week; in the trial it is open on evenings from eight to midnight."""
    return replace(facility_of(base), setup_minutes=0, cleardown_minutes=0, opening_hours=((),) * 7)


def entry(minutes, window=None, **changes):
    return an_entry(facility="LAB-3", minutes=minutes, window=window or on(1, 18, 24), **changes)


def given(lab, *waiting, **changes):
    after = replace(lab, opening_hours=(EVENING,) * 7)
    found = served(waiting, replace(lab, **changes), after, NOW, LEAST_TO_ANSWER)
    return [(each.id, there.span) for each, there, _ in found]


def wants(entry, party=None, claims=None):
    return Waiting(entry, wish_of(entry, party), claims or {})


def test_each_sees_the_time_that_those_before_were_given(lab):
    one, other, last = entry(120), entry(120), entry(60)
    assert given(lab, *map(wants, (one, other, last))) == [(one.id, on(1, 20, 22)), (other.id, on(1, 22, 24))]
    assert given(lab, wants(last), wants(one)) == [(last.id, on(1, 20, 21)), (one.id, on(1, 21, 23))]


def test_who_has_no_room_leaves_it_to_the_next(lab):
    long, short = entry(300), entry(60)
    assert given(lab, wants(long), wants(short)) == [(short.id, on(1, 20, 21))]


def test_who_has_room_already_is_not_told_and_takes_it_first(lab):
    early, other = entry(120), entry(120, on(1, 20, 22))
    opening = (((1200, 1320),),) * 7
    assert given(lab, wants(early), wants(other), opening_hours=opening) == []
    later = entry(120)
    assert given(lab, wants(early), wants(later), opening_hours=opening) == [(later.id, on(1, 22, 24))]


def test_what_those_before_use_of_a_quota_counts(lab):
    quota = Quota(code="Q", scope="team", per="week", limit=120)

    def party(team):
        return Party(team=team, person="ann", quotas=(quota,), entitlements=(Entitlement(quota=quota, subject=team),))

    one, same, other = entry(120), entry(60), entry(60, team="blue")
    waiting = [wants(one, party("red")), wants(same, party("red")), wants(other, party("blue"))]
    assert given(lab, *waiting) == [(one.id, on(1, 20, 22)), (other.id, on(1, 22, 23))]


def test_the_people_of_those_before_count(lab):
    lab = replace(lab, units=("A", "B"), most_people=4)
    one, other = (entry(120, run=Run(people=people)) for people in (3, 2))
    assert given(lab, wants(one), wants(other)) == [(one.id, on(1, 20, 22)), (other.id, on(1, 22, 24))]
    few = entry(120, run=Run(people=1))
    assert given(lab, wants(one), wants(few))[1] == (few.id, Span(at(1, 20), at(1, 22)))
