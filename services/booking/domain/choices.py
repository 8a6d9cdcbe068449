"""What becomes of single dates of a series, as the user chose it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from services.contracts.values import Code, Day, Instant, OneOf


@dataclass(frozen=True, kw_only=True)
class Choice:
    """The shape of one of ``choices`` (contracts/commands/series.py)."""

    date: Day
    action: Annotated[str, OneOf(("take", "skip", "keep"))] = "take"
    facility: Code | None = None
    unit: Code | None = None
    starts_at: Instant | None = None
    ends_at: Instant | None = None

    @property
    def is_elsewhere(self) -> bool:
        """Whether it is an alternative."""
        return self.action == "take" and self.starts_at is not None

    def wrong(self, possible: Collection[date], actions: Collection[str]) -> dict[str, list[str]]:
        """What is wrong with it, where only these dates and actions make sense."""
        errors = {}
        if day_of(self.date) not in possible:
            errors["date"] = ["not_in_series"]
        if self.action not in actions:
            errors["action"] = ["unknown_choice"]
        if (self.starts_at is None) != (self.ends_at is None):
            errors["ends_at" if self.ends_at is None else "starts_at"] = ["required"]
        elif self.starts_at and self.starts_at >= self.ends_at:
            errors["ends_at"] = ["ends_before_start"]
        return errors


def day_of(text: str) -> date | None:
    """The date of a text that looks like one; None for a day that no month has."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def wrong_choices(
    choices: Sequence[Choice], possible: Collection[date], actions: Collection[str],
) -> dict[str, list[str]]:
    """Everything that is wrong with them, by number and field."""
    errors = {}
    seen = set()
    for number, choice in enumerate(choices):
        found = choice.wrong(possible, actions)
        if choice.date in seen:
            found.setdefault("date", []).append("duplicate")
        seen.add(choice.date)
        errors |= {f"choices.{number}.{name}": words for name, words in found.items()}
    return errors
