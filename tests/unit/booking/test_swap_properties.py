"""Whatever stands and whatever is offered: an exchange keeps every rule of both sides, or changes nothing."""

from hypothesis import given, settings
from hypothesis import strategies as st

from services.booking import handlers
from services.booking.domain.rules import broken_rules
from services.booking.domain.spans import Span
from services.booking.domain.states import State
from services.booking.domain.swapping import AskState
from services.booking.domain.wish import Wish
from services.contracts.commands import AcceptAsk, AskHolder, MoveReservation
from services.contracts.errors import Refusal
from tests.unit.booking.examples import BASE, HOUR, NOW, command, lab_3, on, plat_05, request
from tests.unit.booking.fakes import FakeBase, overlapping

FACILITIES = st.sampled_from(["LAB-1", "LAB-3", "PLAT-05"])
SPANS = st.builds(
    lambda day, hour, length: on(day, hour, hour + length), st.integers(1, 3), st.integers(8, 18),
    st.sampled_from([1, 2, 3, 5, 20]),
)
TAKEN = st.tuples(FACILITIES, SPANS)
RULES = (lab_3(version=2, approval="automatic"), plat_05(version=2, unit_choice=True))


def base_with(taken):
    """A base on which LAB-3 and PLAT-05 grant at once, with the times that could be had, by turns red's and blue's."""
    base = FakeBase()
    for fact in (*BASE, *RULES):
        base.run(handlers.take_fact, fact, now=NOW)
    for number, (facility, span) in enumerate(taken):
        give(base, handlers.request_reservation, request(("ann", "cyd")[number % 2], span, facility))
    return base


def give(base, handler, message):
    try:
        return base.run(handler, message, now=NOW)
    except Refusal as refusal:
        return refusal


def state_of(base):
    return {each.id: (each.state, each.facility, each.unit, each.span, each.version)
            for each in base.reservations.values()}


def keeps_the_rules(base):
    assert not overlapping(base)
    for each in base.reservations.values():
        if each.is_held:
            assert broken_rules(Wish(span=each.span), base.facilities[each.facility], NOW) == []


def exchange(base, message, between=lambda: None, **fields):
    """Asked and accepted; what was refused, or the answer, and the state before it was accepted."""
    asked = give(base, handlers.ask_holder, message)
    if isinstance(asked, Refusal):
        return asked, None
    between()
    before = state_of(base)
    return give(base, handlers.accept_ask, command(AcceptAsk, "cyd", ask=asked["id"], **fields)), before


def pair(base):
    """An own reservation and one of another team that is sure of its time."""
    mine = next((each for each in base.reservations.values() if each.team == "red"), None)
    sure = [each for each in base.reservations.values() if each.team == "blue" and each.state is State.APPROVED]
    return mine, next(iter(sure), None)


@settings(max_examples=60, deadline=None)
@given(taken=st.lists(TAKEN, min_size=2, max_size=8), elsewhere=st.none() | SPANS)
def test_a_swap_changes_both_or_nothing(taken, elsewhere):
    base = base_with(taken)
    mine, theirs = pair(base)
    if not mine or not theirs:
        return

    def move_in_between():
        if elsewhere:
            give(base, handlers.move_reservation, command(
                MoveReservation, "ann", reservation=mine.id, version=1, **elsewhere._asdict()))

    message = command(
        AskHolder, "ann", kind="swap", reservation=mine.id, facility=theirs.facility, unit=theirs.unit,
        starts_at=theirs.span.starts_at)
    answer, before = exchange(base, message, move_in_between)
    keeps_the_rules(base)
    if isinstance(answer, Refusal):
        assert before in (None, state_of(base))
        return
    after_mine, after_theirs = base.reservations[mine.id], base.reservations[theirs.id]
    assert (after_mine.facility, after_mine.span.starts_at) == (theirs.facility, theirs.span.starts_at)
    assert (after_theirs.facility, after_theirs.span.starts_at) == (mine.facility, mine.span.starts_at)
    assert after_mine.span.length == mine.span.length
    assert after_theirs.span.length == theirs.span.length
    others = {each: told for each, told in before.items() if each not in (mine.id, theirs.id)}
    assert others.items() <= state_of(base).items()


@settings(max_examples=60, deadline=None)
@given(
    taken=st.lists(TAKEN, min_size=2, max_size=6), later=st.sampled_from([-1, 0, 0, 1]),
    hours=st.sampled_from([1, 2, 3, 5]), elsewhere=st.none() | st.tuples(FACILITIES, SPANS),
)
def test_giving_way_changes_both_or_nothing(taken, later, hours, elsewhere):
    base = base_with(taken)
    _mine, theirs = pair(base)
    if not theirs:
        return
    wished = Span(theirs.span.starts_at + later * HOUR, theirs.span.starts_at + (later + hours) * HOUR)
    message = command(
        AskHolder, "ann", kind="give_way", facility=theirs.facility, unit=theirs.unit, team="red", purpose="85 ℃",
        starts_at=theirs.span.starts_at, wished_from=wished.starts_at, wished_until=wished.ends_at)
    fields = {"facility": elsewhere[0], **elsewhere[1]._asdict()} if elsewhere else {}
    answer, before = exchange(base, message, **fields)
    keeps_the_rules(base)
    if isinstance(answer, Refusal):
        assert before in (None, state_of(base))
        return
    (ask,) = base.asks.values()
    made, holder = base.reservations[ask.reservation], base.reservations[theirs.id]
    assert ask.state is AskState.ACCEPTED
    assert (made.facility, made.span, made.team, made.is_held) == (theirs.facility, wished, "red", True)
    assert (holder.facility, holder.span) == elsewhere if elsewhere else holder.state is State.CANCELLED
