"""What each date of a series would come to: all pass the one rule function, each sees the earlier ones."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from services.booking.domain.alternatives import REACHES, Alternative, alternatives, search_window
from services.booking.domain.facility import Facility
from services.booking.domain.held import Claims, Held
from services.booking.domain.rules import Violation, are_excused, broken_rules, waivers_of
from services.booking.domain.spans import Span
from services.booking.domain.units import FITTING, Room, choose_unit, room_on
from services.booking.domain.wish import Wish

REACH = REACHES[0]
"""How far from a date other times are offered for it."""

MOST_OFFERED = 3
MOST_EXPLAINED = 60
"""For so many dates other times are looked for; a rule that clashes more often is the wrong one."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What is wished for one date; ``reservation`` is the member that is to move there, if any."""

    date: date
    wish: Wish
    facility: Facility
    reservation: str | None = None


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """``room`` is where it would be, None where everything is taken."""

    wanted: Wanted
    violations: Sequence[Violation]
    room: Room | None

    @property
    def unit(self) -> str | None:
        return self.room and self.room.unit

    @property
    def is_fine(self) -> bool:
        return not self.violations and self.unit is not None

    @property
    def is_taken(self) -> bool:
        """By somebody; time that is interrupted is told of as a broken rule."""
        return self.unit is None and not any(each.rule == "interrupted" for each in self.violations)

    def to_dict(self, ways: Iterable[Alternative] = ()) -> dict[str, Any]:
        wanted = self.wanted
        return {
            "date": wanted.date.isoformat(), "facility": wanted.facility.code, "unit": self.unit or wanted.wish.unit,
            **wanted.wish.span._asdict(), "ok": self.is_fine, "taken": self.is_taken,
            "violations": [violation.to_dict() for violation in self.violations],
            "alternatives": [way.to_dict() for way in ways],
        }


def judged(wanted: Iterable[Wanted], claims: Claims, now: datetime) -> list[Verdict]:
    """In the order given, for one party. What is found fine stands in the way of what comes after it, and is used."""
    standing = {place: list(held) for place, held in claims.items()}
    found: list[Verdict] = []
    party = None
    for each in beside_each_other(wanted, found):
        if party:
            each = replace(each, wish=replace(each.wish, party=party))
        near = within(standing, each.facility.period(each.wish.whole).widened(FITTING, FITTING))
        unit = choose_unit(each.wish, each.facility, near)
        broken = broken_rules(each.wish, each.facility, now)
        room = unit and room_on(each.wish, each.facility, unit, near)._replace(waivers=waivers_of(broken))
        violations = () if are_excused(broken, each.wish) else broken
        verdict = Verdict(wanted=each, violations=violations, room=room or None)
        if verdict.is_fine:
            stand(standing, verdict)
            party = each.wish.party and each.wish.party.having(each.wish.span, each.facility.kind)
        found.append(verdict)
    return found


def beside_each_other(wanted: Iterable[Wanted], found: Sequence[Verdict]) -> Iterator[Wanted]:
    """Each date with the people of the earlier ones that were found fine by then."""
    for each in wanted:
        code = each.facility.code
        if each.facility.most_people:
            mine = tuple(
                (verdict.wanted.wish.span, verdict.wanted.wish.run.people) for verdict in found
                if verdict.is_fine and verdict.wanted.facility.code == code
            )
            others = {**each.wish.others, code: (*each.wish.others.get(code, ()), *mine)}
            each = replace(each, wish=replace(each.wish, others=others))
        yield each


def stand(standing: dict[tuple[str, str], list[Held]], verdict: Verdict) -> None:
    """Let a date that is fine hold its unit."""
    held = standing.setdefault((verdict.wanted.facility.code, verdict.unit), [])
    held += verdict.room.claims
    held.sort(key=lambda each: each.period)


def within(claims: Claims, window: Span) -> Claims:
    """Those that ``window`` touches."""
    starts_at, ends_at = window
    return {
        place: [each for each in held if each.starts_at < ends_at and each.ends_at > starts_at]
        for place, held in claims.items()
    }


def search_windows(verdicts: Iterable[Verdict], now: datetime) -> list[Span]:
    """Where to look for other times for those that are not fine."""
    clashes = [each.wanted for each in verdicts if not each.is_fine][:MOST_EXPLAINED]
    return [search_window(each.wish.span, each.facility, now, REACH) for each in clashes]


def ways_out(
    verdicts: Sequence[Verdict], equivalents: Mapping[str, Sequence[Facility]], claims: Claims, now: datetime,
) -> dict[date, list[Alternative]]:
    """Other times for each date that is not fine, beside what stands and what the other dates would take.

    The best of each date is not offered to the next ones too.
    """
    standing = {place: list(held) for place, held in claims.items()}
    for verdict in verdicts:
        if verdict.is_fine:
            stand(standing, verdict)
    clashes = [each.wanted for each in verdicts if not each.is_fine][:MOST_EXPLAINED]
    found = {}
    for wanted, window in zip(clashes, search_windows(verdicts, now), strict=True):
        others = equivalents[wanted.facility.code]
        near = within(standing, window.widened(FITTING, FITTING))
        ways = alternatives(wanted.wish, wanted.facility, others, near, window, now)[:MOST_OFFERED]
        found[wanted.date] = ways
        if ways:
            stand_aside(standing, wanted, ways[0], [wanted.facility, *others])
    return found


def stand_aside(
    standing: dict[tuple[str, str], list[Held]], wanted: Wanted, way: Alternative, facilities: Iterable[Facility],
) -> None:
    """Let an offer hold its room, as if it were taken up."""
    facility = next(each for each in facilities if each.code == way.facility)
    wish = replace(wanted.wish, span=Span(way.starts_at, way.ends_at), unit=way.unit, former=None, former_unit=None)
    near = within(standing, facility.period(wish.whole).widened(FITTING, FITTING))
    if unit := choose_unit(wish, facility, near):
        stand(standing, Verdict(
            wanted=replace(wanted, wish=wish, facility=facility), violations=(),
            room=room_on(wish, facility, unit, near)))
