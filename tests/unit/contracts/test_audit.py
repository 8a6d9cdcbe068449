"""The audit trail's chains: what was written holds, and no change to it goes unseen."""

import hashlib
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.contracts.messaging.audit import Author, breaks, differences, sealed

NOW = datetime(2026, 11, 26, 8, tzinfo=UTC)


@dataclass(frozen=True)
class Row:
    chain: str
    sequence: int
    actor: str
    action: str
    at: datetime
    object: str
    previous_hash: str
    hash: str


def chain_of(name, bodies):
    rows, before = [], ""
    for number, body in enumerate(bodies, 1):
        at = NOW + timedelta(minutes=number)
        words = sealed(name, Author(actor="admin", action="SaveFacility"), at, body)
        after = hashlib.sha256((before + words).encode()).hexdigest()
        rows.append(Row(name, number, "admin", "SaveFacility", at, body, before, after))
        before = after
    return rows


chains = st.dictionaries(
    st.sampled_from(["facility:LAB-1", "facility:LAB-3", "team:team-01"]),
    st.lists(st.text(max_size=20), min_size=1, max_size=6), min_size=1,
).map(lambda found: [row for name in sorted(found) for row in chain_of(name, found[name])])


@given(chains)
def test_what_was_written_holds(rows):
    assert list(breaks(rows)) == []


@given(chains, st.data())
def test_a_changed_entry_is_found_where_it_stands(rows, data):
    place = data.draw(st.integers(0, len(rows) - 1))
    change = data.draw(st.sampled_from([
        {"actor": "mallory"}, {"action": "Nothing"}, {"at": NOW}, {"object": rows[place].object + " "},
        {"hash": "0" * 64}, {"previous_hash": "0" * 64},
    ]))
    forged = [*rows[:place], replace(rows[place], **change), *rows[place + 1:]]
    (found,) = breaks(forged)
    assert (found.chain, found.sequence) == (rows[place].chain, rows[place].sequence)


@given(chains, st.data())
def test_an_entry_that_is_gone_is_missed_by_the_next(rows, data):
    followed = [n for n, row in enumerate(rows[:-1]) if rows[n + 1].chain == row.chain]
    if followed:
        place = data.draw(st.sampled_from(followed))
        (found,) = breaks(rows[:place] + rows[place + 1:])
        assert (found.chain, found.sequence) == (rows[place].chain, rows[place].sequence + 1)


def test_two_entries_in_each_others_place_are_found():
    first, second, third = chain_of("team:red", "abc")
    assert [each.sequence for each in breaks([second, first, third])] == [2]


def test_what_changed_is_told_field_by_field():
    before, after = {"version": 1, "name": "a", "gone": 1}, {"version": 2, "name": "b", "new": [1]}
    assert differences(before, after) == {"name": ["a", "b"], "gone": [1, None], "new": [None, [1]]}
