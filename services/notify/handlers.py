"""What is done with each fact and command. The store runs a handler in one transaction."""

from services.contracts import events
from services.contracts.errors import InvalidInput, NotAllowed
from services.contracts.messaging import tracing
from services.notify.domain import audience
from services.notify.domain.deliveries import Cause

# facts -----------------------------------------------------------------------------------


def take_fact(event, uow, now, composer):
    """Renew a copy, or tell people of a step; facts of no interest have no effect."""
    if isinstance(event, events.PersonChanged):
        uow.copies.keep_person(event)
    elif isinstance(event, events.TeamChanged):
        uow.copies.keep_team(event)
    elif isinstance(event, events.FacilityChanged):
        uow.copies.keep_facility(event)
    elif isinstance(event, events.ReservationEvent):
        tell(event, uow, now, composer)


def tell(event, uow, now, composer):
    """Write the deliveries of a step. A copy that is missing raises, and the fact is tried again later."""
    invited = uow.copies.invited(event.reservation)
    if audience.concerns_anybody(event, now):
        situation = uow.copies.situation(event, invited)
        told = audience.recipients(situation)
        # The inbox began this piece of work with the fact as its cause.
        cause = Cause(tracing.causation_id.get(), tracing.correlation_id.get(), now)
        uow.deliveries.add(composer.compose(situation, told, cause))
        invited = audience.invited_after(situation, told)
    uow.copies.keep_reservation(event, invited)


# commands --------------------------------------------------------------------------------


def bind_channel(message, uow, now):
    """Tie a person to an external id, or untie. Raises NotAllowed, InvalidInput."""
    if not uow.bindings.is_admin(message.actor):
        raise NotAllowed
    if not uow.bindings.is_known(message.person):
        raise InvalidInput(errors={"person": ["unknown"]})
    bind(message.person, message.channel, message.external_id, uow, now)
    return {"person": message.person, "channel": message.channel, "bound": message.external_id is not None}


def bind(person, channel, external_id, uow, now):
    """One external id belongs to one person. Raises InvalidInput."""
    if not external_id:
        uow.bindings.unbind(person, channel)
        return
    if uow.bindings.owner(channel, external_id) not in (None, person):
        raise InvalidInput(f"the {channel} id of {person} belongs to somebody else", errors={"external_id": ["taken"]})
    uow.bindings.bind(person, channel, external_id, now)
