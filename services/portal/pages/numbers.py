"""Numbers as they were typed."""

MOST_DIGITS = 9
"""Nothing that is counted here is larger."""


def whole(text: str, otherwise: int = 0) -> int:
    """A whole number; ``otherwise`` for what is none, or is too large."""
    return int(text) if text.isdecimal() and len(text) <= MOST_DIGITS else otherwise


def number(text: str) -> int | str:
    """The same with a sign; what cannot be read is left for the service to refuse."""
    digits = text.removeprefix("-")
    return int(text) if digits.isdecimal() and len(digits) <= MOST_DIGITS else text
