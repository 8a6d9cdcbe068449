"""Pairing screens, and ending what they may do."""

import uuid
from typing import Any

from services.accounts.domain import devices
from services.accounts.domain.devices import Device
from services.contracts.errors import InvalidInput, NotAllowed, NotFound


def create_pairing(message: Any, uow: Any, now: Any, code: str) -> dict[str, Any]:
    """The answer is without the code, because answers are stored; ``shown_once`` adds it. Raises NotAllowed."""
    require_may_look_after(message.actor, message.facility, uow)
    device = Device(
        device=str(uuid.uuid4()), name=message.name, facility=message.facility, created_by=message.actor,
        created_at=now, code_hash=devices.hash_of(code), code_until=now + devices.CODE_LIVES,
    )
    uow.devices.save(device)
    uow.note(f"device:{device.device}", name=device.name, facility=device.facility, state="waiting")
    return {"device": device.device, "facility": device.facility, "code_until": device.code_until}


def pair_device(message: Any, uow: Any, now: Any, secret: str) -> dict[str, Any]:
    """Nobody is signed in on a screen: the code says what it is. Raises InvalidInput."""
    device = uow.devices.by_code(devices.hash_of(devices.normal(message.code)))
    if device is None or not device.can_be_paired(now):
        raise InvalidInput(errors={"code": ["not_a_code"]})
    uow.devices.save(device.paired(secret, now))
    uow.note(f"device:{device.device}", state="paired")
    return {"device": device.device, "facility": device.facility}


def revoke_device(message: Any, uow: Any, now: Any) -> dict[str, Any]:
    """Raises NotFound, also to those who do not look after it."""
    device = uow.devices.get(message.device)
    if device is None:
        raise NotFound
    try:
        require_may_look_after(message.actor, device.facility, uow)
    except NotAllowed as error:
        raise NotFound from error
    uow.devices.revoke(device.device, now)
    uow.note(f"device:{device.device}", state="revoked")
    return {"device": device.device}


def shown_once(answer: Any, **secrets: str) -> Any:
    """An answer with what is not stored; a repeated request gets it without."""
    return answer if answer.replayed else answer._replace(value=answer.value | secrets)


def require_may_look_after(actor: str, facility: str | None, uow: Any) -> None:
    """Raises NotAllowed; Unauthenticated for the unknown and the disabled."""
    roles = frozenset(uow.actor(actor).roles)
    person = uow.people.get(actor)
    manages = person.manages if "facility_manager" in roles else ()
    if not devices.may_look_after(roles, manages, facility):
        raise NotAllowed
