"""The bases and their calendars: public holidays and make-up working days, by the year."""

from flask import Response, url_for

from services.contracts.commands import ImportCalendarYear, SaveCalendarYear, SaveSite
from services.portal.api import bodies, calendar_shapes, filters, shapes
from services.portal.api.access import SCOPES, changes, reads
from services.portal.api.answers import answered, ask, created, listed, send
from services.portal.api.reading import ApiBlueprint

blueprint = ApiBlueprint("sites", __name__, description="Bases and their calendars")

ONE = "/sites/<code:site>"


@blueprint.route("/sites")
@reads
@blueprint.response(200, shapes.page(calendar_shapes.Site))
def sites() -> Response:
    """All bases, with the years whose public holidays are known"""
    return listed(ask("facilities", "sites"))


@blueprint.route("/sites", methods=["POST"])
@changes("manage")
@blueprint.arguments(bodies.SITE)
@blueprint.response(201, calendar_shapes.SiteStep, headers=shapes.CREATED)
@blueprint.alt_response(409, response="409")
def create_site(body: dict) -> Response:
    """Add a base"""
    return created(send(SaveSite, **body), url_for("sites.site", site=body["site"]))


@blueprint.route(ONE)
@reads
@blueprint.response(200, calendar_shapes.SiteWithCalendar)
@blueprint.alt_response(404, response="404")
def site(site: str) -> Response:
    """One base with its calendar and the calendar's revisions"""
    return answered(ask("facilities", "site", site=site))


@blueprint.route(ONE, methods=["PATCH"])
@changes("manage")
@blueprint.arguments(bodies.SITE_CHANGE)
@blueprint.response(200, calendar_shapes.SiteStep)
@blueprint.alt_response(404, response="404")
@blueprint.alt_response(409, response="409")
def rename_site(body: dict, site: str) -> Response:
    """Give a base other names"""
    return answered(send(SaveSite, site=site, **body))


@blueprint.route(f"{ONE}/calendar-import")
@reads
@blueprint.arguments(filters.YearFilter, location="query")
@blueprint.response(200, calendar_shapes.CalendarImport)
@blueprint.alt_response(404, response="404")
def calendar_import(wanted: dict, site: str) -> Response:
    """What importing a year would change; nothing is changed"""
    return answered(ask("facilities", "calendar_import", site=site, **wanted))


@blueprint.route(f"{ONE}/calendar-import", methods=["POST"])
@changes("manage")
@blueprint.arguments(bodies.CALENDAR_IMPORT)
@blueprint.response(200, calendar_shapes.SiteStep)
@blueprint.alt_response(404, response="404")
@blueprint.alt_response(409, response="409")
def import_calendar_year(body: dict, site: str) -> Response:
    """Take a year's public holidays and make-up working days from the kept library"""
    return answered(send(ImportCalendarYear, site=site, **body))


@blueprint.route(f"{ONE}/calendar", methods=["POST"])
@changes("manage")
@blueprint.arguments(bodies.CALENDAR_YEAR)
@blueprint.response(200, calendar_shapes.SiteStep)
@blueprint.alt_response(404, response="404")
@blueprint.alt_response(409, response="409")
def save_calendar_year(body: dict, site: str) -> Response:
    """Set a year's days by hand; it replaces what was known of that year"""
    return answered(send(SaveCalendarYear, site=site, **body))


@blueprint.route(f"{ONE}/calendar/preview", methods=["POST"])
@changes(*SCOPES)
@blueprint.arguments(bodies.CALENDAR_PREVIEW)
@blueprint.response(200, calendar_shapes.Hits)
def preview_calendar_year(body: dict, site: str) -> Response:
    """Which reservations other days of a year would hit; nothing is changed"""
    return answered(ask("booking", "would_hit", site=site, **body))
