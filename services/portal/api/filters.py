"""What a question's address may carry after the question mark."""

import re
from datetime import datetime, timedelta
from typing import Annotated, Any

import marshmallow as ma

from services.contracts.schemas import AwareInstant, StrictSchema, field_of
from services.contracts.values import Code, Identifier, Pattern, Text
from services.portal.api.bodies import limits_of

LONGEST_WINDOW = timedelta(days=92)
LOST_PLUS = re.compile(r"(T.*) (\d\d:?\d\d)$")

Contamination = Annotated[str, Text(40, shortest=1)]
Cursor = Annotated[str, Pattern(r"[\x21-\x7e]{1,500}")]

CHANNELS = ("email", "wechat", "wecom", "robot", "webhook")
DELIVERY_STATES = ("pending", "sending", "retry", "unknown", "accepted", "dead", "skipped")
KINDS = ("line", "lab", "platform")
STATES = (
    "requested", "approved", "rejected", "withdrawn", "expired", "cancelled", "in_use", "finished", "no_show",
    "competing", "offered", "declined",
)


class QueryInstant(AwareInstant):
    """An instant in an address, where a plus that nobody encoded arrives as a space."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> datetime:
        return super()._deserialize(LOST_PLUS.sub(r"\1+\2", value), attr, data, **kwargs)


class QueryNumber(ma.fields.Integer):
    default_error_messages = {"invalid": "not_a_number", "required": "required", "null": "required"}

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> int:
        if not re.fullmatch(r"-?[0-9]{1,9}", value):
            raise self.make_error("invalid")
        return int(value)


class QueryTruth(ma.fields.Boolean):
    truthy = frozenset({"true", "1"})
    falsy = frozenset({"false", "0"})
    default_error_messages = {"invalid": "not_a_boolean", "required": "required", "null": "required"}


def code(**options: Any) -> ma.fields.Field:
    return field_of(Code, metadata=limits_of(Code), **options)


def choice(choices: tuple[str, ...], **options: Any) -> ma.fields.Field:
    return ma.fields.String(validate=ma.validate.OneOf(choices, error="unknown_choice"), **options)


def number(least: int, greatest: int, **options: Any) -> QueryNumber:
    return QueryNumber(validate=ma.validate.Range(least, greatest, error="out_of_range"), **options)


def truth() -> ma.fields.Field:
    """``true`` or ``false`` in an address."""
    return ma.fields.Boolean(truthy={"true"}, falsy={"false"}, error_messages={"invalid": "not_a_boolean"})


def identifier(**options: Any) -> ma.fields.Field:
    return field_of(Identifier, metadata={"format": "uuid"}, **options)


class Filter(StrictSchema):
    """Hands on instants as texts, the way they travel to a service."""

    @ma.post_load
    def as_texts(self, data: dict[str, Any], **_options: Any) -> dict[str, Any]:
        return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in data.items()}


class Window(Filter):
    """A stretch of time, from inclusive, to exclusive, at most 92 days."""

    starts_at = QueryInstant(required=True, data_key="from")
    ends_at = QueryInstant(required=True, data_key="to")

    @ma.validates_schema
    def in_order(self, data: dict[str, Any], **_options: Any) -> None:
        starts_at, ends_at = data.get("starts_at"), data.get("ends_at")
        if starts_at is None or ends_at is None:
            return
        if ends_at <= starts_at:
            raise ma.ValidationError({"to": ["ends_before_start"]})
        if ends_at - starts_at > LONGEST_WINDOW:
            raise ma.ValidationError({"to": ["out_of_range"]})


class OpenWindow(Window):
    """The same, either side may be left open."""

    starts_at = QueryInstant(data_key="from")
    ends_at = QueryInstant(data_key="to")


class BoardFilter(Window):
    facility = code()


class FreeSlotsFilter(OpenWindow):
    """With a family, changeovers on lines are known; with places and a profile, chambers are shared."""

    facility = code()
    kind = choice(KINDS)
    minutes = number(5, 527040, required=True)
    limit = number(1, 50, load_default=5)
    family = code()
    places = number(1, 1000)
    temperature = number(-200, 1500)
    ramp = number(0, 200)
    contamination = field_of(Contamination, metadata=limits_of(Contamination))

    @ma.post_load
    def with_profile(self, data: dict[str, Any], **_options: Any) -> dict[str, Any]:
        profile = {name: data.pop(name) for name in ("temperature", "ramp", "contamination") if name in data}
        return data | {"profile": profile} if profile else data


class FindTimesFilter(FreeSlotsFilter):
    """The same for a team, by all rules that bind it; ``equivalents`` looks at the equals of the facility too."""

    limit = number(1, 20, load_default=5)
    equivalents = QueryTruth(load_default=False)
    team = code()
    project = code()
    unit = code()
    operator = code()
    people = number(1, 1000)
    part = choice(("morning", "afternoon", "evening", "night"))


class ReservationsFilter(OpenWindow):
    team = code()
    facility = code()
    state = choice(STATES)
    cursor = field_of(Cursor, metadata=limits_of(Cursor))
    limit = number(1, 200, load_default=50)


class SwapsFilter(Filter):
    """``reservation`` is an own one that they are about."""

    state = choice(("open", "ended", "all"), load_default="all")
    reservation = identifier()


class UsageFilter(Filter):
    facility = code()
    mine = QueryTruth(load_default=False)


class FaultsFilter(Filter):
    facility = code()
    state = choice(("open", "closed", "all"))


class FacilitiesFilter(Filter):
    kind = choice(KINDS)


class DeliveriesFilter(Filter):
    reservation = identifier(required=True)


class PlacesFilter(Filter):
    facility = code()
    site = code()
    over = truth()


class InterruptionsFilter(PlacesFilter):
    kind = choice(("outage", "maintenance", "closure"))


class ReplansFilter(Filter):
    state = choice(("computing", "proposed", "accepted", "discarded", "superseded", "empty"))
    interruption = identifier()


class YearFilter(Filter):
    year = number(2001, 2099, required=True)


class UndeliveredFilter(Filter):
    channel = choice(CHANNELS)
    recipient = code()


class WebhookDeliveriesFilter(Filter):
    state = choice(DELIVERY_STATES)


class QuotaUsageFilter(Filter):
    team = code()
    project = code()
    at = QueryInstant()
