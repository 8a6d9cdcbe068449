"""Rivals as those see them who decide: ranked, each with its sum; and draws as everybody may check them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from services.booking.domain.contention.drawing import fingerprint_of, is_drawn, weight_of
from services.booking.domain.contention.explaining import sum_of
from services.booking.domain.contention.rivals import Rival, decided_at, groups, settled, wanted_span, window_of
from services.booking.domain.contention.scoring import Score
from services.booking.domain.facility import Facility
from services.booking.domain.reservation import allowed_actions, is_possible
from services.booking.domain.rights import Person, capacity
from services.booking.domain.states import Action
from services.booking.domain.units import FITTING
from services.booking.handlers.contention.comparing import order_of_placing, rivals_of, scores
from services.booking.queries.arguments import asking, sight
from services.booking.queries.reservations import NAMED, WITH_NAMES, known_id
from services.booking.storage.unit_of_work import BookingUnitOfWork
from services.contracts.errors import NotFound

NAMES = f"SELECT {NAMED} FROM {WITH_NAMES} WHERE r.reservation = ANY(%(reservations)s::uuid[])"
DECIDES = "r.state = 'competing' AND (%(sees_all)s OR r.facility = ANY(%(managed)s::text[]))"
COUNT = f"""
    SELECT count(*) FROM reservations r JOIN contenders c ON c.reservation = r.reservation
     WHERE {DECIDES} AND c.draw IS NULL"""
DRAW = """
    SELECT d.draw::text AS draw, d.facility, d.fingerprint, d.made_at, d.seed,
           (SELECT count(*) FROM contenders c JOIN reservations r ON r.reservation = c.reservation
             WHERE c.draw = d.draw AND r.state = 'competing') AS undecided
      FROM draws d WHERE d.draw = %(draw)s"""
ENTRIES = "SELECT entry, weight, key, won FROM draw_entries WHERE draw = %(draw)s ORDER BY key DESC NULLS LAST, entry"


def contention(connection: Any, now: datetime, actor: str) -> dict[str, Any]:
    """The groups of rivals on facilities where the actor decides, the first to be decided first.

    ``gets_room`` says who would get the time were the ranking followed. Raises NotAllowed.
    """
    person = asking(connection, actor)
    uow = BookingUnitOfWork(connection)
    codes = [code for code in uow.contention.places() if capacity(person, code) is not None]
    found = []
    for facility in uow.copies.facilities(codes):
        rivals = rivals_of(facility, uow, locking=False)
        named = names_of([each.id for each in rivals], connection)
        found += [shown(group, facility, named, person, uow, now) for group in groups(rivals, facility)]
    return {"items": sorted(found, key=lambda each: (each["decided_at"], each["facility"]))}


def contention_count(connection: Any, actor: str) -> dict[str, int]:
    """How many requests compete that the actor might decide about."""
    return {"count": connection.exec_driver_sql(COUNT, sight(asking(connection, actor))).scalar_one()}


def names_of(reservations: Iterable[str], connection: Any) -> dict[str, Mapping[str, Any]]:
    rows = connection.exec_driver_sql(NAMES, {"reservations": list(reservations)})
    return {row.id: row._mapping for row in rows}


def shown(
    group: Sequence[Rival], facility: Facility, named: Mapping[str, Mapping[str, Any]], person: Person, uow: Any,
    now: datetime,
) -> dict[str, Any]:
    drawn = is_drawn(group)
    found = scores(group, facility, uow, now)
    rooms = rooms_by_rank(found, facility, uow)
    is_own = any(each.reservation.team in person.teams for each in group)
    first = named[group[0].id]
    seeds = uow.contention.seeds({each.draw for each in group if each.draw})
    return {
        "facility": facility.code, "facility_names": first["facility_names"],
        "allocation": "draw" if drawn else "manager", "decided_at": decided_at(group), **wanted_span(group)._asdict(),
        "rivals": len(group) - 1, "contended": not all(rooms.values()), "own_team": is_own,
        "fingerprints": sorted(fingerprint_of(seed) for seed in seeds.values()),
        "items": [
            rival_shown(score, rank, named[score.rival.id], drawn, rooms[score.rival.id]) | {
                "allowed_actions": actions(person, score.rival, drawn or is_own, now),
            } for rank, score in enumerate(found, 1)
        ],
    }


def actions(person: Person, rival: Rival, is_barred: bool, now: datetime) -> list[str]:
    """What the actor may do with one of them."""
    found = allowed_actions(person, rival.reservation, now)
    may_allocate = not is_barred and may_take_part(person, rival) and is_possible(
        rival.reservation, Action.ALLOCATE, now)
    return [*found, "allocate"] if may_allocate else found


def may_take_part(person: Person, rival: Rival) -> bool:
    """Nobody gives time to what they have asked for themselves."""
    return rival.reservation.requester not in (person.person, *(each.person for each in person.absent))


def rooms_by_rank(found: Sequence[Score], facility: Facility, uow: Any) -> dict[str, bool]:
    order = [score.rival for score in found]
    window = window_of(order, facility).widened(FITTING, FITTING)
    claims = uow.reservations.claims([facility.code], window)
    placed = settled(order_of_placing(order, facility, uow), facility, claims)
    return {reservation: room is not None for reservation, room in placed.items()}


def rival_shown(
    score: Score, rank: int, named: Mapping[str, Any], drawn: bool, has_room: bool,
) -> dict[str, Any]:
    """One of them with names, for who decides. In a draw there is no rank, but a weight."""
    rival, reservation = score.rival, score.rival.reservation
    told = {
        "id": reservation.id, "version": reservation.version, "state": str(reservation.state),
        "unit": rival.unit, **reservation.span._asdict(), "team": reservation.team, "team_name": named["team_name"],
        "project": reservation.project, "project_name": named["project_name"], "purpose": reservation.purpose,
        "requester": reservation.requester, "requester_name": named["requester_name"],
        "needed_by": rival.needed_by, "since": rival.since, "entry": rival.entry,
    }
    if drawn:
        return told | {"rank": None, "gets_room": None, "weight": weight_of(score.share), "total": None, "parts": []}
    return told | {"rank": rank, "gets_room": has_room, "weight": None, **sum_of(score)}


def draw(connection: Any, actor: str, draw: str) -> dict[str, Any]:
    """A draw for everybody who is signed in: entries are numbers, and the seed is told when all are decided.

    Raises NotFound, NotAllowed.
    """
    asking(connection, actor)
    row = connection.exec_driver_sql(DRAW, {"draw": known_id(draw)}).first()
    if row is None:
        raise NotFound
    is_open = row.undecided > 0
    entries = connection.exec_driver_sql(ENTRIES, {"draw": row.draw}).all()
    return {
        "draw": row.draw, "facility": row.facility, "fingerprint": row.fingerprint, "made_at": row.made_at,
        "open": is_open, "seed": None if is_open else row.seed,
        "entries": [dict(each._mapping) for each in sorted(entries, key=lambda each: each.entry)] if is_open
        else [dict(each._mapping) for each in entries],
    }
