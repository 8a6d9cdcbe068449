"""What comes back about bases, their calendars, and interruptions."""

from marshmallow import fields

from services.portal.api.parts import Shape, in_languages, instant, many, maybe, one_of, text, truth, whole
from services.portal.api.shapes import INTERRUPTIONS, Reservation


class Stretch(Shape):
    starts_at = instant()
    ends_at = instant()


class Interruption(Shape):
    """Without a facility it closes a whole site, without a unit it concerns all of them.

    A note and who declared it are there for those who may change it.
    """

    id = text()
    version = whole()
    kind = one_of(INTERRUPTIONS)
    site = text()
    facility = maybe()
    unit = maybe()
    rule = text()
    open_end = truth()
    spans = many(Stretch)
    next = fields.Nested(Stretch, allow_none=True)
    reason = in_languages()
    note = fields.String()
    may_change = truth()


class InterruptionStep(Shape):
    interruption = text()
    version = whole()
    spans = many(Stretch)


class Hits(Shape):
    """The reservations that a change would hit: the first 200, and how many there are."""

    count = whole()
    items = many(Reservation)


class OpenDay(Shape):
    date = text()
    hours = fields.List(fields.List(fields.Integer()), required=True)
    special = fields.Dict(required=True, allow_none=True)


class HoursPreview(Hits):
    """With the hours of the next four weeks as they would be."""

    days = many(OpenDay)


class InterruptionPreview(Hits):
    spans = many(Stretch)


class CalendarDay(Shape):
    date = text()
    kind = one_of(("holiday", "working_day"))
    names = in_languages()


class CalendarYear(Shape):
    year = whole()
    revision = whole()
    source = text()
    days = many(CalendarDay)
    actor = text()
    at = instant()


class Site(Shape):
    code = text()
    names = in_languages()
    version = whole()
    known_years = fields.List(fields.Integer())


class SiteWithCalendar(Site):
    """The years as they count now, and every revision that there has been."""

    years = many(CalendarYear)
    revisions = many(CalendarYear)


class SiteStep(Shape):
    site = text()
    version = whole()
    year = fields.Integer()
    revision = fields.Integer()


class CalendarDifference(Shape):
    date = text()
    before = fields.Dict(required=True, allow_none=True)
    after = fields.Dict(required=True, allow_none=True)


class CalendarImport(Shape):
    """What the kept library says of a year, where it knows it."""

    site = text()
    version = whole()
    year = whole()
    source = text()
    published = truth()
    days = many(CalendarDay)
    differences = many(CalendarDifference)
