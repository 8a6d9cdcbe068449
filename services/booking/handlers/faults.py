"""What is broken: reported by whoever stands before it, closed by who manages the facility."""

import uuid
from datetime import datetime
from typing import Any

from services.booking.domain.fault import Fault
from services.booking.domain.rights import SCREENS, capacity, is_at_door, known
from services.booking.handlers.placing import check_place, refuse
from services.contracts.commands import CloseFault, ReportFault
from services.contracts.errors import NotAllowed, NotFound, WrongState


def report_fault(message: ReportFault, uow: Any, now: datetime) -> dict[str, Any]:
    """Anybody who may act at all may say that something is broken; a door only at its own facility.

    Raises NotAllowed, InvalidInput.
    """
    asking = uow.copies.asking(message.actor, None, message.facility)
    person = known(asking.person)
    if person.roles & SCREENS and not is_at_door(person, message.facility):
        raise NotAllowed
    refuse(check_place(message.unit, asking.facility) | blank(message.text))
    fault = Fault(
        fault=str(uuid.uuid4()), facility=message.facility, unit=message.unit, text=message.text.strip(),
        reporter=message.actor, reported_at=now,
    )
    uow.faults.add(fault)
    uow.record(fault.fact(message.actor))
    return answer_of(fault)


def close_fault(message: CloseFault, uow: Any, now: datetime) -> dict[str, Any]:
    """Raises NotFound, WrongState."""
    person = known(uow.copies.person(message.actor))
    fault = uow.faults.locked(message.fault)
    if fault is None or capacity(person, fault.facility) is None:
        raise NotFound
    if not fault.is_open:
        raise WrongState(state="closed", action="close", reason="fault_closed")
    closed = fault.closed(message.actor, message.note.strip(), now)
    uow.faults.close(closed)
    uow.record(closed.fact(message.actor))
    return answer_of(closed)


def blank(text: str) -> dict[str, list[str]]:
    return {} if text.strip() else {"text": ["required"]}


def answer_of(fault: Fault) -> dict[str, Any]:
    return {
        "fault": fault.fault, "state": "open" if fault.is_open else "closed", "facility": fault.facility,
        "unit": fault.unit, "version": fault.version,
    }
