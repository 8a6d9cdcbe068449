"""Time in which a facility, or one of its units, cannot be used."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from services.booking.domain.spans import Span, merged


@dataclass(frozen=True, kw_only=True)
class Interruption:
    """An outage, maintenance or closure as far as one facility is concerned; no unit is all of them.

    ``reason`` is the one that teams see, per language. With an open end the last end is an estimate.
    """

    id: str
    kind: str
    unit: str | None = None
    reason: Mapping[str, str] = field(default_factory=dict)
    spans: Sequence[Span] = ()
    open_end: bool = False

    def is_on(self, unit: str) -> bool:
        return self.unit in (None, unit)

    def hits(self, unit: str, period: Span) -> bool:
        return self.is_on(unit) and any(span.overlaps(period) for span in self.spans)


def interruptions_on(unit: str, period: Span, interruptions: Iterable[Interruption]) -> list[Interruption]:
    """Those that make ``period`` impossible on ``unit``."""
    return [each for each in interruptions if each.hits(unit, period)]


def usable_again(unit: str, period: Span, interruptions: Iterable[Interruption]) -> datetime | None:
    """When the last of the interruptions that hit ``period`` ends, others that follow at once included."""
    spans = merged(span for each in interruptions if each.is_on(unit) for span in each.spans)
    return max((span.ends_at for span in spans if span.overlaps(period)), default=None)
