"""Faults that a test sets for the next calls; each is used up after `times` calls."""

import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass


class FaultRefused(ValueError):
    """The fault does not make sense; the argument says what is wrong, by field."""


@dataclass
class Fault:
    fault: str
    times: int = 1
    when: str = "before"  # before or after the call has been accepted
    code: int | None = None
    seconds: float = 0
    route: str | None = None
    recipient: str | None = None
    stage: str | None = None


class Faults:
    """The faults waiting to happen, oldest first. `defaults` holds, per kind of fault, what a body may leave out."""

    def __init__(self, defaults: dict[str, dict], fields: set[str]):
        self._defaults = defaults
        self._fields = {"fault", "times", "when", "code", "seconds"} | fields
        self._waiting: list[Fault] = []
        self._lock = threading.Lock()

    def add(self, body: object) -> Fault:
        if isinstance(body, dict):
            body = {name: value for name, value in body.items() if value is not None}
        errors = _errors(body, self._defaults, self._fields)
        if errors:
            raise FaultRefused(errors)
        fault = Fault(**{**self._defaults[body["fault"]], **body})
        with self._lock:
            self._waiting.append(fault)
        return fault

    def take(self, fits: Callable[[Fault], bool]) -> Fault | None:
        """Use up one call of the first fault that fits."""
        with self._lock:
            fault = next(filter(fits, self._waiting), None)
            if fault is not None:
                fault.times -= 1
                if fault.times == 0:
                    self._waiting.remove(fault)
            return fault

    def waiting(self) -> list[dict]:
        with self._lock:
            return [
                {name: value for name, value in asdict(fault).items() if value not in (None, 0)}
                for fault in self._waiting
            ]

    def clear(self) -> None:
        with self._lock:
            self._waiting.clear()


def _errors(body: object, kinds: dict, fields: set[str]) -> dict[str, str]:
    if not isinstance(body, dict):
        return {"body": "not_an_object"}
    errors = dict.fromkeys(body.keys() - fields, "unknown")
    if body.get("fault") not in kinds:
        errors["fault"] = "one of " + ", ".join(sorted(kinds))
    if body.get("when", "before") not in ("before", "after"):
        errors["when"] = "before or after"
    if not _is_number(body.get("times", 1), int) or body.get("times", 1) < 1:
        errors["times"] = "a whole number from 1"
    if not _is_number(body.get("code", 1), int):
        errors["code"] = "a whole number"
    if not _is_number(body.get("seconds", 0), (int, float)) or not 0 <= body.get("seconds", 0) <= 600:
        errors["seconds"] = "0 to 600"
    errors |= {
        name: "a text" for name in ("route", "recipient", "stage") if name in body and not isinstance(body[name], str)
    }
    return errors


def _is_number(value: object, kinds: type | tuple) -> bool:
    return isinstance(value, kinds) and not isinstance(value, bool)
