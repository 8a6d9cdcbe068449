"""Interruptions as rows."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from services.contracts.errors import StaleVersion
from services.facilities.domain.interruption import HORIZON, NEAR, TOP_UP, Interruption
from services.facilities.domain.spans import Span
from services.facilities.storage import tables
from services.facilities.storage.repository import Repository, save_over

columns = tables.interruptions.c


class Interruptions(Repository):
    def get(self, interruption: str) -> Interruption | None:
        """Locked until the end of the transaction."""
        row = self.execute(select(tables.interruptions).where(columns.interruption == interruption).with_for_update())
        found = row.first()
        return found and interruption_of(found)

    def all(self) -> list[Interruption]:
        return self.some(select(tables.interruptions).order_by(columns.interruption))

    def save(self, interruption: Interruption) -> None:
        """Raises StaleVersion when somebody else was quicker. Topping up may keep the version."""
        last_end = max((span.ends_at for span in interruption.spans), default=None)
        spans = [span.to_dict() for span in interruption.spans]
        values = vars(interruption) | {"spans": spans, "last_end": last_end}
        follows = columns.version.in_([interruption.version - 1, interruption.version])
        if not save_over(self.execute, tables.interruptions, values, follows):
            raise StaleVersion

    def to_move_on(self, now: datetime, limit: int) -> list[Interruption]:
        """Open ones whose estimated end is near, locked; those that others hold are left out."""
        return self.due(columns.open_end & (columns.last_end <= now + NEAR), limit)

    def to_top_up(self, now: datetime, limit: int) -> list[Interruption]:
        """Repeated ones that are not known far enough ahead, locked like the others."""
        return self.due((columns.rule != "") & (columns.known_until <= now + HORIZON - TOP_UP), limit)

    def due(self, wanted: Any, limit: int) -> list[Interruption]:
        return self.some(select(tables.interruptions).where(wanted).limit(limit).with_for_update(skip_locked=True))

    def some(self, wanted: Any) -> list[Interruption]:
        return [interruption_of(row) for row in self.execute(wanted)]


def interruption_of(row: Any) -> Interruption:
    values = {name: value for name, value in row._mapping.items() if name != "last_end"}
    return Interruption(**values | {"spans": spans_in(row.spans)})


def spans_in(told: Sequence[dict[str, Any]]) -> tuple[Span, ...]:
    return tuple(Span.from_dict(span) for span in told)
