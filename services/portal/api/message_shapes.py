"""What comes back about messages: to people, and to programs that listen."""

from marshmallow import fields

from services.contracts.schemas import AwareInstant
from services.portal.api.parts import Shape, instant, many, maybe, one_of, text, texts, truth, whole

STATES = ("pending", "held", "sending", "retry", "unknown", "accepted", "dead", "skipped")


class Try(Shape):
    """One attempt to send; ``resent`` is somebody's wish to try again."""

    started_at = instant()
    ended_at = maybe(AwareInstant)
    outcome = maybe()
    code = maybe()
    detail = maybe()


class Delivery(Shape):
    """One message to one person on one channel. "accepted" is the provider's word; ``arrival`` its later report."""

    id = text()
    event_type = text()
    recipient = text()
    recipient_name = text()
    channel = text()
    state = one_of(STATES)
    attempts = whole()
    reason = maybe()
    created_at = instant()
    accepted_at = maybe(AwareInstant)
    arrival = maybe()
    arrived_at = maybe(AwareInstant)
    fallback_of = maybe()
    resendable = truth()
    tries = many(Try)


class Undelivered(Shape):
    """A message that nobody got; ``fell_back``: the person was told by mail instead."""

    id = text()
    reservation = maybe()
    event_type = text()
    recipient = text()
    recipient_name = text()
    channel = text()
    state = one_of(STATES)
    attempts = whole()
    reason = maybe()
    created_at = instant()
    fell_back = truth()
    resendable = truth()


class Resent(Shape):
    id = text()
    state = one_of(STATES)


class Webhook(Shape):
    """``team`` is whose reservations it is told of, null for all; ``facts`` which, none for every one."""

    webhook = text()
    name = text()
    url = text()
    team = maybe()
    team_name = maybe()
    facts = texts()
    active = truth()
    reason = maybe()
    changed_at = maybe(AwareInstant)
    created_by = text()
    created_at = instant()
    last_accepted_at = maybe(AwareInstant)
    waiting = whole()
    dead = whole()


class WebhookSecret(Shape):
    """The secret is shown in this answer only."""

    webhook = text()
    secret = fields.String()


class WebhookState(Shape):
    webhook = text()
    active = truth()


class WebhookDelivery(Shape):
    id = text()
    event_type = text()
    reservation = maybe()
    version = whole()
    state = one_of(STATES)
    attempts = whole()
    reason = maybe()
    created_at = instant()
    accepted_at = maybe(AwareInstant)
    due_at = maybe(AwareInstant)
    tries = many(Try)


class Replayed(Shape):
    webhook = text()
    count = whole()


class Bound(Shape):
    """An account that is bound; of its id the last characters only."""

    channel = one_of(("wechat", "wecom"))
    state = one_of(("active", "suspended"))
    reason = maybe()
    bound_at = instant()
    suspended_at = maybe(AwareInstant)
    hint = text()


class Suppressed(Shape):
    """Why no mail is sent to the address any more."""

    reason = text()
    since = instant()


class Channels(Shape):
    items = many(Bound)
    suppressed = fields.Nested(Suppressed, required=True, allow_none=True)


class AddressConfirmed(Shape):
    confirmed = truth()
