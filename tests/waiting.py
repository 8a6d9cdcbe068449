"""Waiting for a condition, the only kind of waiting that tests do."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def until(condition: Callable[[], T], seconds: float = 10, why: str | Callable[[], str] = "") -> T:
    """Ask again and again until the answer is true; returns it. Raises AssertionError after ``seconds``."""
    ends = time.monotonic() + seconds
    while True:
        answer = condition()
        if answer:
            return answer
        if time.monotonic() > ends:
            raise AssertionError(why() if callable(why) else why or f"not within {seconds} s: {condition}")
        time.sleep(0.02)
