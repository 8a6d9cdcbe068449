"""What comes back, for the API's description.

Answers are handed on as the services give them; a test holds the real ones against these shapes.
"""

from marshmallow import fields

from services.contracts.schemas import AwareInstant
from services.portal.api.approval_shapes import Attachment, Stage, Waiver
from services.portal.api.filters import KINDS, STATES
from services.portal.api.offer_shapes import Alternative, Violation
from services.portal.api.parts import (
    Shape,
    in_languages,
    instant,
    many,
    maybe,
    one_of,
    page,
    record,
    records,
    text,
    texts,
    truth,
    whole,
)
from services.portal.errors import STATUSES

__all__ = ["Alternative", "Violation", "page"]

INTERRUPTIONS = ("outage", "maintenance", "closure")
CODES = tuple(STATUSES)
CREATED = {"Location": {"description": "Where it can be read", "schema": {"type": "string"}}}


class Problem(Shape):
    """Why a request was refused; errors by field, all broken rules, and the nearest ways to succeed."""

    status = whole()
    code = one_of(CODES)
    detail = text()
    errors = fields.Dict(keys=fields.String(), values=fields.List(fields.String()))
    violations = fields.List(fields.Nested(Violation))
    alternatives = fields.List(fields.Nested(Alternative))
    clashes = fields.List(fields.Dict())
    steps = fields.List(fields.Dict())
    plans = fields.List(fields.Dict())
    rows = fields.List(fields.Dict())
    version = fields.Integer()
    changed = fields.List(fields.String())
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


class Notifications(Shape):
    """Every switch as it stands, by category and channel; ``bound`` are the channels that reach the caller."""

    language = maybe()
    timezone = text()
    quiet_from = maybe()
    quiet_until = maybe()
    digest = text()
    digest_at = text()
    digest_weekday = whole()
    switches = fields.Dict(
        keys=fields.String(), values=fields.Dict(keys=fields.String(), values=fields.Boolean()), required=True
    )
    mandatory = texts()
    bound = texts()


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
    site = text()
    date_exceptions = records()
    on_holidays = text()
    change_notice_minutes = whole()
    cancel_notice_minutes = whole()
    priority_horizon_days = whole()
    families = records()
    changeover = records()
    sharing = record()
    most_people = whole()
    questions = records()
    attachments = text()
    details = text()
    qualifications = texts()
    stages = records()
    escalation_hours = whole()
    check_in_minutes = whole()
    no_show_minutes = whole()
    elastic_minutes = whole()
    allocation = text()
    allocation_hours = whole()
    offer_minutes = whole()
    most_pieces = whole()
    version = whole()


class Manager(Shape):
    person = text()
    name = text()


class FacilityCard(Facility):
    managers = many(Manager)


class Saved(Shape):
    facility = text()
    version = whole()


class SpecialDay(Shape):
    """A date on which a facility does not follow its week."""

    date = text()
    kind = one_of(("exception", "holiday", "working_day"))
    names = in_languages()
    hours = fields.List(fields.List(fields.Integer()), required=True)


class BoardFacility(Shape):
    code = text()
    kind = one_of(KINDS)
    names = in_languages()
    units = many(Unit)
    opening_hours = fields.List(fields.List(fields.List(fields.Integer())), required=True)
    granularity_minutes = whole()
    special_days = fields.List(fields.Nested(SpecialDay))


class Sharing(Shape):
    """How many of a unit's places a run takes, and at which temperature."""

    places = whole()
    of = whole()
    temperature = whole()


class BoardItem(Shape):
    """A reservation, or time that an interruption takes away: then without a unit where all are concerned.

    Where requests are collected, ``requests`` says how many compete.
    """

    facility = text()
    unit = maybe()
    starts_at = instant()
    ends_at = instant()
    state = one_of((*STATES, "taken", *INTERRUPTIONS))
    mine = truth()
    id = fields.String()
    version = fields.Integer()
    hit = fields.Boolean()
    sharing = fields.Nested(Sharing)
    requests = fields.Integer()
    interruption = fields.String()
    reason = fields.Dict(keys=fields.String(), values=fields.String())
    open_end = fields.Boolean()


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
    requester = maybe()
    checked_in_at = maybe(AwareInstant)
    checked_out_at = maybe(AwareInstant)
    used_minutes = maybe(fields.Integer)
    awaits = fields.String(allow_none=True)
    waivers = fields.List(fields.Nested(Waiver), allow_none=True)
    shared = fields.Boolean()


class Attached(Step):
    attachment = text()


class HistoryEntry(Shape):
    version = whole()
    action = text()
    actor = text()
    at = instant()


class ReservationWithHistory(Reservation):
    history = many(HistoryEntry)
    allowed_actions = texts()
    later_ends = fields.List(AwareInstant(), required=True)
    stages = many(Stage)
    attachments = many(Attachment)
