"""Facts of booking, as the live service takes them."""

from datetime import UTC, datetime
from typing import Any

from services.contracts.events import ReservationApproved, ReservationMoved
from tests.unit.portal.examples import RESERVATION

STARTS, ENDS = datetime(2026, 11, 26, 1, tzinfo=UTC), datetime(2026, 11, 26, 3, tzinfo=UTC)
COMMON: dict[str, Any] = {
    "reservation": RESERVATION, "state": "approved", "facility": "LAB-1", "unit": "C1", "starts_at": STARTS,
    "ends_at": ENDS, "team": "team-01", "project": None, "purpose": "secret", "requester": "lead01",
    "actor": "manager-labs", "version": 2,
}


def an_approval(**more: Any) -> ReservationApproved:
    return ReservationApproved(**COMMON | {"automatic": False} | more)


def a_move(**more: Any) -> ReservationMoved:
    former = {"former_facility": "LAB-1", "former_unit": "C1", "former_starts_at": STARTS, "former_ends_at": ENDS}
    return ReservationMoved(**COMMON | former | {"decide_by": None} | more)
