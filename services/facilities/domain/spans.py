"""A stretch of time."""

from datetime import datetime
from typing import Any, NamedTuple


class Span(NamedTuple):
    """``[starts_at, ends_at)``, in UTC."""

    starts_at: datetime
    ends_at: datetime

    def to_dict(self) -> dict[str, Any]:
        return {"starts_at": self.starts_at.isoformat(), "ends_at": self.ends_at.isoformat()}

    @staticmethod
    def from_dict(told: dict[str, Any]) -> "Span":
        return Span(datetime.fromisoformat(told["starts_at"]), datetime.fromisoformat(told["ends_at"]))
