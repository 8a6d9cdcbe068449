"""Rivals for LAB-3, one chamber, whose time a manager or a draw gives out a day before it begins."""

from datetime import timedelta

from services.booking import handlers
from services.booking.domain.contention.rivals import Rival
from services.booking.domain.reservation import Reservation
from services.booking.domain.spans import Span
from services.booking.domain.states import State
from services.booking.domain.wish import Party, Wish
from services.booking.storage.rows import facility_in, snapshot_of
from services.contracts.commands import AllocateReservation
from services.contracts.messaging import encoding
from tests.unit.booking.examples import HOUR, NOW, command, lab_3, on, person, request, team

DAY_AHEAD = 24
SPAN = on(3, 10, 12)
DECISION = SPAN.starts_at - DAY_AHEAD * HOUR


def collecting(how="manager", **changes):
    return lab_3(**{"version": 2, "allocation": how, "allocation_hours": DAY_AHEAD, **changes})


def domain(fact):
    """A facility's fact as the domain knows it."""
    return facility_in(encoding.dumps(snapshot_of(fact)).decode())


OTHERS = (
    person("dan"), person("eve"), team("green", "dan", company="C2"), team("gold", "eve", company="C3"),
    team("blue", "cyd", "mia", "ian", version=2, company="C4"),
)
"""Teams of other companies: Dan is green, Eve gold. With them blue is one too."""


def told(base, *facts):
    for fact in facts:
        base.run(handlers.take_fact, fact, now=NOW)
    return base


def ask(base, actor, span=None, now=None, **fields):
    """One after the other, a second apart."""
    now = now or NOW + timedelta(seconds=len(base.reservations))
    own = {"ann": "red", "bob": "red", "cyd": "blue", "dan": "green", "eve": "gold"}[actor]
    asked = request(actor, span or SPAN, **{"team": own, **fields})
    return base.run(handlers.request_reservation, asked, now=now)


def allocate(base, actor, answer, now=NOW, **fields):
    message = command(
        AllocateReservation, actor, reservation=answer["id"], version=answer["version"], **fields)
    return base.run(handlers.allocate_reservation, message, now=now)


def decide(base, now):
    while base.run(handlers.allocate_due, now=now):
        pass


def state_of(base, answer):
    return base.reservations[answer["id"]].state


def facts_of(base, kind):
    return [each for each in base.events if isinstance(each, kind)]


def rival(number, span=None, priority="normal", waited=timedelta(0), party=None, unit=None, **more):
    """For the domain alone."""
    span = span or on(3, 10, 12)
    reservation = Reservation(
        id=f"{number:08d}", version=1, state=State.COMPETING, facility="LAB-3", unit="A", span=Span(*span),
        team=f"t{number}", project=None, purpose="p", requester="ann", decide_by=span.starts_at - DAY_AHEAD * HOUR,
    )
    wish = Wish(span=Span(*span), unit=unit, party=Party(team=f"t{number}", priority=priority))
    return Rival(
        reservation=reservation, wish=wish, party=party or f"team:t{number}", since=NOW - waited, unit=unit, **more)


def basis_of(base, answer):
    return base.history[answer["id"]][-1].basis["contention"]
