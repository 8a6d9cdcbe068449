"""What is done with each fact and command. The store runs a handler in one transaction."""

import logging
import uuid
from dataclasses import replace
from datetime import timedelta

from services.contracts import events
from services.contracts.errors import NotAllowed
from services.contracts.messaging.database import is_outage
from services.notify import telling
from services.notify.domain import audience, notices, reports
from services.notify.domain.deliveries import Cause
from services.notify.domain.preferences import MANDATORY, chosen_in, shown
from services.notify.domain.reminders import needless
from services.notify.domain.reports import next_report
from services.notify.rendering.digest import digest

log = logging.getLogger(__name__)

BATCH = 50
AGAIN = timedelta(minutes=10)
DIGESTS = uuid.UUID("5b3d2e0a-7c1f-5e64-9a0d-1d8c0f1e7a55")

# facts -----------------------------------------------------------------------------------


def take_fact(event, uow, now, composer):
    """Renew a copy, or tell people of what has happened; facts of no interest have no effect."""
    for kind, keep in KEPT.items():
        if isinstance(event, kind):
            keep(event, uow, now, composer)


def keep_person(event, uow, now, composer):
    uow.copies.keep_person(event)


def keep_team(event, uow, now, composer):
    """Its leads will read reports from now on."""
    uow.copies.keep_team(event)
    uow.reminders.begin([next_report(event.team, kind, now, composer.time_scale) for kind in reports.KINDS])


def keep_facility(event, uow, now, composer):
    uow.copies.keep_facility(event)


KEPT = {
    events.PersonChanged: keep_person,
    events.TeamChanged: keep_team,
    events.FacilityChanged: keep_facility,
    events.ReservationEvent: telling.tell_step,
    events.SeriesEvent: telling.tell_series,
    events.CampaignEvent: telling.tell_campaign,
    events.HolderAsked: telling.tell_of_ask,
    events.AskAnswered: telling.tell_of_answer,
    events.InterruptionChanged: telling.tell_managers,
    events.ReservationsHit: telling.tell_those_hit,
    events.ReplanAccepted: telling.tell_of_replan,
    events.FaultChanged: telling.tell_of_fault,
    events.QualificationExpiring: telling.tell_of_qualification,
    events.TrainingChanged: telling.tell_of_training,
    events.QuotaNearlyUsed: telling.tell_of_quota,
    events.WaitEntryLapsed: telling.tell_of_waiting,
}


# due work --------------------------------------------------------------------------------


def remind_due(uow, now, composer):
    """Tell what a time has come for, a batch at once; what is stale by now is let go. Returns how many were due."""
    due = uow.reminders.take(now, BATCH)
    for reminder in due:
        if reminder.stale_at > now:
            tell_apart(reminder, uow, now, composer)
        if reminder.kind in reports.KINDS:
            following = next_report(reports.team_of(reminder), reminder.kind, now, composer.time_scale)
            uow.reminders.begin([following])
    return len(due)


def tell_apart(reminder, uow, now, composer):
    """One that goes wrong is tried again until it is stale, and holds up no other."""
    tell = report if reminder.kind in reports.KINDS else remind
    try:
        with uow.connection.begin_nested():
            tell(reminder, uow, now, composer)
    except Exception as error:
        if is_outage(error):
            raise
        log.exception("a reminder went wrong", extra={"subject": reminder.subject, "kind": reminder.kind})
        uow.reminders.keep([replace(reminder, due_at=now + AGAIN)])


def remind(reminder, uow, now, composer):
    """Once for each reservation, reader and kind, as long as the reservation keeps its time."""
    event = uow.copies.latest(reminder.subject)
    if event is None or needless(reminder.kind, *uow.copies.neighbours(reminder.subject)):
        return
    situation = uow.copies.situation(event, uow.copies.invited(reminder.subject), now, step=reminder.kind)
    cause = Cause(reminder.event_id, reminder.event_id, now)
    uow.deliveries.add(composer.compose(situation, audience.recipients(situation), cause))


def report(reminder, uow, now, composer):
    """A team's week or month, to its leads."""
    code, period = reports.team_of(reminder), reports.period_of(reminder)
    rows = uow.surroundings.use(code, *period)
    around = uow.surroundings.around([code], facilities=[row["facility"] for row in rows])
    cause = Cause(reminder.event_id, reminder.event_id, now)
    if code in around.teams:
        told = notices.of_use(reminder.kind, period, rows, around.teams[code], around.facilities, around.people)
        for notice, recipients in told:
            uow.deliveries.add(composer.compose(notice, recipients, cause))


def digest_due(uow, now, composer):
    """Send the digests that are due, a batch of readers at once. Returns how many were due.

    One that another worker has sent in between counts, too: it is found empty.
    """
    due = uow.digests.due(now, BATCH)
    for name in due:
        person, lines = uow.preferences.person(name), uow.digests.take(name, now)
        if person.active and lines:
            number = str(uuid.uuid5(DIGESTS, f"{name} {now.isoformat()}"))
            uow.deliveries.add(digest(composer, person, lines, Cause(number, number, now)))
    return len(due)


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
