"""A quota as a value: how much a company, team, person or project may reserve."""

from dataclasses import dataclass, field, fields, replace

from services.contracts.commands import SaveQuota
from services.contracts.events import QuotaChanged
from services.facilities.domain import opening_hours


@dataclass(frozen=True, kw_only=True)
class Quota:
    """One version; version 0 is not stored yet. The fields are as in the command."""

    quota: str
    scope: str = ""
    per: str = ""
    limit: int = 0
    subject: str | None = None
    kind: str | None = None
    off_peak_percent: int = 100
    peak_hours: list[list[int]] = field(default_factory=list)
    active: bool = True
    version: int = 0

    def revised(self, message: SaveQuota) -> "Quota":
        """The next version, as the command wants it; the same one when nothing differs."""
        changed = replace(self, **{name: getattr(message, name) for name in SET})
        return self if changed == self else replace(changed, version=self.version + 1)

    def fact(self) -> QuotaChanged:
        return QuotaChanged(**vars(self))


SET = tuple(each.name for each in fields(Quota) if each.name not in ("quota", "version"))
"""The fields that a command sets."""


def wrong_with(quota: Quota) -> dict[str, list[str]]:
    """Words: malformed, out_of_range, ends_before_start, overlapping, required."""
    wrong = sorted(set(opening_hours.wrong_in_day(quota.peak_hours)))
    if not wrong and quota.off_peak_percent < 100 and not quota.peak_hours:
        wrong = ["required"]
    return {"peak_hours": wrong} if wrong else {}
