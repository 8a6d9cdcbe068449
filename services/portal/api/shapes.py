"""What comes back, for the API's description. Answers are handed on as the services give them;
a test holds the real ones against these shapes.
"""

from functools import cache
from typing import Any

import marshmallow as ma
from marshmallow import fields

from services.contracts.schemas import AwareInstant
from services.portal.api.filters import KINDS, STATES

WHYS = ("earlier", "later", "other_unit", "equivalent_facility")
CODES = (
    "invalid_input", "rule_broken", "slot_taken", "wrong_state", "stale_version", "request_key_reused",
    "unauthenticated", "not_allowed", "not_found", "too_many_requests", "unavailable", "method_not_allowed", "internal",
)
CREATED = {"Location": {"description": "Where it can be read", "schema": {"type": "string"}}}


def text(**options: Any) -> fields.String:
    return fields.String(required=True, **options)


def maybe(kind: type[fields.Field] = fields.String) -> fields.Field:
    return kind(required=True, allow_none=True)


def instant() -> AwareInstant:
    return AwareInstant(required=True)


def whole() -> fields.Integer:
    return fields.Integer(required=True)


def truth() -> fields.Boolean:
    return fields.Boolean(required=True)


def texts() -> fields.List:
    return fields.List(fields.String(), required=True)


def many(shape: type[ma.Schema]) -> fields.List:
    return fields.List(fields.Nested(shape), required=True)


def one_of(choices: tuple[str, ...]) -> fields.String:
    return fields.String(required=True, validate=ma.validate.OneOf(choices))


def in_languages() -> fields.Dict:
    return fields.Dict(keys=fields.String(), values=fields.String(), required=True)


class Shape(ma.Schema):
    class Meta:
        unknown = ma.INCLUDE


@cache
def page(shape: type[Shape]) -> type[Shape]:
    """A list's answer; without a next_cursor it is complete."""
    return type(f"{shape.__name__}Page", (Shape,), {"items": many(shape), "next_cursor": maybe()})


class Alternative(Shape):
    facility = text()
    unit = text()
    starts_at = instant()
    ends_at = instant()
    why = one_of(WHYS)


class Violation(Shape):
    rule = text()
    detail = text()
    waivable_by = texts()


class Problem(Shape):
    """Why a request was refused; errors by field, all broken rules, and the nearest ways to succeed."""

    status = whole()
    code = one_of(CODES)
    detail = text()
    errors = fields.Dict(keys=fields.String(), values=fields.List(fields.String()))
    violations = fields.List(fields.Nested(Violation))
    alternatives = fields.List(fields.Nested(Alternative))
    request_id = fields.String()


class Membership(Shape):
    code = text()
    name = text()
    role = text()
    company = text()


class Me(Shape):
    person = text()
    name = text()
    email = text()
    language = text()
    roles = texts()
    manages = texts()
    teams = many(Membership)


class Team(Shape):
    code = text()
    name = text()
    company = text()
    company_name = text()
    role = maybe()


class Member(Shape):
    person = text()
    name = text()
    role = text()


class Project(Shape):
    code = text()
    name = text()


class TeamWithAll(Team):
    members = many(Member)
    projects = many(Project)


class Token(Shape):
    token = text()
    name = text()
    prefix = text()
    scopes = texts()
    created_at = instant()
    expires_at = instant()
    last_used_at = maybe(AwareInstant)


class NewToken(Shape):
    token = text()
    secret = maybe()


class Unit(Shape):
    code = text()
    names = in_languages()


class Facility(Shape):
    code = text()
    kind = one_of(KINDS)
    names = in_languages()
    descriptions = in_languages()
    units = many(Unit)
    opening_hours = fields.List(fields.List(fields.List(fields.Integer())), required=True)
    granularity_minutes = whole()
    shortest_minutes = whole()
    longest_minutes = whole()
    notice_minutes = whole()
    horizon_days = whole()
    setup_minutes = whole()
    cleardown_minutes = whole()
    approval = text()
    decision_hours = whole()
    unit_choice = truth()
    equivalents = texts()
    location = text()
    active = truth()
    version = whole()


class Manager(Shape):
    person = text()
    name = text()


class FacilityCard(Facility):
    managers = many(Manager)


class Saved(Shape):
    facility = text()
    version = whole()


class BoardFacility(Shape):
    code = text()
    kind = one_of(KINDS)
    names = in_languages()
    units = many(Unit)
    opening_hours = fields.List(fields.List(fields.List(fields.Integer())), required=True)
    granularity_minutes = whole()


class BoardItem(Shape):
    facility = text()
    unit = text()
    starts_at = instant()
    ends_at = instant()
    state = one_of((*STATES, "taken"))
    mine = truth()
    id = fields.String()
    version = fields.Integer()


class Board(Shape):
    facilities = many(BoardFacility)
    items = many(BoardItem)


class Step(Shape):
    """What a reservation is after a change."""

    id = text()
    state = one_of(STATES)
    version = whole()
    facility = text()
    unit = text()
    starts_at = instant()
    ends_at = instant()


class Reservation(Step):
    team = text()
    project = maybe()
    purpose = text()
    requester = text()


class HistoryEntry(Shape):
    version = whole()
    action = text()
    actor = text()
    at = instant()


class ReservationWithHistory(Reservation):
    history = many(HistoryEntry)
    allowed_actions = texts()


class Delivery(Shape):
    event_type = text()
    recipient = text()
    channel = text()
    state = text()
    attempts = whole()
    created_at = instant()
