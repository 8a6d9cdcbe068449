"""An interruption, as a value: an outage, maintenance, or a closure. Each step is a new value with the next version.

    declared ──► runs ──► over             end: what runs is over now; a repeated one goes on with its next stretch
        │         │                        extend: another end for what runs, or for what comes next
        └─────────┴─ called off            nothing of what has not begun takes place

An open end is an estimate: when it comes near and nobody has ended the outage, it moves on by an
hour, again and again, so that what is broken is never shown as free.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from services.contracts.errors import InvalidInput, WrongState
from services.contracts.events import InterruptionChanged
from services.facilities.domain import recurrence
from services.facilities.domain.spans import Span

LONGEST = timedelta(days=366)
BACK = timedelta(days=31)
"""How long ago an outage may have begun that is declared now."""

HORIZON = timedelta(days=740)
"""How far ahead stretches are known: beyond the longest horizon of any facility."""

TOP_UP = timedelta(days=40)
KEPT = timedelta(days=400)
"""For how long past stretches of a repeated one are kept."""

NEAR = timedelta(minutes=30)
STEP = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class Interruption:
    """One version. ``spans`` are in order; those of a ``rule`` are known until ``known_until``."""

    interruption: str
    version: int
    kind: str
    site: str
    facility: str | None
    unit: str | None
    starts_at: datetime
    ends_at: datetime
    rule: str
    open_end: bool
    spans: tuple[Span, ...]
    known_until: datetime | None
    reason: dict[str, str]
    note: str
    actor: str

    @property
    def length(self) -> timedelta:
        """Of each stretch, as it was declared."""
        return self.ends_at - self.starts_at

    def fact(self, actor: str) -> InterruptionChanged:
        return InterruptionChanged(
            version=self.version, interruption=self.interruption, kind=self.kind, site=self.site,
            facility=self.facility, unit=self.unit, spans=[span.to_dict() for span in self.spans], reason=self.reason,
            actor=actor, open_end=self.open_end,
        )

    def spread(self, now: datetime) -> "Interruption":
        """A new one with its stretches."""
        if not self.rule:
            return replace(self, spans=(Span(self.starts_at, self.ends_at),))
        until = now + HORIZON
        spans = recurrence.spans_of(self.rule, self.starts_at, self.length, self.starts_at, until)
        return replace(self, spans=tuple(spans), known_until=until)

    def topped_up(self, now: datetime) -> "Interruption":
        """With the stretches that have come within the horizon; the same version when there are none."""
        until = now + HORIZON
        more = recurrence.spans_of(self.rule, self.starts_at, self.length, self.known_until or self.starts_at, until)
        kept = [span for span in self.spans if span.ends_at > now - KEPT]
        version = self.version + 1 if more else self.version
        return replace(self, spans=(*kept, *more), known_until=until, version=version)

    def moved_on(self, now: datetime) -> "Interruption":
        """An open one whose estimated end comes near goes on for another hour."""
        *before, last = self.spans
        return self.with_spans((*before, Span(last.starts_at, max(now, last.ends_at) + STEP)))

    def extended(self, ends_at: datetime, now: datetime) -> "Interruption":
        """Raises WrongState when all of it is over, InvalidInput for an end before its start or before now."""
        number = next((number for number, span in enumerate(self.spans) if span.ends_at > now), None)
        if number is None:
            raise WrongState(state="over", action="extend", reason="interruption_over")
        span, later = Span(self.spans[number].starts_at, ends_at), self.spans[number + 1:]
        if word := wrong_in_end(span, later, now):
            raise InvalidInput(errors={"ends_at": [word]})
        return self.with_spans((*self.spans[:number], span, *later))

    def ended(self, now: datetime) -> "Interruption":
        """Raises WrongState when nothing runs."""
        if not any(span.starts_at < now < span.ends_at for span in self.spans):
            raise WrongState(state="not_running", action="end", reason="interruption_not_running")
        return replace(self.with_spans(cut(self.spans, now)), open_end=False)

    def called_off(self, now: datetime) -> "Interruption":
        """Raises WrongState when all of it is over."""
        if not self.rule and not any(span.ends_at > now for span in self.spans):
            raise WrongState(state="over", action="call_off", reason="interruption_over")
        left = tuple(span for span in cut(self.spans, now) if span.starts_at < now)
        return replace(self.with_spans(left), rule="", open_end=False, known_until=None)

    def described(self, reason: dict[str, str], note: str) -> "Interruption":
        """The same version when nothing differs."""
        if (reason, note) == (self.reason, self.note):
            return self
        return replace(self, reason=reason, note=note, version=self.version + 1)

    def with_spans(self, spans: Iterable[Span]) -> "Interruption":
        return replace(self, spans=tuple(spans), version=self.version + 1)


def wrong_in_end(span: Span, later: tuple[Span, ...], now: datetime) -> str | None:
    if span.ends_at <= span.starts_at:
        return "ends_before_start"
    if span.ends_at <= now:
        return "in_the_past"
    if span.ends_at - span.starts_at > LONGEST:
        return "too_long"
    return "overlapping" if later and span.ends_at > later[0].starts_at else None


def cut(spans: Iterable[Span], now: datetime) -> tuple[Span, ...]:
    """With what runs ended now."""
    return tuple(Span(span.starts_at, now) if span.starts_at < now < span.ends_at else span for span in spans)


def wrong_with(asked: Interruption, now: datetime) -> dict[str, list[str]]:
    """What is wrong apart from the place.

    Words: required, too_long, ends_before_start, in_the_past, not_for_this_kind, and those of a rule.
    """
    wrong: dict[str, list[str]] = {}
    if asked.ends_at <= asked.starts_at:
        wrong["ends_at"] = ["ends_before_start"]
    elif asked.length > LONGEST:
        wrong["ends_at"] = ["too_long"]
    elif asked.ends_at <= now and not asked.rule:
        wrong["ends_at"] = ["in_the_past"]
    if asked.starts_at < now - BACK:
        wrong["starts_at"] = ["in_the_past"]
    if asked.open_end and asked.kind != "outage":
        wrong["open_end"] = ["not_for_this_kind"]
    if asked.rule and (words := wrong_in_rule(asked)):
        wrong["rule"] = words
    return wrong | wrong_in_reason(asked.reason)


def wrong_in_rule(asked: Interruption) -> list[str]:
    if asked.kind != "maintenance":
        return ["not_for_this_kind"]
    return recurrence.wrong_in(asked.rule, asked.starts_at, max(asked.length, timedelta()))


def wrong_in_reason(reason: dict[str, str]) -> dict[str, list[str]]:
    """A text in one language is enough; words: required, unknown_language."""
    if not any(text.strip() for text in reason.values()):
        return {"reason": ["required"]}
    return {f"reason.{language}": ["unknown_language"] for language in reason if language not in ("zh-Hans", "en")}
