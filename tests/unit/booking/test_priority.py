"""Work of priority may be asked for further ahead, where a facility says so."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.booking import handlers
from services.booking.domain.rules import broken_rules
from services.booking.domain.spans import Span
from services.booking.domain.wish import Party, Wish
from services.booking.storage.rows import facility_in, snapshot_of
from services.contracts.errors import RuleBroken
from services.contracts.messaging import encoding
from tests.unit.booking.examples import ALL_DAY, DAY, HOUR, NOW, lab_3, on, request, team


def facility(**changes):
    return facility_in(encoding.dumps(snapshot_of(lab_3(opening_hours=[ALL_DAY] * 7, **changes))).decode())


@given(
    days=st.integers(0, 120), horizon=st.integers(1, 90), longer=st.integers(0, 120),
    priority=st.sampled_from(["normal", "key", "urgent"]),
)
def test_the_horizon_is_the_longer_one_for_priority_and_the_common_one_for_all_others(days, horizon, longer, priority):
    lab = facility(horizon_days=horizon, priority_horizon_days=longer)
    span = Span(NOW + days * DAY + HOUR, NOW + days * DAY + 2 * HOUR)
    for party in (None, Party(team="red", priority=priority)):
        limit = max(horizon, longer) if party and priority != "normal" else horizon
        told = [each.facts["horizon_days"] for each in broken_rules(Wish(span=span, party=party), lab, NOW)
                if each.rule == "beyond_horizon"]
        assert told == ([limit] if days >= limit else [])


def test_the_project_decides_and_not_the_team(base):
    projects = [{"code": "red-p", "name": "Probe card", "priority": "key"}, {"code": "red-q", "name": "Other"}]
    ranked = team("red", "ann", version=2)
    base.run(handlers.take_fact, type(ranked)(**vars(ranked) | {"projects": projects}), now=NOW)
    base.run(handlers.take_fact, lab_3(version=2, horizon_days=7, priority_horizon_days=60), now=NOW)
    assert base.run(handlers.request_reservation, request("ann", on(30, 10, 12), project="red-p"), now=NOW)
    for project in ("red-q", None):
        with pytest.raises(RuleBroken):
            base.run(handlers.request_reservation, request("ann", on(31, 10, 12), project=project), now=NOW)
