"""Keeping the copies of what accounts says."""

from services.contracts.events import PersonChanged


def take_fact(event, uow, now):
    """Keep what is told of people, for rights and for the managers that a facility shows."""
    if isinstance(event, PersonChanged):
        uow.people.keep(event)
