"""Half-open spans, and what is left between them."""

import itertools
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.booking.domain.spans import Span, gaps, merged, shared
from tests.strategies import any_spans, apart, instants, spans


@given(any_spans(), any_spans())
def test_overlap_is_symmetric(one, other):
    assert one.overlaps(other) == other.overlaps(one)


@given(spans(), spans(), instants())
def test_overlap_means_a_shared_instant(one, other, instant):
    """No instant is in both when they do not overlap; the later start is in both when they do."""
    in_both = all(span.starts_at <= instant < span.ends_at for span in (one, other))
    assert not in_both or one.overlaps(other)
    start = max(one.starts_at, other.starts_at)
    assert one.overlaps(other) == all(span.starts_at <= start < span.ends_at for span in (one, other))


@given(any_spans(), any_spans())
def test_touching_is_not_overlapping(one, other):
    following = Span(one.ends_at, max(one.ends_at, other.ends_at) + (one.ends_at - one.starts_at))
    assert not one.overlaps(following)


@given(any_spans(), any_spans())
def test_what_is_contained_overlaps(one, other):
    assert not one.contains(other) or one.overlaps(other)
    assert one.contains(one)


@given(st.lists(spans(), max_size=12))
def test_merged_spans_are_in_order_apart_and_the_same_time(some):
    whole = merged(some)
    assert all(one.ends_at < other.starts_at for one, other in itertools.pairwise(whole))
    assert all(any(each.contains(span) for each in whole) for span in some)
    assert all({each.starts_at, each.ends_at} <= {end for span in some for end in span} for each in whole)


@given(spans(longest=timedelta(days=9)), st.lists(spans(), max_size=12).map(apart))
def test_gaps_and_taken_share_the_window(window, taken):
    free = [gap for gap in gaps(window, taken) if gap.length]
    assert all(window.contains(gap) for gap in free)
    assert not any(gap.overlaps(span) for gap in free for span in taken)
    clipped = [
        Span(max(each.starts_at, window.starts_at), min(each.ends_at, window.ends_at))
        for each in taken if each.overlaps(window)
    ]
    assert merged([*free, *clipped]) == [window]


@given(st.lists(spans(), max_size=8).map(merged), st.lists(spans(), max_size=8).map(merged), instants())
def test_shared_time_is_in_both(some, others, instant):
    def has(found):
        return any(span.starts_at <= instant < span.ends_at for span in found)

    assert has(shared(some, others)) == (has(some) and has(others))
