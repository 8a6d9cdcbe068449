"""What has happened, as the services tell each other: past tense, frozen, keyword-only.

A fact carries what its readers need, so that nobody has to call back. Two families:

- a **snapshot** holds the whole of a thing; a reader keeps the newest and drops older ones;
- a **change** is one step in the life of a thing; a reader takes the steps of one thing in
  the order of their versions, and waits when one is missing.
"""

from services.contracts.events.accounts import PersonChanged, TeamChanged
from services.contracts.events.event import Event
from services.contracts.events.facilities import FacilityChanged
from services.contracts.events.reservations import (
    ReservationApproved,
    ReservationCancelled,
    ReservationEvent,
    ReservationExpired,
    ReservationFinished,
    ReservationMoved,
    ReservationNoShow,
    ReservationRejected,
    ReservationRequested,
    ReservationStarted,
    ReservationWithdrawn,
)

__all__ = [
    "Event",
    "FacilityChanged",
    "PersonChanged",
    "ReservationApproved",
    "ReservationCancelled",
    "ReservationEvent",
    "ReservationExpired",
    "ReservationFinished",
    "ReservationMoved",
    "ReservationNoShow",
    "ReservationRejected",
    "ReservationRequested",
    "ReservationStarted",
    "ReservationWithdrawn",
    "TeamChanged",
]
