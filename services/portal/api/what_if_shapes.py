"""What is tried, and what it would come to."""

from typing import Any

import marshmallow as ma
from marshmallow import fields

from services.contracts.schemas import StrictSchema, WholeNumber, field_of
from services.contracts.values import Code, Day, Instant
from services.portal.api.bodies import Body, limits_of
from services.portal.api.parts import Shape, instant, many, records, text, whole
from services.portal.api.shapes import Reservation


def code() -> fields.Field:
    return field_of(Code, allow_none=True, metadata=limits_of(Code))


def day() -> fields.Field:
    return field_of(Day, allow_none=True, metadata=limits_of(Day))


def pairs(**options: Any) -> fields.List:
    return fields.List(fields.List(WholeNumber(), validate=ma.validate.Length(2, 2, error="malformed")), **options)


def choice(*choices: str) -> fields.String:
    return fields.String(allow_none=True, validate=ma.validate.OneOf(choices, error="unknown_choice"))


class TriedSpan(StrictSchema):
    starts_at = field_of(Instant, required=True)
    ends_at = field_of(Instant, required=True)


class WhatIfBody(Body):
    """A facility, one of its units, or a whole site; and a change of it."""

    kind = choice("maintenance", "closure")
    facility = code()
    site = code()
    unit = code()
    spans = fields.List(fields.Nested(TriedSpan), allow_none=True)
    opening_hours = fields.List(pairs(), allow_none=True, validate=ma.validate.Length(7, 7, error="not_seven_days"))
    date_exceptions = fields.List(fields.Dict(), allow_none=True)
    on_holidays = choice("closed", "open")
    more_from = day()
    more_to = day()
    more_hours = pairs(allow_none=True)


class NewPlace(Shape):
    facility = text()
    unit = text()
    starts_at = instant()
    ends_at = instant()
    why = text()


class WouldBeHit(Reservation):
    """``place`` is where it would find room; null where there is none, or where none was looked for."""

    place = fields.Nested(NewPlace, required=True, allow_none=True)


class Figures(Shape):
    """Minutes of all units in four weeks."""

    facility = text()
    before = whole()
    after = whole()
    lost = whole()
    gained = whole()


class WeekFigures(Shape):
    week = text()
    before = whole()
    after = whole()
    lost = whole()
    gained = whole()


class TriedDay(Shape):
    """Pairs of minutes after local midnight."""

    date = text()
    before = fields.List(fields.List(fields.Integer()), required=True)
    after = fields.List(fields.List(fields.Integer()), required=True)


class WhatIf(Shape):
    count = whole()
    items = many(WouldBeHit)
    looked_for = whole()
    facilities = many(Figures)
    weeks = many(WeekFigures)
    days = many(TriedDay)
    date_exceptions = records()
    waiting = records()
