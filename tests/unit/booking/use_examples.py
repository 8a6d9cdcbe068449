"""Coming, staying longer and leaving on the small base."""

from datetime import timedelta

from services.booking import handlers
from services.contracts.commands import ApproveReservation, CheckInReservation, CheckOutReservation, ExtendReservation
from tests.unit.booking.examples import NOW, command, request

MINUTE = timedelta(minutes=1)


def approved(base, actor="ann", span=None, facility="LAB-3", **fields):
    """A reservation that Mia or Max has approved."""
    asked = base.run(handlers.request_reservation, request(actor, span, facility, **fields), now=NOW)
    if asked["state"] == "requested":
        manager = "bea" if actor == "mia" else "mia"
        message = command(ApproveReservation, manager, reservation=asked["id"])
        base.run(handlers.approve_reservation, message, now=NOW)
    return asked["id"]


def come(base, reservation, now, actor="ann", **fields):
    message = command(CheckInReservation, actor, reservation=reservation, **fields)
    return base.run(handlers.check_in_reservation, message, now=now)


def leave(base, reservation, now, actor="ann", **fields):
    message = command(CheckOutReservation, actor, reservation=reservation, **fields)
    return base.run(handlers.check_out_reservation, message, now=now)


def extend(base, reservation, ends_at, now, actor="ann", **fields):
    message = command(ExtendReservation, actor, reservation=reservation, ends_at=ends_at, **fields)
    return base.run(handlers.extend_reservation, message, now=now)


def facts(base, reservation):
    return [type(fact).__name__ for fact in base.events if getattr(fact, "reservation", None) == reservation]
