"""Whatever lies in a queue is either a fact, whole and of the right types, or undecodable. Nothing else happens."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contracts.messaging.envelope import Envelope, Undecodable

DATA = {
    "version": 3, "person": "lead01", "name": "李薇", "email": "a@b.example", "language": "en", "active": True,
    "roles": [], "manages": [],
}  # fmt: skip
OUTSIDE = {
    "event_id": "5ee12813-5187-4c1a-85a3-d0c1b7a1f2e3", "type": "PersonChanged", "schema_version": 1,
    "aggregate_type": "person", "aggregate_id": "lead01", "aggregate_version": 3,
    "occurred_at": "2026-11-23T08:00:00+00:00", "correlation_id": "c", "causation_id": "", "data": DATA,
}  # fmt: skip
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


def read(message):
    return Envelope.from_bytes(message if isinstance(message, bytes) else json.dumps(message).encode()).event()


def test_a_fact_is_read_though_its_sender_says_more():
    assert read(OUTSIDE | {"trace": "x", "data": DATA | {"nickname": "x"}}).person == "lead01"


@pytest.mark.parametrize(
    "change",
    [
        {"type": []},
        {"type": {}},
        {"type": "Nope"},
        {"schema_version": 2},
        {"event_id": "no-uuid"},
        {"event_id": 5},
        {"aggregate_version": "3"},
        {"aggregate_version": 2**62},
        {"aggregate_version": 4},
        {"aggregate_id": "lead02"},
        {"aggregate_id": "lead01\x00"},
        {"correlation_id": {"a": 1}},
        {"causation_id": [1]},
        {"data": []},
        {"data": DATA | {"roles": "admin"}},
    ],
)
def test_what_is_wrong_anywhere_is_undecodable(change):
    with pytest.raises(Undecodable):
        read(OUTSIDE | change)


@given(st.binary() | ANYTHING)
def test_anything_at_all_is_undecodable(message):
    with pytest.raises(Undecodable):
        read(message)


@given(st.sampled_from(sorted(OUTSIDE)), ANYTHING)
def test_one_field_of_anything_raises_nothing_else(name, value):
    with contextlib.suppress(Undecodable):
        read(OUTSIDE | {name: value})
