"""Taking time away, and giving it back."""

import uuid

from services.contracts.errors import InvalidInput, NotFound, StaleVersion
from services.facilities.domain import rights
from services.facilities.domain.interruption import Interruption, wrong_in_reason, wrong_with

BATCH = 50


def declare_interruption(message, uow, now):
    """Raises NotAllowed, InvalidInput with everything that is wrong."""
    return keep(asked_for(message, uow, now), message.actor, uow)


def asked_for(message, uow, now):
    """The interruption that a command asks for, with its stretches. Raises like declare_interruption."""
    rights.require_may_interrupt(uow.person(message.actor), None if message.kind == "closure" else message.facility)
    wrong, site = place_of(message, uow)
    asked = Interruption(
        interruption=str(uuid.uuid4()), version=1, kind=message.kind, site=site, facility=message.facility,
        unit=message.unit, starts_at=message.starts_at, ends_at=message.ends_at, rule=message.rule,
        open_end=message.open_end, spans=(), known_until=None, reason=message.reason, note=message.note,
        actor=message.actor,
    )
    wrong |= wrong_with(asked, now)
    if wrong:
        raise InvalidInput(errors=wrong)
    return asked.spread(now)


def place_of(message, uow):
    """What is wrong with the place, and the site that it belongs to."""
    strange = ("facility", "unit") if message.kind == "closure" else ("site",)
    wrong = {name: ["not_for_this_kind"] for name in strange if getattr(message, name) is not None}
    needed = "site" if message.kind == "closure" else "facility"
    if getattr(message, needed) is None:
        return wrong | {needed: ["required"]}, ""
    if message.kind == "closure":
        return wrong if uow.sites.knows(message.site) else wrong | {"site": ["unknown"]}, message.site
    facility = uow.facilities.get(message.facility)
    if facility is None:
        return wrong | {"facility": ["unknown"]}, ""
    if message.unit is not None and message.unit not in {unit["code"] for unit in facility.units}:
        wrong["unit"] = ["unknown_unit"]
    return wrong, facility.site


def extend_interruption(message, uow, now):
    """Another end. Raises NotFound, NotAllowed, StaleVersion, WrongState, InvalidInput."""
    return keep(opened(message, uow).extended(message.ends_at, now), message.actor, uow)


def end_interruption(message, uow, now):
    """It is over now. Raises NotFound, NotAllowed, StaleVersion, WrongState."""
    return keep(opened(message, uow).ended(now), message.actor, uow)


def call_off_interruption(message, uow, now):
    """It does not take place. Raises like end_interruption."""
    return keep(opened(message, uow).called_off(now), message.actor, uow)


def describe_interruption(message, uow, now):
    """Another reason, another note. Raises NotFound, NotAllowed, StaleVersion, InvalidInput."""
    before = opened(message, uow)
    wrong = wrong_in_reason(message.reason)
    if wrong:
        raise InvalidInput(errors=wrong)
    after = before.described(message.reason, message.note)
    return answer_of(before) if after is before else keep(after, message.actor, uow)


def opened(message, uow):
    """The interruption of a command, locked. Raises NotFound, NotAllowed, StaleVersion."""
    found = uow.interruptions.get(message.interruption)
    if found is None:
        raise NotFound
    rights.require_may_interrupt(uow.person(message.actor), found.facility)
    if message.version not in (None, found.version):
        raise StaleVersion(version=found.version)
    return found


def keep(interruption, actor, uow):
    uow.interruptions.save(interruption)
    uow.record(interruption.fact(actor))
    return answer_of(interruption)


def answer_of(interruption):
    return {
        "interruption": interruption.interruption, "version": interruption.version,
        "spans": [span.to_dict() for span in interruption.spans],
    }


# due work -------------------------------------------------------------------------------


def move_on(uow, now):
    """Outages with an open end that nobody has ended go on. Returns how many."""
    due = uow.interruptions.to_move_on(now, BATCH)
    for each in due:
        keep(each.moved_on(now), "", uow)
    return len(due)


def top_up(uow, now):
    """Repeated maintenance is known as far ahead as time may be reserved. Returns how many were looked at."""
    due = uow.interruptions.to_top_up(now, BATCH)
    for each in due:
        after = each.topped_up(now)
        uow.interruptions.save(after)
        if after.version != each.version:
            uow.record(after.fact(""))
    return len(due)
