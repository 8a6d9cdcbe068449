"""Facilities, people and reservations, named for their situation. The base in small:

    LAB-1    4 chambers, day and night, runs up to 1,000 hours, a manager decides
    LAB-3    1 chamber, weekdays 8 to 20, set-up and clear-down 30 minutes, a manager decides
    LAB-4    the same as LAB-3, its equivalent
    PLAT-05  2 stations, every day 8 to 22, approves by itself, chooses the unit itself
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from services.booking.domain.spans import Span
from services.contracts import commands
from services.contracts.events import (
    FacilityChanged,
    HolderChanged,
    PersonChanged,
    QualificationChanged,
    TeamChanged,
)

NOW = datetime(2026, 11, 23, 1, tzinfo=UTC)
"""A Monday, nine o'clock on the base."""

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
LONG_AGO, LONG_AHEAD = datetime(2020, 1, 1, tzinfo=UTC), datetime(2090, 1, 1, tzinfo=UTC)
ALL_DAY = [[0, 1440]]
OFFICE = [[480, 1200]]


def at(day: int, hour: float) -> datetime:
    """A local time: so many days after NOW's day."""
    return NOW.replace(hour=0) - timedelta(hours=8) + timedelta(days=day, hours=hour)


def on(day: int, starts: float, ends: float) -> Span:
    """A local stretch; more than 24 hours runs into the next days."""
    return Span(at(day, starts), at(day, ends))


def facility_changed(code: str = "LAB-3", version: int = 1, units: str = "A", **changes) -> FacilityChanged:
    return FacilityChanged(**{
        "version": version, "facility": code, "kind": "lab", "names": {"zh-Hans": code, "en": code}, "descriptions": {},
        "units": [{"code": unit, "names": {"zh-Hans": unit, "en": unit}} for unit in units],
        "opening_hours": [OFFICE] * 5 + [[]] * 2, "granularity_minutes": 30, "shortest_minutes": 60,
        "longest_minutes": 480,
        "notice_minutes": 0, "horizon_days": 90, "setup_minutes": 30, "cleardown_minutes": 30, "approval": "manager",
        "decision_hours": 24, "unit_choice": True, "equivalents": [], "location": "", "active": True, **changes,
    })


def lab_1(**changes) -> FacilityChanged:
    return facility_changed("LAB-1", **{
        "units": "ABCD", "opening_hours": [ALL_DAY] * 7, "granularity_minutes": 60, "longest_minutes": 60_000,
        "setup_minutes": 0, "cleardown_minutes": 60, **changes,
    })


def lab_3(**changes) -> FacilityChanged:
    return facility_changed("LAB-3", **{"equivalents": ["LAB-4"], **changes})


def plat_05(**changes) -> FacilityChanged:
    return facility_changed("PLAT-05", **{
        "kind": "platform", "units": "AB", "opening_hours": [[[480, 1320]]] * 7, "setup_minutes": 0,
        "cleardown_minutes": 0, "approval": "automatic", "unit_choice": False, **changes,
    })


def person(code: str, *roles: str, manages: tuple[str, ...] = (), version=1, active=True, away=None) -> PersonChanged:
    return PersonChanged(
        version=version, person=code, name=code.title(), email=f"{code}@example.com", language="en", active=active,
        roles=list(roles), manages=list(manages), away=away,
    )


def away(delegate: str, starts_at: datetime = LONG_AGO, ends_at: datetime = LONG_AHEAD) -> dict[str, Any]:
    """On leave by the wall clock, which is not the clock of the examples."""
    return {"delegate": delegate, "starts_at": starts_at.isoformat(), "ends_at": ends_at.isoformat()}


def team(code: str, *members: str, version: int = 1, lead: str = "", company: str = "C1") -> TeamChanged:
    return TeamChanged(
        version=version, team=code, name=f"Team {code}", company=company, company_name="Company",
        members=[{"person": member, "role": "lead" if member == lead else "member"} for member in members],
        projects=[{"code": f"{code}-p", "name": "Probe card"}],
    )


def qualification(code: str, version: int = 1) -> QualificationChanged:
    names = dict.fromkeys(("zh-Hans", "en"), f"{code} {version}")
    return QualificationChanged(version=version, qualification=code, names=names, active=True)


def holder(person: str, version: int = 1, **until) -> HolderChanged:
    grants = [{"qualification": code, "until": moment.isoformat()} for code, moment in until.items()]
    return HolderChanged(version=version, holder=person, grants=grants)


LABS = ("LAB-1", "LAB-3", "LAB-4")
BASE = (
    lab_1(), lab_3(), facility_changed("LAB-4"), plat_05(),
    *(person(code) for code in ("ann", "bob", "cyd")),
    person("mia", "facility_manager", manages=LABS), person("max", "facility_manager", manages=("PLAT-05",)),
    person("bea", "base_manager"), person("ada", "admin"), person("ian", active=False),
    team("red", "ann", "bob"), team("blue", "cyd", "mia", "ian"),
)
"""Ann and Bob are red, Cyd blue. Mia manages the labs and is blue herself; Max manages PLAT-05."""

keys = iter(range(10**9))


def command(kind, actor, /, **fields):
    return kind(actor=actor, request_key=f"key-{next(keys)}", **fields)


def request(actor="ann", span=None, facility="LAB-3", **fields) -> commands.RequestReservation:
    span = span or on(1, 10, 12)
    team = "blue" if actor in ("cyd", "mia") else "red"
    wanted = {"facility": facility, "team": team, "purpose": "85 ℃", **span._asdict()}
    return command(commands.RequestReservation, actor, **wanted | fields)


def series(actor="ann", facility="LAB-3", rule="FREQ=DAILY;COUNT=4", **fields) -> commands.RequestSeries:
    """Ten to twelve from tomorrow on, a Tuesday."""
    team = "blue" if actor in ("cyd", "mia") else "red"
    wanted = {"facility": facility, "rule": rule, "team": team, "purpose": "85 ℃", **on(1, 10, 12)._asdict()}
    return command(commands.RequestSeries, actor, **wanted | fields)
