"""The bases and their calendars, and what importing a year would change."""

from sqlalchemy import text

from services.contracts.errors import InvalidInput, NotFound
from services.facilities.domain import holidays
from services.facilities.domain.site import differences
from services.facilities.storage.sites import Sites

SITES = text("""
    SELECT s.site AS code, s.names, s.version,
           ARRAY(SELECT DISTINCT y.year FROM calendar_years y WHERE y.site = s.site ORDER BY 1) AS known_years
      FROM sites s ORDER BY s.site""")
SITE = text("""
    SELECT s.site AS code, s.names, s.version,
           (SELECT coalesce(json_agg(json_build_object(
                       'year', y.year, 'revision', y.revision, 'source', y.source, 'days', y.days, 'actor', y.actor,
                       'at', y.at) ORDER BY y.year, y.revision DESC), '[]')
              FROM calendar_years y WHERE y.site = s.site) AS revisions
      FROM sites s WHERE s.site = :site""")


def sites(connection, actor):
    """All bases, in the order of their codes, with the years whose holidays are known."""
    return {"items": [dict(row) for row in connection.execute(SITES).mappings()]}


def site(connection, actor, site):
    """A base with the years of its calendar, and all their revisions, the newest first. Raises NotFound."""
    row = connection.execute(SITE, {"site": str(site)}).mappings().first()
    if row is None:
        raise NotFound
    years = list({each["year"]: each for each in reversed(row["revisions"])}.values())
    return {**row, "years": sorted(years, key=lambda each: each["year"])}


def calendar_import(connection, actor, site, year):
    """What the library says of a year, if it knows it, and how that differs from what counts. Raises NotFound."""
    if type(year) is not int:
        raise InvalidInput(errors={"year": ["not_a_number"]})
    known = next((each for each in Sites(connection).all() if each.site == site), None)
    if known is None:
        raise NotFound
    days = holidays.published(year)
    return {
        "site": known.site, "version": known.version, "year": year, "source": holidays.SOURCE,
        "published": days is not None, "days": days or [],
        "differences": [] if days is None else differences(known.year(year), days),
    }
