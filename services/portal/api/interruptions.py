"""Time that is taken away: outages, maintenance, closures; look first, declare, extend, end, call off."""

from typing import Any

from flask import Response, url_for

from services.contracts.commands import (
    CallOffInterruption,
    DeclareInterruption,
    DescribeInterruption,
    EndInterruption,
    ExtendInterruption,
)
from services.portal.api import bodies, calendar_shapes, filters, shapes
from services.portal.api.access import SCOPES, changes, reads
from services.portal.api.answers import answered, ask, created, listed, send
from services.portal.api.reading import ApiBlueprint

blueprint = ApiBlueprint("interruptions", __name__, description="Outages, maintenance and closures")

ONE = "/interruptions/<identifier:interruption>"
PAGE = shapes.page(calendar_shapes.Interruption)


@blueprint.route("/interruptions")
@reads
@blueprint.arguments(filters.InterruptionsFilter, location="query")
@blueprint.response(200, PAGE)
def interruptions(wanted: dict) -> Response:
    """What runs or is to come, by start; or what is over, the latest first"""
    return listed(ask("facilities", "interruptions", **wanted))


@blueprint.route(ONE)
@reads
@blueprint.response(200, calendar_shapes.Interruption)
@blueprint.alt_response(404, response="404")
def interruption(interruption: str) -> Response:
    """One of them, also one that was called off"""
    return answered(ask("facilities", "interruption", interruption=interruption))


@blueprint.route("/interruptions/preview", methods=["POST"])
@changes(*SCOPES)
@blueprint.arguments(bodies.INTERRUPTION)
@blueprint.response(200, calendar_shapes.InterruptionPreview)
def preview_interruption(body: dict) -> Response:
    """What declaring it would take away, and which reservations it would hit; nothing is changed"""
    asked = {name: value.isoformat() if name in ("starts_at", "ends_at") else value for name, value in body.items()}
    found = ask("facilities", "preview_interruption", **asked)
    return answered(hits(**found) | {"spans": found["spans"]})


@blueprint.route("/outages")
@reads
@blueprint.arguments(filters.PlacesFilter, location="query")
@blueprint.response(200, PAGE)
def outages(wanted: dict) -> Response:
    """Outages that run or are to come"""
    return listed(ask("facilities", "interruptions", kind="outage", **wanted))


@blueprint.route("/outages", methods=["POST"])
@changes("manage")
@blueprint.arguments(bodies.OUTAGE)
@blueprint.response(201, calendar_shapes.InterruptionStep, headers=shapes.CREATED)
def declare_outage(body: dict) -> Response:
    """Something is broken: a facility, or one of its units

    With an open end ``ends_at`` is an estimate, which moves on by an hour until somebody ends the outage.
    """
    return declared("outage", body)


@blueprint.route("/maintenance")
@reads
@blueprint.arguments(filters.PlacesFilter, location="query")
@blueprint.response(200, PAGE)
def maintenance(wanted: dict) -> Response:
    """Maintenance that runs or is to come"""
    return listed(ask("facilities", "interruptions", kind="maintenance", **wanted))


@blueprint.route("/maintenance", methods=["POST"])
@changes("manage")
@blueprint.arguments(bodies.MAINTENANCE)
@blueprint.response(201, calendar_shapes.InterruptionStep, headers=shapes.CREATED)
def plan_maintenance(body: dict) -> Response:
    """Plan maintenance, once or by an RFC 5545 rule (daily, weekly or monthly, in local time)"""
    return declared("maintenance", body)


@blueprint.route("/closures")
@reads
@blueprint.arguments(filters.PlacesFilter, location="query")
@blueprint.response(200, PAGE)
def closures(wanted: dict) -> Response:
    """Closures that run or are to come"""
    return listed(ask("facilities", "interruptions", kind="closure", **wanted))


@blueprint.route("/closures", methods=["POST"])
@changes("manage")
@blueprint.arguments(bodies.CLOSURE)
@blueprint.response(201, calendar_shapes.InterruptionStep, headers=shapes.CREATED)
def close_site(body: dict) -> Response:
    """Close a whole site"""
    return declared("closure", body)


def declared(kind: str, body: dict) -> Response:
    step = send(DeclareInterruption, kind=kind, **body)
    return created(step, url_for("interruptions.interruption", interruption=step["interruption"]))


@blueprint.route(ONE, methods=["PATCH"])
@changes("manage")
@blueprint.arguments(bodies.DESCRIBE_INTERRUPTION)
@blueprint.response(200, calendar_shapes.InterruptionStep)
@blueprint.alt_response(404, response="404")
@blueprint.alt_response(409, response="409")
def describe_interruption(body: dict, interruption: str) -> Response:
    """Another reason for the teams, another note for the managers"""
    return answered(send(DescribeInterruption, interruption=interruption, **body))


@blueprint.route(f"{ONE}/extend", methods=["POST"])
@changes("manage")
@blueprint.arguments(bodies.EXTEND_INTERRUPTION)
@blueprint.response(200, calendar_shapes.InterruptionStep)
@blueprint.alt_response(404, response="404")
@blueprint.alt_response(409, response="409")
def extend_interruption(body: dict, interruption: str) -> Response:
    """Another end, later or earlier, for what runs or comes next"""
    return answered(send(ExtendInterruption, interruption=interruption, **body))


@blueprint.route(f"{ONE}/end", methods=["POST"])
@changes("manage")
@blueprint.arguments(bodies.INTERRUPTION_STEP, required=False)
@blueprint.response(200, calendar_shapes.InterruptionStep)
@blueprint.alt_response(404, response="404")
@blueprint.alt_response(409, response="409")
def end_interruption(body: dict, interruption: str) -> Response:
    """It is over now; later stretches of a repeated one stay"""
    return answered(send(EndInterruption, interruption=interruption, **body))


@blueprint.route(f"{ONE}/call-off", methods=["POST"])
@changes("manage")
@blueprint.arguments(bodies.INTERRUPTION_STEP, required=False)
@blueprint.response(200, calendar_shapes.InterruptionStep)
@blueprint.alt_response(404, response="404")
@blueprint.alt_response(409, response="409")
def call_off_interruption(body: dict, interruption: str) -> Response:
    """What has not begun does not take place, and what runs is over"""
    return answered(send(CallOffInterruption, interruption=interruption, **body))


def hits(spans: list[dict[str, str]], site: str, facility: str | None, unit: str | None) -> Any:
    """Whom it would hit to take these stretches away."""
    scope = {"facility": facility, "unit": unit} if facility else {"site": site}
    return ask("booking", "would_hit", spans=spans, **scope)
