"""What may be asked of booking about the use of a facility: coming, staying longer, leaving, what is broken."""

from dataclasses import dataclass
from typing import Annotated

from services.contracts.commands.reservations import BookingCommand, ReservationCommand
from services.contracts.values import Code, Identifier, Instant, Pattern, Text

Fault = Annotated[str, Text(1000, lines=True)]


@dataclass(frozen=True, kw_only=True)
class CheckInReservation(ReservationCommand):
    """The team has come. At the door it shows by the ``pin`` of the reservation that it is the team."""

    pin: Annotated[str, Pattern(r"[0-9]{4}")] | None = None


@dataclass(frozen=True, kw_only=True)
class ExtendReservation(ReservationCommand):
    """A run that has begun goes on until a later end."""

    ends_at: Instant


@dataclass(frozen=True, kw_only=True)
class CheckOutReservation(ReservationCommand):
    """The team has gone and left the place cleared; ``fault`` says what is broken, if anything is."""

    fault: Fault = ""


@dataclass(frozen=True, kw_only=True)
class MarkNoShow(ReservationCommand):
    """A manager notes that nobody came; what is left of the time is free."""


@dataclass(frozen=True, kw_only=True)
class ReportFault(BookingCommand):
    """Something is broken at a facility, or at one of its units."""

    facility: Code
    unit: Code | None = None
    text: Annotated[str, Text(1000, shortest=1, lines=True)]


@dataclass(frozen=True, kw_only=True)
class CloseFault(BookingCommand):
    """A manager has dealt with what was reported; ``note`` says how."""

    fault: Identifier
    note: Annotated[str, Text(1000, lines=True)] = ""
