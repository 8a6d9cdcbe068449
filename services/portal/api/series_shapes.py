"""What comes back about series."""

from services.portal.api.parts import Shape, instant, many, maybe, records, text, texts, truth, whole
from services.portal.api.shapes import Alternative, Reservation, Step


class SeriesStep(Shape):
    """What a series is after an action; the members are those that it touched."""

    id = text()
    version = whole()
    rule = text()
    skipped = texts()
    members = many(Step)


class SeriesMember(Reservation):
    series_date = text()
    allowed_actions = texts()


class OpenDate(Shape):
    """A date of the rule that has no reservation."""

    date = text()
    starts_at = instant()
    ends_at = instant()
    skipped = truth()


class Series(Shape):
    id = text()
    version = whole()
    rule = text()
    zone = text()
    first_date = text()
    facility = text()
    unit = maybe()
    clock = text()
    length_minutes = whole()
    days_later = whole()
    team = text()
    project = maybe()
    purpose = text()
    requester = text()
    members = many(SeriesMember)
    open_dates = many(OpenDate)
    allowed_actions = texts()


class DateVerdict(Shape):
    """What a date would come to; ``ok`` when it could be had now."""

    date = text()
    facility = text()
    unit = maybe()
    starts_at = instant()
    ends_at = instant()
    ok = truth()
    taken = truth()
    violations = records()
    alternatives = many(Alternative)


class DatesChecked(Shape):
    rule = text()
    zone = text()
    dates = many(DateVerdict)
