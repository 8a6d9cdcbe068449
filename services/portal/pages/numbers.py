"""Numbers as they were typed."""

MOST_DIGITS = 9
"""Nothing that is counted here is larger."""


def is_whole(text: str) -> bool:
    """Whether it is a whole number that is not too large."""
    return text.isdecimal() and len(text) <= MOST_DIGITS


def whole(text: str, otherwise: int = 0) -> int:
    """A whole number; ``otherwise`` for what is none, or is too large."""
    return int(text) if is_whole(text) else otherwise


def number(text: str) -> int | str:
    """The same with a sign; what cannot be read is left for the service to refuse."""
    return int(text) if is_whole(text.removeprefix("-")) else text
