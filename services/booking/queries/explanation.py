"""Why it was decided so: what is kept of each decision about a reservation, for those whom it concerns."""

from datetime import datetime
from typing import Any

from services.booking.domain.contention.drawing import fingerprint_of, is_drawn
from services.booking.domain.contention.explaining import sum_of
from services.booking.domain.contention.rivals import Rival, decided_at, group_of
from services.booking.handlers.contention.comparing import rivals_of, scores
from services.booking.queries.arguments import VISIBLE, asking, sight
from services.booking.queries.reservations import known_id
from services.booking.storage.rows import RESERVATION
from services.booking.storage.unit_of_work import BookingUnitOfWork
from services.contracts.errors import NotFound

ONE = f"""
    SELECT {RESERVATION},
           (SELECT json_agg(json_build_object(
                       'version', h.version, 'action', h.action, 'at', h.at, 'reason', h.reason,
                       'actor_name', CASE WHEN h.actor = '' THEN NULL ELSE coalesce(a.name, h.actor) END,
                       'basis', h.basis) ORDER BY h.version)
              FROM reservation_history h LEFT JOIN persons a ON a.person = h.actor
             WHERE h.reservation = r.reservation) AS decisions
      FROM reservations r WHERE r.reservation = %(reservation)s AND {VISIBLE}"""


def explanation(connection: Any, now: datetime, actor: str, reservation: str) -> dict[str, Any]:
    """Each step with what it rested on; and while it competes, where it stands. Rivals are numbers.

    Raises NotFound, NotAllowed.
    """
    person = asking(connection, actor)
    values = {"reservation": known_id(reservation), **sight(person)}
    row = connection.exec_driver_sql(ONE, values).first()
    if row is None:
        raise NotFound
    found = competing(row.id, row.facility, connection, now) if row.state == "competing" else None
    return {"reservation": row.id, "state": row.state, "competing": found, "decisions": row.decisions}


def competing(reservation: str, code: str, connection: Any, now: datetime) -> dict[str, Any] | None:
    """When it is decided and how, how many rivals there are, and the own sum; not the place, before the decision."""
    uow = BookingUnitOfWork(connection)
    (facility,) = uow.copies.facilities([code])
    rivals = rivals_of(facility, uow, locking=False)
    own = next((each for each in rivals if each.id == reservation), None)
    if own is None:
        return None
    group = group_of(own, rivals, facility)
    told = {"decided_at": decided_at(group), "rivals": len(group) - 1, "needed_by": own.needed_by}
    if is_drawn(group):
        return told | {"by": "draw", "draw": ticket_of(own, uow), "total": None, "parts": []}
    score = next(each for each in scores(group, facility, uow, now) if each.rival.id == own.id)
    return told | {"by": "manager", "draw": None, **sum_of(score)}


def ticket_of(own: Rival, uow: Any) -> dict[str, Any]:
    seed = uow.contention.seeds([own.draw])[own.draw]
    return {"draw": own.draw, "entry": own.entry, "fingerprint": fingerprint_of(seed)}
