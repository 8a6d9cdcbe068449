"""What is told to the other services about a step."""

from typing import Any, TypeVar

from services.booking.domain.reservation import Reservation
from services.contracts.events import ReservationEvent

Fact = TypeVar("Fact", bound=ReservationEvent)


def fact(kind: type[Fact], reservation: Reservation, actor: str, reason: str = "", **more: Any) -> Fact:
    """The fact that ``actor`` brought the reservation to its present version; "" is the system."""
    return kind(
        version=reservation.version, reservation=reservation.id, state=str(reservation.state),
        facility=reservation.facility, unit=reservation.unit, **reservation.span._asdict(),
        team=reservation.team, project=reservation.project, purpose=reservation.purpose,
        requester=reservation.requester, actor=actor, reason=reason,
        run=reservation.run.to_dict(), series=reservation.series, campaign=reservation.campaign, **more,
    )
