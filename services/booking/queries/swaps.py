"""Asks between teams, each from one's own side; of the other nothing is told but the time that it is about."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Any

from services.booking.domain.alternatives import REACHES, alternatives, search_window
from services.booking.domain.judging import Wanted, stand
from services.booking.domain.rights import Person
from services.booking.domain.spans import Span
from services.booking.domain.states import State
from services.booking.domain.swapping import Ask, AskState, Place, beside, exchanged
from services.booking.domain.units import FITTING
from services.booking.handlers.placing import with_others
from services.booking.handlers.swaps.exchanging import give_way_sides, going, with_entitlements
from services.booking.queries.arguments import asking, load
from services.booking.queries.reservations import known_id
from services.booking.storage.rows import RESERVATION, reservation_of
from services.booking.storage.swaps import ASK, ask_of
from services.booking.storage.unit_of_work import BookingUnitOfWork
from services.contracts.errors import NotFound
from services.contracts.values import OneOf, Text

MOST_TOLD = 100
ASKED_AND_OPEN = "a.state = 'asked' AND a.expires_at > %(now)s AND a.holder_team = ANY(%(teams)s::text[])"
SOME = f"""
    SELECT {ASK}, mine.name AS team_name, theirs.name AS holder_team_name
      FROM asks a LEFT JOIN teams mine ON mine.team = a.team LEFT JOIN teams theirs ON theirs.team = a.holder_team
     WHERE (a.team = ANY(%(teams)s::text[]) OR a.holder_team = ANY(%(teams)s::text[]))
       AND (%(ask)s::uuid IS NULL OR a.ask = %(ask)s)
       AND (%(reservation)s::uuid IS NULL OR %(reservation)s IN (a.holder, a.reservation))
       AND (%(state)s = 'all' OR (a.state = 'asked' AND a.expires_at > %(now)s) = (%(state)s = 'open'))
     ORDER BY a.state = 'asked' DESC, a.asked_at DESC, a.ask LIMIT {MOST_TOLD}"""
COUNT = f"SELECT count(*) FROM asks a WHERE {ASKED_AND_OPEN}"
HOLDER = f"SELECT {RESERVATION} FROM reservations r WHERE r.reservation = %(reservation)s"


@dataclass(frozen=True, kw_only=True)
class Asks:
    """``reservation`` is an own one that asks are about."""

    state: Annotated[str, OneOf(("open", "ended", "all"))] = "all"
    reservation: Annotated[str, Text(40)] | None = None


def asks(connection: Any, now: datetime, actor: str, **filters: Any) -> dict[str, Any]:
    """What one's teams ask and are asked, open ones first. Raises InvalidInput, NotAllowed."""
    given = load(Asks, **filters)
    person = asking(connection, actor)
    reservation = known_id(given.reservation) if given.reservation else None
    rows = found(connection, person, now, state=given.state, reservation=reservation)
    sides = [(row, side) for row in rows for side in sides_of(row, person)]
    if reservation:
        sides = [(row, side) for row, side in sides if reservation == (row.reservation, row.holder)[side == "asked"]]
    return {"items": [told(row, side, now) for row, side in sides]}


def ask(connection: Any, now: datetime, actor: str, ask: str) -> dict[str, Any]:
    """One; whoever is asked to give way is told where else the reservation could go. Raises NotFound, NotAllowed."""
    person = asking(connection, actor)
    row = next(iter(found(connection, person, now, ask=known_id(ask))), None)
    if row is None:
        raise NotFound
    side = sides_of(row, person)[-1]
    shown = told(row, side, now)
    is_to_choose = side == "asked" and row.kind == "give_way" and "accept" in shown["allowed_actions"]
    ways = ways_of_holder(ask_of(row), BookingUnitOfWork(connection), connection, now) if is_to_choose else []
    return shown | {"alternatives": ways}


def asks_count(connection: Any, now: datetime, actor: str) -> dict[str, int]:
    """How many wait for an answer of one's teams."""
    values = {"teams": list(asking(connection, actor).teams), "now": now}
    return {"count": connection.exec_driver_sql(COUNT, values).scalar_one()}


def found(connection: Any, person: Person, now: datetime, **wanted: Any) -> list[Any]:
    values = {"ask": None, "reservation": None, "state": "all", **wanted}
    return connection.exec_driver_sql(SOME, values | {"teams": list(person.teams), "now": now}).all()


def sides_of(row: Any, person: Person) -> list[str]:
    """On which sides a person is; the one that has to answer is last."""
    teams = {"asking": row.team, "asked": row.holder_team}
    return [side for side, team in teams.items() if team in person.teams]


def told(row: Any, side: str, now: datetime) -> dict[str, Any]:
    """An ask as one side may know it. ``before`` and ``after`` are of its own reservation."""
    kept, is_asking = ask_of(row), side == "asking"
    is_open = kept.state is AskState.ASKED and kept.expires_at > now
    before, after = own_places(kept, is_asking)
    return {
        "id": kept.id, "version": kept.version, "kind": kept.kind, "side": side, "note": kept.note,
        "state": str(AskState.LAPSED if kept.state is AskState.ASKED and not is_open else kept.state),
        "asked_at": kept.asked_at, "expires_at": kept.expires_at, "reason": kept.reason,
        "team": kept.team if is_asking else kept.holder_team,
        "team_name": row.team_name if is_asking else row.holder_team_name,
        "requester": kept.requester if is_asking else None,
        "reservation": kept.reservation if is_asking else kept.holder,
        "before": plain(before), "after": plain(after), "slot": plain(kept.slot),
        "wished_from": kept.wished.starts_at if kept.wished else None,
        "wished_until": kept.wished.ends_at if kept.wished else None,
        "allowed_actions": (["withdraw"] if is_asking else ["accept", "decline"]) if is_open else [],
    }


def own_places(ask: Ask, is_asking: bool) -> tuple[Place | None, Place | None]:
    """Where one side's reservation was when it was asked, and where it would be."""
    if not ask.is_swap:
        wished = Place(ask.slot.facility, ask.slot.unit, *ask.wished)
        return (None, wished) if is_asking else (ask.slot, None)
    mine, theirs = (ask.given, ask.slot) if is_asking else (ask.slot, ask.given)
    return mine, theirs.lasting(mine.span.length)


def plain(place: Place | None) -> Mapping[str, Any] | None:
    return place and place._asdict()


def ways_of_holder(ask: Ask, uow: BookingUnitOfWork, connection: Any, now: datetime) -> list[dict[str, Any]]:
    """The nearest places for a holder who gives way, beside what is asked for; each would be granted."""
    row = connection.exec_driver_sql(HOLDER, {"reservation": ask.holder}).first()
    holder = reservation_of(row)
    if holder.state is not State.APPROVED:
        return []
    (wanted,) = give_way_sides(ask, holder, None, uow)
    (verdict,) = exchanged([wanted], near(wanted, holder.id, uow), now)
    staying = with_entitlements(going(holder, ask.slot, uow), uow, now, [holder.id])
    facility = staying.facility
    others = [each for each in uow.copies.facilities(facility.equivalents) if each.code != facility.code]
    window = search_window(holder.span, facility, now, REACHES[0])
    wish = with_others(staying.wish, [facility, *others], uow, window, [holder.id])
    staying = beside(replace(staying, wish=wish), [verdict])
    codes = [facility.code, *(each.code for each in others)]
    standing = dict(uow.reservations.claims(codes, window.widened(FITTING, FITTING), [holder.id]))
    if verdict.is_fine:
        stand(standing, verdict)
    found = alternatives(staying.wish, facility, others, standing, window, now)
    return [each.to_dict() for each in found]


def near(wanted: Wanted, without: str, uow: BookingUnitOfWork) -> Any:
    window: Span = wanted.facility.period(wanted.wish.whole).widened(FITTING, FITTING)
    return uow.reservations.claims([wanted.facility.code], window, [without])
