"""Time that is taken on a unit, as it is kept and read."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from services.booking.domain.spans import Span


class Held(NamedTuple):
    """Time on a unit, buffers included. A tuple, because sweeps make thousands.

    ``first`` and ``beyond`` number the places that are taken, half-open; without ``beyond`` it is the
    whole unit, and from 0 on it is no run but an interruption. ``family`` and the run without its
    buffers are known where families keep apart, the ``profile`` where runs share.
    """

    starts_at: datetime
    ends_at: datetime
    first: int = 1
    beyond: int | None = None
    family: str | None = None
    runs_from: datetime | None = None
    runs_to: datetime | None = None
    profile: Mapping[str, Any] | None = None

    @property
    def is_run(self) -> bool:
        return self.first > 0

    @property
    def run(self) -> Span:
        """The run itself; all of the time where it is not known."""
        return Span(self.runs_from or self.starts_at, self.runs_to or self.ends_at)

    @property
    def period(self) -> Span:
        return Span(self.starts_at, self.ends_at)


Claims = Mapping[tuple[str, str], Sequence[Held]]
"""What stands on each unit, in order, by facility and unit; no entry where nothing does."""
