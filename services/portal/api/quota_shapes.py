"""What comes back about quotas."""

from marshmallow import fields

from services.contracts.schemas import AwareInstant
from services.portal.api.parts import Shape, maybe, one_of, text, truth, whole

SCOPES = ("company", "team", "person", "project")
PERIODS = ("week", "month", "open")


def pairs() -> fields.List:
    """Pairs of minutes after local midnight."""
    return fields.List(fields.List(fields.Integer()), required=True)


class Quota(Shape):
    """`limit` are minutes a week or month, or reservations open at a time."""

    code = text()
    scope = one_of(SCOPES)
    subject = maybe()
    kind = maybe()
    per = one_of(PERIODS)
    limit = whole()
    off_peak_percent = whole()
    peak_hours = pairs()
    active = truth()
    version = whole()


class QuotaUsage(Shape):
    """What a subject has used of a quota in a period, and what is left; no period where open ones are counted."""

    quota = text()
    team = text()
    team_name = text()
    scope = one_of(SCOPES)
    subject = text()
    kind = maybe()
    per = one_of(PERIODS)
    limit = whole()
    used = whole()
    left = whole()
    off_peak_percent = whole()
    peak_hours = pairs()
    starts_at = maybe(AwareInstant)
    ends_at = maybe(AwareInstant)


class SavedQuota(Shape):
    quota = text()
    version = whole()
