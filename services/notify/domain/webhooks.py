"""Webhooks: programs that are told of reservations, each signed with a secret of its own.

A message carries (as standardwebhooks.com describes it):

    webhook-id          the delivery: the same at every try, by which a receiver knows a repeat
    webhook-timestamp   seconds since 1970 of this try
    webhook-signature   "v1,<base64 of HMAC-SHA256 over id.timestamp.body>", during a change of secret two of them

No secret is stored: each follows from the base's own key, the webhook and how often it was changed.
"""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from services.contracts import events
from services.notify.domain.deliveries import Cause, Delivery, identity
from services.notify.domain.outcomes import Kind, Outcome

FACTS = tuple(sorted(kind.__name__ for kind in events.ReservationEvent.__subclasses__()))
"""The facts that a webhook may ask for."""

TOLD = (
    "state", "facility", "unit", "starts_at", "ends_at", "team", "project", "purpose", "requester", "actor", "reason",
    "series", "campaign", "decide_by", "automatic", "former_facility", "former_unit", "former_starts_at",
    "former_ends_at", "used_minutes", "answer_by", "by", "rivals",
)  # fmt: skip
"""What is told of a reservation. Never more: a fact may name others, too, such as the next on the unit."""

BOTH_SECRETS = timedelta(days=1)
MARK = "whsec_"

WAITS = tuple(
    timedelta(seconds=seconds)
    for seconds in (5, 15, 30, 60, 120, 300, 600, 1200, 1800, 3600)
) + tuple(timedelta(hours=hours) for hours in (2, 4, 6, 8, 10, 12, 13, 15))  # fmt: skip
"""Before the eighteen repeats: three days in all."""

GONE = 410
SILENT = "no answer for three days"


@dataclass(frozen=True, kw_only=True)
class Webhook:
    """``team`` is whose reservations it is told of, None for all; ``facts`` which, none for every one.

    ``changes`` counts the changes of its secret, the last at ``changed_at``.
    """

    webhook: str
    name: str
    url: str
    created_by: str
    created_at: datetime
    team: str | None = None
    facts: tuple[str, ...] = ()
    active: bool = True
    reason: str | None = None
    changes: int = 0
    changed_at: datetime | None = None

    def wants(self, event: events.ReservationEvent) -> bool:
        its_own = self.team is None or self.team == event.team
        return self.active and its_own and (not self.facts or type(event).__name__ in self.facts)


def secret_of(key: str, webhook: str, changes: int) -> str:
    """What the receiver keeps, and checks with."""
    digest = hmac.digest(key.encode(), f"webhook {webhook} {changes}".encode(), hashlib.sha256)
    return MARK + base64.b64encode(digest).decode()


def secrets_of(key: str, webhook: Webhook, now: datetime) -> list[str]:
    """The secrets that count now, the present one first."""
    in_change = webhook.changed_at is not None and now < webhook.changed_at + BOTH_SECRETS
    return [secret_of(key, webhook.webhook, webhook.changes - back) for back in range(2 if in_change else 1)]


def signature(secret: str, delivery: str, timestamp: int, body: bytes) -> str:
    signed = f"{delivery}.{timestamp}.".encode() + body
    digest = hmac.digest(base64.b64decode(secret.removeprefix(MARK)), signed, hashlib.sha256)
    return f"v1,{base64.b64encode(digest).decode()}"


def headers(secrets: list[str], delivery: str, timestamp: int, body: bytes) -> dict[str, str]:
    return {
        "Content-Type": "application/json",
        "User-Agent": "pilot-base-booking",
        "webhook-id": delivery,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signature(secret, delivery, timestamp, body) for secret in secrets),
    }


def body_of(event: events.ReservationEvent, cause: Cause) -> str:
    """The message, frozen as text: every try sends these bytes."""
    told = {"id": event.reservation, "version": event.version}
    told |= {name: getattr(event, name) for name in TOLD if hasattr(event, name)}
    message = {"type": type(event).__name__, "id": cause.event_id, "told_at": cause.at, "reservation": told}
    return json.dumps(message, ensure_ascii=False, default=lambda instant: instant.isoformat())


def deliveries(webhooks: list[Webhook], event: events.ReservationEvent, cause: Cause) -> list[Delivery]:
    """One for each webhook that wants the fact."""
    wanted = [each for each in webhooks if each.wants(event)]
    content: dict[str, Any] = {"body": body_of(event, cause)} if wanted else {}
    return [
        Delivery(
            id=identity(cause.event_id, each.webhook, "webhook"),
            event_id=cause.event_id,
            event_type=type(event).__name__,
            reservation=event.reservation,
            version=event.version,
            recipient=each.webhook,
            channel="webhook",
            address=each.url,
            content=content,
            correlation_id=cause.correlation_id,
            created_at=cause.at,
        )
        for each in wanted
    ]


def outcome_of(status: int, retry_after: str | None) -> Outcome:
    """2xx is acceptance; 410 says that nobody is there any more; anything else may pass. Redirects are not followed."""
    code = str(status)
    if 200 <= status < 300:
        return Outcome(kind=Kind.ACCEPTED, code=code)
    if status == GONE:
        return Outcome(kind=Kind.RECIPIENT, code=code, detail="gone")
    wait = timedelta(seconds=min(int(retry_after), 3600)) if (retry_after or "").isdecimal() else timedelta()
    detail = "a redirect, which is not followed" if 300 <= status < 400 else ""
    return Outcome(kind=Kind.TRANSIENT, code=code, detail=detail, wait=wait)
