"""What people are told after a fact: who is around is loaded, the domain decides, the deliveries are written."""

from dataclasses import replace

from services.contracts import events
from services.contracts.messaging import tracing
from services.notify import webhooks
from services.notify.domain import audience, campaigns, interruptions, notices, replans, swaps
from services.notify.domain.accounts import of_suspension
from services.notify.domain.deliveries import Cause, identity
from services.notify.domain.entries import held_after, with_entries
from services.notify.domain.reminders import reminders_of
from services.notify.storage.copies import known


def tell_step(event, uow, now, composer):
    """A step of one reservation. A copy that is missing raises, and the fact is tried again later."""
    webhooks.tell(event, cause(now), uow)
    invited = uow.copies.invited(event.reservation)
    if isinstance(event, events.ReservationMoved):
        event = since_last_heard(event, uow)
    if audience.concerns_anybody(event, now):
        situation = uow.copies.situation(event, invited, now)
        told = audience.recipients(situation)
        uow.deliveries.add(composer.compose(situation, told, cause(now)))
        invited = audience.invited_after(situation, told)
        if isinstance(event, events.ReservationOverran) and event.next_reservation:
            tell_the_next(event.next_reservation, situation, uow, now, composer)
    if isinstance(event, events.ReservationFinished) and event.fault:
        around = uow.surroundings.around(people=[event.actor], facilities=[event.facility])
        facility = known(around.facilities.get(event.facility), "facility", event.facility)
        tell(interruptions.of_fault_at_check_out(event, facility, around.people, now), uow, now, composer)
    uow.copies.keep_reservation(event, invited)
    check_in = uow.copies.check_in_opens(event.facility)
    uow.reminders.replace(event.reservation, reminders_of(event, now, composer.time_scale, check_in))


def since_last_heard(event, uow):
    """A move that is told in place of earlier ones is told from where people last knew the reservation to be."""
    former = uow.deliveries.unheard_move(event.reservation)
    return replace(event, **former) if former else event


def tell_the_next(reservation, situation, uow, now, composer):
    """The team that comes next hears that its own time may begin late, and nothing of whose fault it is."""
    event = uow.copies.latest(reservation)
    if event and event.state == "approved":
        following = uow.copies.situation(event, frozenset(), now, step="overrun_before")
        told = audience.next_in_line(situation, following)
        uow.deliveries.add(composer.compose(following, told, cause(now)))


def tell_series(event, uow, now, composer):
    codes = {event.facility} | {each["facility"] for each in event.members}
    around = uow.surroundings.around([event.team], [event.requester, event.actor], codes)
    team = known(around.teams.get(event.team), "team", event.team)
    facility = known(around.facilities.get(event.facility), "facility", event.facility)
    told = notices.of_series(event, team, facility, around.people, now)
    tell_as_one(told, event, around, uow, now, composer)


def tell_campaign(event, uow, now, composer):
    codes = sorted({each["facility"] for each in event.members})
    around = uow.surroundings.around([event.team], [event.requester, event.actor], codes)
    team = known(around.teams.get(event.team), "team", event.team)
    facilities = {code: known(around.facilities.get(code), "facility", code) for code in codes}
    told = campaigns.of_campaign(event, team, facilities, around.people, now)
    tell_as_one(told, event, around, uow, now, composer)


def tell_as_one(told, event, around, uow, now, composer):
    """What is asked for as one is told as one, and so are its readers' calendars."""
    holders = uow.copies.holders(each["reservation"] for each in event.members)
    told = with_entries(told, event, around.teams, around.facilities, holders, now)
    tell(told, uow, now, composer)
    keep_held(told, uow)


def keep_held(told, uow):
    """Remember who holds which reservation in their calendar once these messages have arrived."""
    for reservation, people in held_after(told).items():
        uow.copies.invite(reservation, people)


def tell_managers(event, uow, now, composer):
    """Of an interruption: those who manage what it is about."""
    subject = f"interruption {event.interruption}"
    former = uow.surroundings.last_told(subject)
    around = uow.surroundings.around(facilities=facilities_of(event), everywhere=event.facility is None)
    facility = around.facilities.get(event.facility) if event.facility else None
    told = interruptions.for_managers(event, former.get("spans"), facility, around.people, now)
    tell(told, uow, now, composer)
    uow.surroundings.remember(subject, {"spans": event.spans})


def tell_those_hit(event, uow, now, composer):
    """Of an interruption: those whose reservations it hits, or hits no more."""
    subject = f"hit {event.hit}"
    former = uow.surroundings.last_told(subject)
    concerned = [*event.hits, *former.get("hits", [])]
    around = uow.surroundings.around(
        {hit["team"] for hit in concerned},
        {hit["requester"] for hit in concerned},
        {*facilities_of(event), *(hit["facility"] for hit in concerned if "facility" in hit)},
    )
    standing = uow.surroundings.standing({hit["reservation"] for hit in concerned})
    tell(interruptions.for_those_hit(event, former, standing, *around_as(around), now), uow, now, composer)
    uow.surroundings.remember(subject, {"spans": event.spans, "hits": event.hits})


def tell_of_replan(event, uow, now, composer):
    """Each person once, however many of their reservations a plan moved; what they hold in their calendars follows."""
    invited = uow.copies.holders(item["reservation"] for item in event.items)
    around = uow.surroundings.around(
        {item["team"] for item in event.items},
        {name for item in event.items for name in (item["requester"], *invited[item["reservation"]])},
        {place["facility"] for item in event.items for place in (item["before"], item["after"]) if place}
        | ({event.cause["facility"]} if event.cause.get("facility") else set()),
    )
    for item in event.items:
        known(around.teams.get(item["team"]), "team", item["team"])
    told = replans.of_replan(event, *around_as(around), invited, now)
    tell(told, uow, now, composer)
    keep_held(told, uow)


def around_as(around):
    return around.teams, around.facilities, around.people


def facilities_of(event):
    return [event.facility] if event.facility else []


def tell_of_fault(event, uow, now, composer):
    around = uow.surroundings.around(people=[event.reporter, event.actor], facilities=[event.facility])
    facility = known(around.facilities.get(event.facility), "facility", event.facility)
    tell(interruptions.of_fault(event, facility, around.people, now), uow, now, composer)


def tell_of_qualification(event, uow, now, composer):
    around = uow.surroundings.around(people=[event.person])
    tell(notices.of_qualification(event, around.people), uow, now, composer)


def tell_of_training(event, uow, now, composer):
    around = uow.surroundings.around(people=[event.person, event.actor], facilities=facilities_of(event))
    facility = around.facilities.get(event.facility) if event.facility else None
    tell(notices.of_training(event, facility, around.people, now), uow, now, composer)


def tell_of_quota(event, uow, now, composer):
    around = uow.surroundings.around([event.team], [event.subject])
    team = known(around.teams.get(event.team), "team", event.team)
    tell(notices.of_quota(event, team, around.people), uow, now, composer)


def tell_of_ask(event, uow, now, composer):
    """To the team that is asked, which reads nothing of the one that asks."""
    places = {event.facility, event.offered_facility or event.facility}
    around = uow.surroundings.around([event.team], [event.requester], places)
    team = known(around.teams.get(event.team), "team", event.team)
    known(around.facilities.get(event.facility), "facility", event.facility)
    tell(swaps.of_ask(event, team, around.facilities, around.people, now), uow, now, composer)


def tell_of_answer(event, uow, now, composer):
    around = uow.surroundings.around([event.team], [event.requester], [event.facility])
    team = known(around.teams.get(event.team), "team", event.team)
    facility = known(around.facilities.get(event.facility), "facility", event.facility)
    tell(swaps.of_answer(event, team, facility, around.people, now), uow, now, composer)


def tell_of_waiting(event, uow, now, composer):
    around = uow.surroundings.around([event.team], [event.requester], [event.facility])
    team = known(around.teams.get(event.team), "team", event.team)
    facility = known(around.facilities.get(event.facility), "facility", event.facility)
    tell(notices.of_waiting(event, team, facility, around.people, now), uow, now, composer)


def tell(told, uow, now, composer):
    for notice, recipients in told:
        uow.deliveries.add(composer.compose(notice, recipients, cause(now)))


def cause(now):
    """The inbox began this piece of work with the fact as its cause."""
    return Cause(tracing.causation_id.get(), tracing.correlation_id.get(), now)


def tell_suspended(uow, now, composer):
    """Each person once that an account of theirs is not written to any more. Returns how many were told."""
    untold = uow.bindings.take_untold(now)
    for row in untold:
        around = uow.surroundings.around(people=[row.person])
        told = of_suspension(row.person, row.channel, row.reason, row.suspended_at, around.people)
        event_id = identity(row.person, row.channel, row.suspended_at.isoformat())
        for notice, recipients in told:
            uow.deliveries.add(composer.compose(notice, recipients, Cause(event_id, event_id, now)))
    return len(untold)
