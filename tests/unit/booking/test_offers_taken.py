"""Whatever stands and whatever is asked: each way that is offered, taken at once by its own road, succeeds."""


from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st

from services.booking import handlers
from services.contracts.commands import MoveReservation, RequestCampaign, RequestSeries
from services.contracts.errors import DatesClash, Refusal
from tests.unit.booking.capacity_examples import FAMILIES, lab_9, line_1, profile
from tests.unit.booking.examples import (
    ALL_DAY,
    BASE,
    NOW,
    command,
    facility_changed,
    holder,
    lab_1,
    lab_3,
    on,
    qualification,
    request,
)
from tests.unit.booking.fakes import FakeBase, overlapping
from tests.unit.booking.test_interruptions import interruption
from tests.unit.booking.test_quotas import quota

STRICT = (
    lab_1(version=2, most_pieces=3, longest_minutes=1440, change_notice_minutes=2880),
    lab_3(version=2, equivalents=["LAB-4", "LINE-1"], most_pieces=2, most_people=4, notice_minutes=120,
          qualifications=["EMC"], cleardown_minutes=60),
    facility_changed("LAB-4", 2, most_people=3, shortest_minutes=120, equivalents=["LAB-3"], horizon_days=9),
    line_1(opening_hours=[ALL_DAY] * 7, most_pieces=4), lab_9(most_pieces=3, equivalents=["LAB-1"]),
    qualification("EMC"),
    holder("ann", EMC=on(9, 0, 11).ends_at), *(holder(code, EMC=on(90, 0, 1).ends_at) for code in ("bob", "cyd")),
)
QUOTAS = [
    quota("WEEK", limit=360), quota("MONTH", per="month", scope="company", limit=900),
    quota("OPEN", per="open", scope="person", limit=4), quota("LINES", kind="line", limit=300),
    quota("HALF", limit=300, off_peak_percent=50, peak_hours=[[480, 1200]]),
]
HITS = [
    interruption(on(1, 9, 30)), interruption(on(2, 0, 12), code="I-2", facility="LAB-1", unit="A"),
    interruption(on(3, 0, 48), code="I-3", facility=None, kind="closure"),
]


def times(longest):
    return st.builds(
        lambda day, half, length: on(day, half / 2, half / 2 + length / 2),
        st.integers(0, 4), st.integers(14, 44), st.integers(2, longest),
    )


TIMES = times(20)
PLAIN = st.sampled_from(["LAB-1", "LAB-3", "LAB-4"]).flatmap(lambda code: st.fixed_dictionaries({
    "facility": st.just(code), "unit": st.sampled_from([None, "A"]), "people": st.integers(1, 3),
}))
FAMILY = st.sampled_from(FAMILIES).map(lambda family: {"facility": "LINE-1", "family": family})
SHARED = st.builds(
    lambda places, temperature: {"facility": "LAB-9", "places": places, "profile": profile(temperature)},
    st.integers(1, 4), st.sampled_from([60, 83, 85]),
)
ASKED = st.tuples(st.sampled_from(["ann", "bob", "cyd"]), TIMES, PLAIN | FAMILY | SHARED)
PEOPLE = st.sampled_from(["ann", "bob"])


def a_base(quotas, hits, asked):
    base = FakeBase()
    for fact in (*BASE, *STRICT, *quotas, *hits):
        base.run(handlers.take_fact, fact, now=NOW)
    for actor, span, run in asked:
        give(base, handlers.request_reservation, request(actor, span, **run))
    return base


def give(base, handler, message):
    try:
        return base.run(handler, message, now=NOW)
    except Refusal as refusal:
        return refusal


def taken(base, offer, handler, message):
    """Take an offer in a copy of the base."""
    copy = base.copy()
    answer = give(copy, handler, message)
    assert not isinstance(answer, Refusal), (offer, answer, answer.facts)
    assert not overlapping(copy)


def place_of(offer):
    return {name: offer[name] for name in ("facility", "unit", "starts_at", "ends_at")}


def campaign_of(actor, offer, run):
    """All pieces of a split as the steps of one campaign."""
    steps = [{**run, "facility": offer["facility"], **piece} for piece in offer["pieces"]]
    return command(RequestCampaign, actor, team="red", purpose="p", steps=steps)


bases = st.builds(
    a_base, st.lists(st.sampled_from(QUOTAS), max_size=2, unique_by=lambda each: each.quota),
    st.lists(st.sampled_from(HITS), max_size=2, unique_by=lambda each: each.interruption),
    st.lists(ASKED, min_size=4, max_size=12),
)
many = settings(phases=[Phase.generate],
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@many
@given(bases, PEOPLE, times(32), PLAIN | FAMILY | SHARED)
def test_an_offer_to_a_request_is_granted(base, actor, span, run):
    answer = give(base, handlers.request_reservation, request(actor, span, **run))
    if isinstance(answer, Refusal):
        offers = answer.facts["alternatives"]
        assert len(offers) <= 5
        event(" ".join(sorted({each["why"] for each in offers} & {"shorter", "split", "equivalent_facility"})))
        for each in offers:
            if "pieces" in each:
                taken(base, each, handlers.request_campaign, campaign_of(actor, each, run))
            else:
                filled = {"family": "board"} | run if each["facility"] == "LINE-1" else run
                taken(base, each, handlers.request_reservation, request(actor, **filled | place_of(each)))


@many
@given(bases, PEOPLE, TIMES, TIMES, PLAIN | FAMILY | SHARED, st.sampled_from(["LAB-1", "LAB-3", None]))
def test_an_offer_to_a_move_is_granted(base, actor, former, span, run, target):
    held = give(base, handlers.request_reservation, request(actor, former, **run))
    if isinstance(held, Refusal):
        return
    move = {"reservation": held["id"], "version": held["version"]}
    answer = give(base, handlers.move_reservation, command(
        MoveReservation, actor, **move, **span._asdict(), **({"facility": target} if target else {})))
    for each in answer.facts["alternatives"] if isinstance(answer, Refusal) else ():
        assert "pieces" not in each
        taken(base, each, handlers.move_reservation, command(MoveReservation, actor, **move, **place_of(each)))


@many
@given(bases, PEOPLE, TIMES, PLAIN, st.sampled_from([
    "FREQ=DAILY;COUNT=4", "FREQ=WEEKLY;COUNT=3", "FREQ=DAILY;INTERVAL=2;COUNT=3",
]))
def test_the_best_offers_for_the_dates_of_a_series_are_granted_together(base, actor, span, run, rule):
    asked = {"team": "red", "purpose": "p", "rule": rule, "family": "board", **run, **span._asdict()}
    answer = give(base, handlers.request_series, command(RequestSeries, actor, **asked))
    if not isinstance(answer, DatesClash):
        return
    choices = []
    for clash in answer.facts["clashes"]:
        ways = clash["alternatives"]
        choices.append({"date": clash["date"], **(place_of(ways[0]) if ways else {"action": "skip"})})
    if any(choice.get("action") != "skip" for choice in choices):
        again = give(base, handlers.request_series, command(RequestSeries, actor, choices=choices, **asked))
        assert not isinstance(again, Refusal), (choices, again.facts)
