"""Bases and their calendars. What is saved comes from the library, or from somebody who has read the notice."""

from services.contracts.errors import InvalidInput
from services.facilities.domain import holidays, rights, rules
from services.facilities.domain.site import BY_HAND, CalendarDay, Site, wrong_in_days
from services.facilities.handlers.saving import require_version, wrong_in_shape


def save_site(message, uow, now):
    """Create or rename a base. Raises NotAllowed, NotFound, StaleVersion, InvalidInput."""
    rights.require_base(uow.person(message.actor))
    known = uow.sites.get(message.site)
    require_version(message.version, known)
    wrong = rules.wrong_in_languages("names", message.names)
    if wrong:
        raise InvalidInput(errors=wrong)
    before = known or Site(site=message.site)
    return keep(before, before.named(message.names), uow)


def import_calendar_year(message, uow, now):
    """Take a year from the library. Raises like save_site; InvalidInput for a year that it does not know."""
    before = opened(message, uow)
    days = holidays.published(message.year)
    if days is None:
        raise InvalidInput(errors={"year": ["not_published"]})
    return keep_year(before, message, holidays.SOURCE, days, uow, now)


def save_calendar_year(message, uow, now):
    """Set a year by hand. Raises like save_site."""
    before = opened(message, uow)
    wrong = wrong_in_shape(message.days, CalendarDay, "days") or wrong_in_days(message.year, message.days)
    if wrong:
        raise InvalidInput(errors=wrong)
    return keep_year(before, message, BY_HAND, message.days, uow, now)


def opened(message, uow):
    """The base of a command, locked. Raises NotAllowed, NotFound, StaleVersion."""
    rights.require_base(uow.person(message.actor))
    site = uow.sites.get(message.site)
    require_version(message.version, site)
    return site


def keep_year(before, message, source, days, uow, now):
    after = before.with_year(message.year, source, days)
    answer = keep(before, after, uow)
    if after is not before:
        uow.sites.add_year(after.site, after.year(message.year), message.actor, now)
    return answer | {"year": message.year, "revision": after.year(message.year).revision}


def keep(before, after, uow):
    if after is not before:
        uow.sites.save(after)
        uow.record(after.fact())
    return {"site": after.site, "version": after.version}
