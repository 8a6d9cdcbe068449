"""One series with its members, and what asking for dates or moving them would come to."""

from datetime import date, datetime
from typing import Any

from services.booking.domain.reservation import Reservation, allowed_actions
from services.booking.domain.rights import Person, known, may_request_for, sees
from services.booking.domain.series import Series
from services.booking.domain.states import SHOWN
from services.booking.handlers.judging import looked_at
from services.booking.handlers.placing import check_place, check_times, refuse
from services.booking.handlers.requesting import wrong_asker
from services.booking.handlers.series.moving import planned
from services.booking.handlers.series.planning import explained, known_places, loaded, places_of, wanted
from services.booking.handlers.series.recording import is_seen, is_to_come
from services.booking.handlers.series.requesting import drafted, wrong_times
from services.booking.queries.arguments import SeriesAsked, SeriesChange, asking, load
from services.booking.queries.reservations import NAMED, WITH_NAMES, known_id, plain
from services.booking.storage.rows import reservation_of
from services.booking.storage.series import SERIES, series_of
from services.booking.storage.unit_of_work import BookingUnitOfWork
from services.contracts.errors import NotFound

ONE = f"""
    SELECT {SERIES}, t.name AS team_name, q.name AS requester_name,
           (SELECT each.value ->> 'name' FROM jsonb_array_elements(t.projects) AS each
             WHERE each.value ->> 'code' = s.project) AS project_name
      FROM series s LEFT JOIN teams t ON t.team = s.team LEFT JOIN persons q ON q.person = s.requester
     WHERE s.series = %(series)s"""
MEMBERS = f"""
    SELECT {NAMED} FROM {WITH_NAMES} WHERE r.series = %(series)s ORDER BY r.series_date, r.starts_at, r.reservation"""


def series(connection: Any, now: datetime, actor: str, series: str) -> dict[str, Any]:
    """One with its members by date, the dates that have none, and what the actor may do with it.

    Raises NotFound, NotAllowed.
    """
    person = asking(connection, actor)
    row, rows, members = found(connection, known_id(series), person)
    kept = series_of(row)
    shown = {name: row._mapping[name] for name in SHOWN_FIELDS}
    return shown | {
        "rule": str(kept.rule), "zone": kept.zone.key, "first_date": kept.first_date.isoformat(),
        "facility": kept.pattern.facility, "unit": kept.pattern.unit, "clock": f"{kept.pattern.clock:%H:%M}",
        "length_minutes": kept.pattern.length_minutes, "days_later": kept.pattern.days_later,
        "mine": kept.team in person.teams, "allowed_actions": allowed(person, kept, members, now),
        "members": [
            plain(each, person) | {"allowed_actions": allowed_actions(person, member, now)}
            for each, member in zip(rows, members, strict=True) if sees(person, each.team, each.facility)
        ],
        "open_dates": open_dates(kept, members, now),
    }


SHOWN_FIELDS = ("id", "version", "team", "team_name", "project", "project_name", "purpose", "requester",
                "requester_name")


def found(connection: Any, series: str, person: Person) -> tuple[Any, list[Any], list[Reservation]]:
    """A series' row, those of its members, and the members. Raises NotFound."""
    row = connection.exec_driver_sql(ONE, {"series": series}).first()
    rows = connection.exec_driver_sql(MEMBERS, {"series": series}).all()
    members = [reservation_of(each) for each in rows]
    if row is None or not is_seen(person, series_of(row), members):
        raise NotFound
    return row, rows, members


def open_dates(series: Series, members: list[Reservation], now: datetime) -> list[dict[str, Any]]:
    """The dates to come that have no member; ``skipped`` are those that were left out on purpose."""
    living = {each.series_date for each in members if each.state in SHOWN}
    spans = {day: series.span_on(day) for day in series.dates() if day not in living}
    return [
        {"date": day.isoformat(), **span._asdict(), "skipped": day in series.skipped}
        for day, span in spans.items() if span.starts_at > now
    ]


def allowed(person: Person, series: Series, members: list[Reservation], now: datetime) -> list[str]:
    """What a person may do with the series as a whole."""
    possible = {
        action for each in members if is_to_come(each, now) for action in allowed_actions(person, each, now)
    }
    actions = [action for action in ("approve", "reject", "move") if action in possible]
    actions += ["cancel"] if possible & {"cancel", "withdraw"} else []
    return actions + (["add"] if may_request_for(person, series.team) else [])


def check_series(connection: Any, now: datetime, actor: str, **asked: Any) -> dict[str, Any]:
    """What each date of a rule would come to, with other times for those that cannot be had.

    Nothing is changed or locked. Raises InvalidInput, NotAllowed.
    """
    given = load(SeriesAsked, **asked)
    uow = BookingUnitOfWork(connection)
    who = uow.copies.asking(str(actor), given.team, given.facility, given.operator)
    person = known(who.person)
    errors = check_times(given.starts_at, given.ends_at) | check_place(given.unit, who.facility)
    choices = loaded(given.choices)
    refuse(errors | wrong_asker(given, person, who) | wrong_times(given))
    draft = drafted(given, who.facility, given.team or "", person.person)
    facilities = places_of(draft, choices, uow)
    refuse(known_places(facilities, choices, set(draft.dates()), ("take", "skip")))
    verdicts = looked_at(wanted(draft, draft.dates(), choices, facilities, who.party(given.project)), uow, now)
    return {"rule": str(draft.rule), "zone": draft.zone.key, "dates": explained(verdicts, uow, now)}


def check_series_move(connection: Any, now: datetime, actor: str, **asked: Any) -> dict[str, Any]:
    """The same for moving members of a series. Raises InvalidInput, NotFound, NotAllowed."""
    given = load(SeriesChange, **asked)
    person = asking(connection, actor)
    row, _rows, members = found(connection, known_id(given.series), person)
    uow = BookingUnitOfWork(connection)
    changed, scope, moves = planned(given, series_of(row), members, person, uow, now)
    moving = [each.reservation for each in moves]
    former = {each.series_date: each for each in scope}
    verdicts = explained(looked_at(moves, uow, now, moving), uow, now, moving) if moves else []
    return {
        "rule": str(changed.rule), "zone": changed.zone.key,
        "dates": [each | {"former": placed(former[date.fromisoformat(each["date"])])} for each in verdicts],
    }


def placed(member: Reservation) -> dict[str, Any]:
    return {"facility": member.facility, "unit": member.unit, **member.span._asdict()}
