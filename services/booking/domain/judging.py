"""What each date of a series, or step of a campaign, would come to: all pass the one rule function, in order."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from services.booking.domain.alternatives import REACHES, Alternative, alternatives, search_window
from services.booking.domain.facility import Facility
from services.booking.domain.held import Claims, Held
from services.booking.domain.rules import Violation, are_excused, broken_rules, waivers_of
from services.booking.domain.spans import Span
from services.booking.domain.units import FITTING, Room, choose_unit, room_on
from services.booking.domain.wish import Party, Wish

REACH = REACHES[0]
"""How far from a date other times are offered for it."""

MOST_OFFERED = 3
Day = date
MOST_EXPLAINED = 60
"""For so many dates other times are looked for; a rule that clashes more often is the wrong one."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What is wished for one date of a series, or one ``step`` of a campaign.

    ``reservation`` is the member that is to move there, if any.
    """

    wish: Wish
    facility: Facility
    date: Day | None = None
    step: int | None = None
    reservation: str | None = None

    @property
    def name(self) -> dict[str, Any]:
        """By what those who asked know it."""
        return {"step": self.step} if self.date is None else {"date": self.date.isoformat()}


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
            **wanted.name, "facility": wanted.facility.code, "unit": self.unit or wanted.wish.unit,
            **wanted.wish.span._asdict(), "ok": self.is_fine, "taken": self.is_taken,
            "violations": [violation.to_dict() for violation in self.violations],
            "alternatives": [way.to_dict() for way in ways],
        }


class Sitting:
    """Wishes of one party that are judged one after the other; what is taken up stands in the way of the rest."""

    def __init__(self, claims: Claims, now: datetime):
        self.standing = {place: list(held) for place, held in claims.items()}
        self.now = now
        self.taken: list[Verdict] = []
        self.parties: list[Party | None] = [None]

    def judge(self, asked: Wanted) -> Verdict:
        """What it would come to beside what stands and what has been taken up."""
        wish, facility = self.beside_the_taken(asked.wish, asked.facility), asked.facility
        near = within(self.standing, facility.period(wish.whole).widened(FITTING, FITTING))
        unit = choose_unit(wish, facility, near)
        broken = broken_rules(wish, facility, self.now)
        room = unit and room_on(wish, facility, unit, near)._replace(waivers=waivers_of(broken))
        violations = () if are_excused(broken, wish) else broken
        return Verdict(wanted=replace(asked, wish=wish), violations=violations, room=room or None)

    def beside_the_taken(self, wish: Wish, facility: Facility) -> Wish:
        """The wish with what those before it use of quotas, and the people they bring."""
        party = self.parties[-1]
        if party:
            wish = replace(wish, party=replace(wish.party, entitlements=party.entitlements))
        if facility.most_people:
            mine = tuple(
                (each.wanted.wish.span, each.wanted.wish.run.people) for each in self.taken
                if each.wanted.facility.code == facility.code
            )
            others = {**wish.others, facility.code: (*wish.others.get(facility.code, ()), *mine)}
            wish = replace(wish, others=others)
        return wish

    def take(self, verdict: Verdict) -> None:
        """Let one that is fine hold its room."""
        wish, facility = verdict.wanted.wish, verdict.wanted.facility
        stand(self.standing, verdict)
        self.taken.append(verdict)
        self.parties.append(wish.party and wish.party.having(wish.span, facility.kind))

    def give_back(self) -> None:
        """As if the last one had not been taken up."""
        verdict = self.taken.pop()
        self.parties.pop()
        held = self.standing[verdict.wanted.facility.code, verdict.unit]
        for claim in verdict.room.claims:
            held.remove(claim)


def judged(wanted: Iterable[Wanted], claims: Claims, now: datetime) -> list[Verdict]:
    """In the order given, for one party. What is found fine stands in the way of what comes after it, and is used."""
    sitting = Sitting(claims, now)
    found = []
    for each in wanted:
        verdict = sitting.judge(each)
        if verdict.is_fine:
            sitting.take(verdict)
        found.append(verdict)
    return found


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
    verdicts: Sequence[Verdict], before: Wish, equivalents: Mapping[str, Sequence[Facility]], claims: Claims,
    now: datetime,
) -> dict[date, list[Alternative]]:
    """Other times for each date that is not fine, beside what stands and what the other dates would take.

    ``before`` holds what is used and who is there without any of them. The best of each date is not
    offered to the next ones too: its room, its people, its hours are gone.
    """
    standing = {place: list(held) for place, held in claims.items()}
    settled = [each for each in verdicts if each.is_fine]
    for verdict in settled:
        stand(standing, verdict)
    clashes = [each.wanted for each in verdicts if not each.is_fine][:MOST_EXPLAINED]
    found = {}
    for wanted, window in zip(clashes, search_windows(verdicts, now), strict=True):
        others = equivalents[wanted.facility.code]
        wish = beside_all(wanted.wish, before, settled)
        near = within(standing, window.widened(FITTING, FITTING))
        ways = alternatives(wish, wanted.facility, others, near, window, now)[:MOST_OFFERED]
        found[wanted.date] = ways
        if ways and (aside := taken_up(replace(wanted, wish=wish), ways[0], [wanted.facility, *others], standing)):
            stand(standing, aside)
            settled.append(aside)
    return found


def beside_all(wish: Wish, before: Wish, settled: Iterable[Verdict]) -> Wish:
    """A wish with what all others use of quotas and the people they bring."""
    party, others = before.party, dict(before.others)
    for each in settled:
        there, facility = each.wanted.wish, each.wanted.facility
        party = party and party.having(there.span, facility.kind)
        others[facility.code] = (*others.get(facility.code, ()), (there.span, there.run.people))
    if party:
        wish = replace(wish, party=replace(wish.party, entitlements=party.entitlements))
    return replace(wish, others=others)


def taken_up(
    wanted: Wanted, way: Alternative, facilities: Iterable[Facility], standing: Claims,
) -> Verdict | None:
    """What an offer would come to, if it were taken."""
    facility = next(each for each in facilities if each.code == way.facility)
    wish = replace(wanted.wish, span=Span(way.starts_at, way.ends_at), unit=way.unit, former=None, former_unit=None)
    near = within(standing, facility.period(wish.whole).widened(FITTING, FITTING))
    unit = choose_unit(wish, facility, near)
    return unit and Verdict(
        wanted=replace(wanted, wish=wish, facility=facility), violations=(), room=room_on(wish, facility, unit, near))
