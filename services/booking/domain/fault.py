"""What somebody found broken at a facility."""

from dataclasses import dataclass, replace
from datetime import datetime

from services.contracts.events import FaultChanged


@dataclass(frozen=True, kw_only=True)
class Fault:
    """Open until a manager has dealt with it. ``reservation`` is given when it was told at check-out."""

    fault: str
    facility: str
    unit: str | None
    text: str
    reporter: str
    reported_at: datetime
    reservation: str | None = None
    version: int = 1
    closed_at: datetime | None = None
    closed_by: str = ""
    note: str = ""

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    def closed(self, actor: str, note: str, now: datetime) -> "Fault":
        return replace(self, version=self.version + 1, closed_at=now, closed_by=actor, note=note)

    def fact(self, actor: str) -> FaultChanged:
        return FaultChanged(
            version=self.version, fault=self.fault, state="open" if self.is_open else "closed", facility=self.facility,
            unit=self.unit, text=self.text, reporter=self.reporter, actor=actor, note=self.note,
        )
