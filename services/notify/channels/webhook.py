"""Signed messages to programs of others: small, with an end to every wait, and never where a redirect leads."""

import http.client
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from services.notify.channels import Channel
from services.notify.domain import webhooks
from services.notify.domain.deliveries import Delivery
from services.notify.domain.outcomes import Kind, Outcome
from services.notify.domain.webhooks import Webhook
from services.notify.outside import NotAllowed, Outside

SILENCE = 10.0
LONGEST_ANSWER = 16_384


class WebhookChannel(Channel):
    """``find(id)`` is the webhook as it is now, ``key`` what all secrets follow from."""

    name = "webhook"
    deadline = 20.0
    recognised: timedelta | None = None
    waits = webhooks.WAITS
    workers = 4

    def __init__(self, outside: Outside, key: str, find: Callable[[str], Webhook | None]):
        self.outside = outside
        self.key = key
        self.find = find

    def send(self, delivery: Delivery) -> Outcome:
        webhook = self.find(delivery.recipient)
        if webhook is None or not self.key:
            return Outcome(kind=Kind.CONFIGURATION, detail="no such webhook, or no key to sign with")
        try:
            connection = self.outside.connection(delivery.address, SILENCE)
        except NotAllowed:
            return Outcome(kind=Kind.RECIPIENT, code="address", detail="the address leads into a network of ours")
        except (OSError, ValueError) as error:
            return Outcome(kind=Kind.TRANSIENT, detail=type(error).__name__)
        try:
            return self.post(connection, delivery, webhook)
        finally:
            connection.close()

    def post(self, connection: http.client.HTTPConnection, delivery: Delivery, webhook: Webhook) -> Outcome:
        body, now = delivery.content["body"].encode(), time.time()
        secrets = webhooks.secrets_of(self.key, webhook, datetime.fromtimestamp(now, UTC))
        parts = urlsplit(delivery.address)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        try:
            connection.request("POST", target, body, webhooks.headers(secrets, delivery.id, int(now), body))
            response = connection.getresponse()
            response.read(LONGEST_ANSWER)
        except (OSError, http.client.HTTPException) as error:
            return Outcome(kind=Kind.UNKNOWN, detail=type(error).__name__)
        return webhooks.outcome_of(response.status, response.headers.get("Retry-After"))

    def close(self) -> None:
        """Each message has a connection of its own."""
