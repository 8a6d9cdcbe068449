"""What is done with each fact and command. The store runs a handler in one transaction."""

from dataclasses import replace

from services.contracts import events
from services.contracts.errors import NotAllowed
from services.contracts.messaging import tracing
from services.notify.domain import audience
from services.notify.domain.deliveries import Cause
from services.notify.domain.preferences import MANDATORY, chosen_in, shown
from services.notify.domain.reminders import needless, reminders_of

BATCH = 50

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
    uow.reminders.replace(event.reservation, reminders_of(event, now, composer.time_scale))


# due work --------------------------------------------------------------------------------


def remind_due(uow, now, composer):
    """Tell what a time has come for, a batch at once; what is stale by now is let go. Returns how many were due."""
    due = uow.reminders.take(now, BATCH)
    for reminder in due:
        if reminder.stale_at > now:
            remind(reminder, uow, now, composer)
    return len(due)


def remind(reminder, uow, now, composer):
    """Once for each reservation, reader and kind, as long as the reservation keeps its time."""
    event = uow.copies.latest(reminder.subject)
    if event is None or needless(reminder.kind, *uow.copies.neighbours(reminder.subject)):
        return
    situation = uow.copies.situation(event, uow.copies.invited(reminder.subject), step=reminder.kind)
    cause = Cause(reminder.event_id, reminder.event_id, now)
    uow.deliveries.add(composer.compose(situation, audience.recipients(situation), cause))


# commands --------------------------------------------------------------------------------


def choose_notifications(message, uow, now):
    """Keep what the actor wants to hear of; what waits for a digest comes with the next one, or at once.

    Raises InvalidInput, NotAllowed.
    """
    person = known_person(uow.preferences.person(message.actor))
    chosen = chosen_in(message, person.bound)
    uow.preferences.save(person.person, chosen)
    uow.deliveries.hasten(person.person, now if chosen.digest == "none" else chosen.next_digest(now))
    return shown(chosen, person.bound)


def switch_off(person, category, channel, uow):
    """What an unsubscribing reader wants: no more of a category on a channel. What is urgent stays."""
    known = known_person(uow.preferences.person(person))
    row = {**known.preferences.switches.get(category, {}), channel: False}
    switches = {**known.preferences.switches, category: row}
    if category not in MANDATORY:
        uow.preferences.save(person, replace(known.preferences, switches=switches))


def known_person(person):
    """The person, if active. Raises NotAllowed."""
    if person is None or not person.active:
        raise NotAllowed
    return person
