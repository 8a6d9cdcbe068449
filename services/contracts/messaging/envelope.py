"""What is written on the outside of a fact."""

import uuid
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

from services.contracts import schemas
from services.contracts.errors import InvalidInput
from services.contracts.events import Event
from services.contracts.messaging import encoding, tracing
from services.contracts.values import Identifier, Line, Name, Version

T = TypeVar("T")


class Undecodable(Exception):
    """The message is not a fact that this code knows; it belongs to the dead letters."""


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """A fact on its way: who it is about, which step, when, and what caused it."""

    event_id: Identifier
    type: Name
    schema_version: Version
    aggregate_type: Name
    aggregate_id: Line
    aggregate_version: Version
    occurred_at: Line
    correlation_id: Line
    causation_id: Line
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
            data = encoding.loads(body)
        except ValueError as error:
            raise Undecodable(f"no JSON: {error}") from error
        return loaded(cls, data)

    def event(self) -> Event:
        """The fact inside. Raises Undecodable when it is none that this code knows, or not the one written outside."""
        kind = schemas.EVENTS.get(self.type)
        if kind is None or self.schema_version != kind.schema_version:
            raise Undecodable(f"unknown type {self.type} in version {self.schema_version}")
        event = loaded(kind, self.data)
        outside = self.aggregate_type, self.aggregate_id, self.aggregate_version
        if outside != (event.aggregate_type, event.aggregate_id, event.version):
            raise Undecodable(f"{self.type}: {outside} is written outside of {event.aggregate_id} {event.version}")
        return event


def loaded(kind: type[T], data: Any) -> T:
    """Every field checked, for a wrong one would fail again and again in the database.

    Fields that this code does not know yet are left out, so that a service may start to
    send more before its readers are renewed. Raises Undecodable.
    """
    if not isinstance(data, dict):
        raise Undecodable(f"{kind.__name__} is no object")
    known = schemas.schema_of(kind).fields
    try:
        return schemas.load(kind, {name: value for name, value in data.items() if name in known})
    except InvalidInput as error:
        raise Undecodable(f"{kind.__name__}: {error.facts}") from error
