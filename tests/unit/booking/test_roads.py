"""Every road into a reservation gives the verdict of the one rule function, with and without an exception."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from services.booking import handlers
from services.booking.domain.rules import are_excused, broken_rules
from services.booking.domain.run import Run
from services.booking.domain.wish import Left, Wish
from services.contracts.commands import ImportReservations, MoveReservation, RequestSeries
from services.contracts.errors import DatesClash, RowsRefused, RuleBroken
from tests.strategies import spans
from tests.unit.booking.examples import BASE, NOW, command, lab_3, on, request
from tests.unit.booking.fakes import FakeBase, FakeUnitOfWork
from tests.unit.booking.test_describing import QUESTIONS

RULES = lab_3(version=2, questions=QUESTIONS, most_people=3, notice_minutes=120, horizon_days=14)
WHY = "the customer's audit"


def a_base():
    base = FakeBase()
    for fact in (*BASE, RULES):
        base.run(handlers.take_fact, fact, now=NOW)
    return base


def told(road):
    """The rules that a road refuses; none when it goes through, whatever it finds taken."""
    try:
        road()
    except RuleBroken as refusal:
        return {each["rule"] for each in refusal.facts["violations"]}
    except RowsRefused as refusal:
        return {each["rule"] for row in refusal.facts["rows"] for each in row["violations"]}
    except DatesClash as refusal:
        return {each["rule"] for clash in refusal.facts["clashes"] for each in clash["violations"]}
    return set()


@settings(max_examples=40)
@given(
    spans(days=21, longest=timedelta(hours=14)), st.sampled_from([{}, {"material": "none"}]), st.integers(1, 4),
    st.sampled_from(["", WHY]),
)
def test_request_move_import_and_series_tell_what_the_function_tells(span, answers, people, exception):
    base = a_base()
    asking = FakeUnitOfWork(base).copies.asking("ann", "red", "LAB-3")
    run = Run(answers=answers, people=people)
    wish = Wish(span=span, run=run, party=asking.party(None), exception=exception)
    violations = broken_rules(wish, asking.facility, NOW)
    expected = set() if are_excused(violations, wish) else {each.rule for each in violations}
    fields = {"answers": answers, "exception": exception}
    assert told(lambda: base.run(handlers.request_reservation, request(
        span=span, people=people, **fields), now=NOW)) == expected
    base = a_base()
    elsewhere = request(span=on(30, 10, 12), facility="LAB-1", people=people)
    held = base.run(handlers.request_reservation, elsewhere, now=NOW)["id"]
    move = command(
        MoveReservation, "ann", reservation=held, version=1, facility="LAB-3", **span._asdict(), **fields)
    assert broken_rules(replace(wish, left=Left(on(30, 10, 12), 0)), asking.facility, NOW) == violations
    assert told(lambda: base.run(handlers.move_reservation, move, now=NOW)) == expected
    row = {"facility": "LAB-3", "team": "red", "requester": "ann", "purpose": "p", "people": people} | fields
    taken_over = command(ImportReservations, "bea", reservations=[row | span._asdict()])
    assert told(lambda: a_base().run(handlers.import_reservations, taken_over, now=NOW)) == expected
    if not exception:
        base = a_base()
        series = command(
            RequestSeries, "ann", facility="LAB-3", team="red", purpose="p", rule="FREQ=DAILY;COUNT=1",
            answers=answers, people=people, **span._asdict(),
        )
        assert told(lambda: base.run(handlers.request_series, series, now=NOW)) == expected
