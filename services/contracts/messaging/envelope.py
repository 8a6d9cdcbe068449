"""What is written on the outside of a fact."""

import uuid
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from services.contracts import schemas
from services.contracts.errors import InvalidInput
from services.contracts.events import Event
from services.contracts.messaging import encoding, tracing


class Undecodable(Exception):
    """The message is not a fact that this code knows; it belongs to the dead letters."""


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """A fact on its way: who it is about, which step, when, and what caused it."""

    event_id: str
    type: str
    schema_version: int
    aggregate_type: str
    aggregate_id: str
    aggregate_version: int
    occurred_at: str
    correlation_id: str
    causation_id: str
    data: dict[str, Any]

    @classmethod
    def around(cls, event: Event, now: datetime) -> "Envelope":
        return cls(
            event_id=str(uuid.uuid4()),
            type=type(event).__name__,
            schema_version=event.schema_version,
            aggregate_type=event.aggregate_type,
            aggregate_id=event.aggregate_id,
            aggregate_version=event.version,
            occurred_at=now.astimezone(UTC).isoformat(),
            correlation_id=tracing.correlation_id.get() or tracing.new_correlation_id(),
            causation_id=tracing.causation_id.get(),
            data=schemas.dump(event),
        )

    def to_bytes(self) -> bytes:
        return encoding.dumps(asdict(self))

    @classmethod
    def from_bytes(cls, body: bytes) -> "Envelope":
        """Raises Undecodable."""
        try:
            return cls(**encoding.loads(body))
        except (ValueError, TypeError) as error:
            raise Undecodable(f"no envelope: {error}") from error

    def event(self) -> Event:
        """The fact inside.

        Fields that this code does not know yet are left out, so that a service may start to
        send more before its readers are renewed. Raises Undecodable for anything else.
        """
        kind = schemas.EVENTS.get(self.type)
        if kind is None or self.schema_version != kind.schema_version:
            raise Undecodable(f"unknown type {self.type} in version {self.schema_version}")
        known = schemas.schema_of(kind).fields
        try:
            return schemas.load(kind, {name: value for name, value in self.data.items() if name in known})
        except (InvalidInput, AttributeError) as error:
            raise Undecodable(f"{self.type}: {getattr(error, 'facts', error)}") from error
