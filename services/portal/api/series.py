"""What repeats: ask for all dates of a rule at once, look at them, change, decide and give up."""

from flask import Response, url_for

from services.contracts.commands import (
    AddSeriesDates,
    ApproveSeries,
    CancelSeries,
    MoveSeries,
    RejectSeries,
    RequestSeries,
)
from services.portal.api import bodies, series_shapes, shapes
from services.portal.api.access import SCOPES, changes, reads
from services.portal.api.answers import answered, ask, created, send
from services.portal.api.reading import ApiBlueprint

blueprint = ApiBlueprint("series", __name__, description="Reservations that repeat by a rule")

ONE = "/series/<identifier:series>"


@blueprint.route("/series", methods=["POST"])
@changes("reserve")
@blueprint.arguments(bodies.SERIES)
@blueprint.response(201, series_shapes.SeriesStep, headers=shapes.CREATED)
@blueprint.alt_response(409, response="409")
def request_series(body: dict) -> Response:
    """Ask for every date of a recurrence rule

    The rule is one of RFC 5545 with COUNT or UNTIL (daily, weekly, monthly; at most 200 dates), followed
    in the facility's local time. All or nothing: dates that cannot be had come back as 409 with the clashes
    and alternatives for each. Choose for them in ``choices`` and ask again.
    """
    step = send(RequestSeries, **body)
    return created(step, url_for("series.series", series=step["id"]))


@blueprint.route("/series/check", methods=["POST"])
@changes(*SCOPES)
@blueprint.arguments(bodies.SERIES_CHECK)
@blueprint.response(200, series_shapes.DatesChecked)
def check_series(body: dict) -> Response:
    """What each date of a rule would come to; nothing is changed"""
    return answered(ask("booking", "check_series", **body))


@blueprint.route(ONE)
@reads
@blueprint.response(200, series_shapes.Series)
@blueprint.alt_response(404, response="404")
def series(series: str) -> Response:
    """One series with its members, and the dates that have none"""
    return answered(ask("booking", "series", series=series))


@blueprint.route(ONE, methods=["PATCH"])
@changes("reserve", "manage")
@blueprint.arguments(bodies.SERIES_MOVE)
@blueprint.response(200, series_shapes.SeriesStep)
@blueprint.alt_response(404, response="404")
@blueprint.alt_response(409, response="409")
def move_series(body: dict, series: str) -> Response:
    """Move the members from a date on, or all that are to come

    What is left out stays as it is. All or nothing, as when asking.
    """
    return answered(send(MoveSeries, series=series, **body))


@blueprint.route(f"{ONE}/check", methods=["POST"])
@changes(*SCOPES)
@blueprint.arguments(bodies.SERIES_MOVE_CHECK, required=False)
@blueprint.response(200, series_shapes.DatesChecked)
@blueprint.alt_response(404, response="404")
def check_series_move(body: dict, series: str) -> Response:
    """What moving the members would come to; nothing is changed"""
    return answered(ask("booking", "check_series_move", series=series, **body))


@blueprint.route(f"{ONE}/dates", methods=["POST"])
@changes("reserve")
@blueprint.arguments(bodies.SERIES_DATES)
@blueprint.response(200, series_shapes.SeriesStep)
@blueprint.alt_response(404, response="404")
@blueprint.alt_response(409, response="409")
def add_series_dates(body: dict, series: str) -> Response:
    """Add dates back that have no reservation, or further ones of the rule"""
    return answered(send(AddSeriesDates, series=series, **body))


@blueprint.route(f"{ONE}/approve", methods=["POST"])
@changes("manage")
@blueprint.arguments(bodies.SERIES_STEP, required=False)
@blueprint.response(200, series_shapes.SeriesStep)
@blueprint.alt_response(404, response="404")
@blueprint.alt_response(409, response="409")
def approve_series(body: dict, series: str) -> Response:
    """Agree to every member that waits for the caller"""
    return answered(send(ApproveSeries, series=series, **body))


@blueprint.route(f"{ONE}/reject", methods=["POST"])
@changes("manage")
@blueprint.arguments(bodies.SERIES_REJECT)
@blueprint.response(200, series_shapes.SeriesStep)
@blueprint.alt_response(404, response="404")
@blueprint.alt_response(409, response="409")
def reject_series(body: dict, series: str) -> Response:
    """Refuse every member that waits for the caller, and say why"""
    return answered(send(RejectSeries, series=series, **body))


@blueprint.route(f"{ONE}/cancel", methods=["POST"])
@changes("reserve", "manage")
@blueprint.arguments(bodies.SERIES_CANCEL, required=False)
@blueprint.response(200, series_shapes.SeriesStep)
@blueprint.alt_response(404, response="404")
@blueprint.alt_response(409, response="409")
def cancel_series(body: dict, series: str) -> Response:
    """Give up the members from a date on, or all that are to come"""
    return answered(send(CancelSeries, series=series, **body))
