"""What becomes of single dates of a series, as the user chose it."""

from collections.abc import Collection, Sequence
from datetime import date

from services.booking.domain.spans import wrong_end
from services.contracts.commands.series import Choice


def is_elsewhere(choice: Choice) -> bool:
    """Whether it is an alternative."""
    return choice.action == "take" and choice.starts_at is not None


def day_of(text: str) -> date | None:
    """The date of a text that looks like one; None for a day that no month has."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def wrong(choice: Choice, possible: Collection[date], actions: Collection[str]) -> dict[str, list[str]]:
    """What is wrong with a choice, where only these dates and actions make sense."""
    errors = {}
    if day_of(choice.date) not in possible:
        errors["date"] = ["not_in_series"]
    if choice.action not in actions:
        errors["action"] = ["unknown_choice"]
    if (choice.starts_at is None) != (choice.ends_at is None):
        errors["ends_at" if choice.ends_at is None else "starts_at"] = ["required"]
    elif choice.starts_at and (words := wrong_end(choice.starts_at, choice.ends_at)):
        errors["ends_at"] = words
    return errors


def wrong_choices(
    choices: Sequence[Choice], possible: Collection[date], actions: Collection[str],
) -> dict[str, list[str]]:
    """Everything that is wrong with them, by number and field."""
    errors = {}
    seen = set()
    for number, choice in enumerate(choices):
        found = wrong(choice, possible, actions)
        if choice.date in seen:
            found.setdefault("date", []).append("duplicate")
        seen.add(choice.date)
        errors |= {f"choices.{number}.{name}": words for name, words in found.items()}
    return errors
