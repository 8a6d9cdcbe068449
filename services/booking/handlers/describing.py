"""Saying more, or otherwise, what is to be run while the request waits, and attaching files to it."""

import base64
import binascii
import uuid
from dataclasses import replace
from datetime import datetime
from typing import Any

from services.booking.domain import approval, attachments
from services.booking.domain.attachments import Attachment
from services.booking.domain.facility import Facility
from services.booking.domain.reservation import Reservation, require
from services.booking.domain.rights import Person
from services.booking.domain.rules import broken_rules
from services.booking.domain.run import Run
from services.booking.domain.states import Action, State
from services.booking.domain.wish import Party, Wish
from services.booking.handlers.placing import refuse, with_others, wrong_in_run
from services.booking.handlers.recording import answer_of, opened, route_taken, rules_used, standing, write
from services.contracts.commands import AddAttachment, DescribeReservation, RemoveAttachment
from services.contracts.errors import NotFound, RuleBroken
from services.contracts.events import ReservationApproved, ReservationDescribed


def describe_reservation(message: DescribeReservation, uow: Any, now: datetime) -> dict[str, Any]:
    """Other answers, people, operator or purpose. Who has agreed already is asked anew.

    Raises NotFound, NotAllowed, StaleVersion, WrongState, InvalidInput, RuleBroken.
    """
    former, person = opened(message, Action.DESCRIBE, uow)
    require(former, Action.DESCRIBE, now)
    operator = message.operator or former.run.operator or former.requester
    asking = uow.copies.asking(message.actor, former.team, former.facility, operator)
    refuse(wrong_in_run(message, asking))
    described = replace(former, run=run_described(former.run, message), purpose=message.purpose or former.purpose)
    if described == former:
        return answer_of(former)
    require_no_new_rule_broken(former, described, asking.facility, asking.party(former.project), uow, now)
    again = approval.begun(replace(described, version=former.version + 1), asking.facility, now, uow.time_scale)
    return write_described(former, again, Action.DESCRIBE, asking.facility, person, uow, now)


def run_described(run: Run, message: DescribeReservation) -> Run:
    given = {name: getattr(message, name) for name in ("operator", "people", "answers")}
    return replace(run, **{name: value for name, value in given.items() if value is not None})


def require_no_new_rule_broken(
    former: Reservation, described: Reservation, facility: Facility, party: Party | None, uow: Any, now: datetime,
) -> None:
    """What was granted or asked for stays as it is; only what is said now is looked at. Raises RuleBroken."""
    if facility.most_people:
        uow.reservations.claims_under_lock([facility.code], [facility.code], former.span, [former.id])
    wish = with_others(
        Wish(span=former.span, run=described.run, party=party), [facility], uow, former.span, [former.id])
    before = {violation.rule for violation in broken_rules(replace(wish, run=former.run), facility, now)}
    new = [each.to_dict() for each in broken_rules(wish, facility, now) if each.rule not in before]
    if new:
        raise RuleBroken(violations=new, alternatives=[])


def write_described(
    former: Reservation, again: Reservation, action: Action, facility: Facility, person: Person, uow: Any,
    now: datetime, **told: Any,
) -> dict[str, Any]:
    """Keep what was said; where nobody has to be asked any more, it is granted."""
    is_granted = former.state is State.REQUESTED and again.state is State.APPROVED
    kind, more = (ReservationApproved, {"automatic": True}) if is_granted else (ReservationDescribed, {})
    basis = rules_used(facility) | route_taken(again) | standing(person, former) | told
    return write(uow, action, former, again, kind, now, actor=person.person, basis=basis, **more)


def add_attachment(message: AddAttachment, uow: Any, now: datetime) -> dict[str, Any]:
    """Keep a file with a reservation that waits or is approved. Answers with the file's id too.

    Raises NotFound, NotAllowed, StaleVersion, WrongState, InvalidInput.
    """
    former, person = opened(message, Action.ATTACH, uow)
    require(former, Action.ATTACH, now)
    (facility,) = uow.copies.facilities([former.facility])
    content = decoded(message.content)
    kept = uow.attachments.of(former.id)
    refuse(attachments.wrong_with(facility, content, message.name, len(kept)))
    attachment = Attachment(
        id=str(uuid.uuid4()), reservation=former.id, added_by=person.person, added_at=now,
        **attachments.described(message.name, content),
    )
    uow.attachments.add(attachment, content)
    again = replace(former, version=former.version + 1)
    file = {"file": attachment.name, "sha256": attachment.sha256}
    answer = write_described(former, again, Action.ATTACH, facility, person, uow, now, **file)
    return answer | {"attachment": attachment.id}


def remove_attachment(message: RemoveAttachment, uow: Any, now: datetime) -> dict[str, Any]:
    """Take a file away while the request waits. Raises like add_attachment."""
    former, person = opened(message, Action.DETACH, uow)
    require(former, Action.DETACH, now)
    attachment = next((each for each in uow.attachments.of(former.id) if each.id == message.attachment), None)
    if attachment is None:
        raise NotFound
    uow.attachments.remove(attachment.id)
    (facility,) = uow.copies.facilities([former.facility])
    again = replace(former, version=former.version + 1)
    return write_described(former, again, Action.DETACH, facility, person, uow, now, file=attachment.name)


def decoded(content: str) -> bytes:
    """The bytes of a base64 text. Raises InvalidInput."""
    try:
        return base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError):
        refuse({"content": ["malformed"]})
        raise AssertionError("unreachable") from None
