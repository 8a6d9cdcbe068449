"""Taking over what another system has granted: each by the same rules as a request, all of them or none.

The rows are placed one after the other, so that two of them never hold the same time. Quotas and units are
therefore not locked in the order of a single request: where a request crosses an import, the database ends one
of the two transactions, and it is repeated.
"""

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from services.booking.domain.approval import STAGES
from services.booking.domain.rights import BASE_ROLES, known
from services.booking.domain.rules.collecting import decisions_on
from services.booking.handlers.asking import asked_for
from services.booking.handlers.placing import placed, refuse
from services.booking.handlers.requesting import begun, new_reservation
from services.contracts import schemas
from services.contracts.commands import ImportedReservation, ImportReservations, RequestReservation
from services.contracts.errors import InvalidInput, NotAllowed, RowsRefused, RuleBroken, SlotTaken

MOST_ROWS = 200
"""As many as are judged within a request's deadline."""


def import_reservations(message: ImportReservations, uow: Any, now: datetime) -> dict[str, Any]:
    """Grant them. Raises NotAllowed (who does not manage the base), InvalidInput, RowsRefused."""
    rows = verdicts(message, uow, now)
    refused = [each for each in rows if not each["ok"]]
    if refused:
        raise RowsRefused(rows=refused)
    return {"items": [each["reservation"] for each in rows]}


def verdicts(message: ImportReservations, uow: Any, now: datetime) -> list[dict[str, Any]]:
    """What becomes of each row after those before it, in their order; what can be had is written.

    Raises NotAllowed, InvalidInput.
    """
    importer = known(uow.copies.person(message.actor))
    if not importer.roles & set(BASE_ROLES):
        raise NotAllowed
    count = len(message.reservations)
    if not 0 < count <= MOST_ROWS:
        refuse({"reservations": ["required" if not count else "too_many"]})
    return [
        {"row": number} | verdict(row, importer.person, uow, now) for number, row in enumerate(message.reservations)
    ]


def verdict(row: Mapping[str, Any], importer: str, uow: Any, now: datetime) -> dict[str, Any]:
    """The reservation that a row became, or all that is wrong with it."""
    told: dict[str, Any] = {
        "ok": False, "reservation": None, "errors": {}, "violations": [], "taken": False, "alternatives": [],
    }
    try:
        return told | {"ok": True, "reservation": granted(schemas.load(ImportedReservation, row), importer, uow, now)}
    except (InvalidInput, RuleBroken, SlotTaken) as refusal:
        return told | refusal.facts | {"taken": isinstance(refusal, SlotTaken)}


def granted(row: ImportedReservation, importer: str, uow: Any, now: datetime) -> dict[str, Any]:
    """One of them, as if its requester had asked and everybody had agreed.

    Raises InvalidInput, RuleBroken, SlotTaken.
    """
    if row.requester == importer:
        refuse({"requester": ["own_request"]})
    message = request_of(row)
    try:
        asking, wish = asked_for(message, uow)
    except NotAllowed:
        refuse({"requester": ["unknown_person"]})
    except InvalidInput as refusal:
        errors = refusal.facts["errors"]
        refuse(errors | ({"team": ["not_the_requesters"]} if "team" in errors else {}))
    # On a facility that collects requests it was granted before; what others compete for now is not to be had.
    wish = replace(wish, at_once=any(decisions_on(wish, asking.facility)))
    with placed(wish, asking.facility, uow, now, locking=[asking.facility.code]) as room:
        asked = new_reservation(message, wish, room.unit, asking.person)
        return begun(asked, room, asking.facility, uow, now, importer, {"imported": True}, agreed=frozenset(STAGES))


def request_of(row: ImportedReservation) -> RequestReservation:
    """The request that its requester would have made."""
    fields = asdict(row)
    return RequestReservation(actor=fields.pop("requester"), request_key="import", **fields)
