"""A priority case: the place that it takes, and who stands in its way."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from services.booking.domain.facility import Facility
from services.booking.domain.held import Held
from services.booking.domain.replan.plan import Place, place_in
from services.booking.domain.reservation import Reservation
from services.booking.domain.run import Run
from services.booking.domain.units import obstacles, possible_units, room_on
from services.booking.domain.wish import Wish


def wanted_place(cause: Mapping[str, Any]) -> Place:
    return place_in(cause)


def wanted_run(cause: Mapping[str, Any]) -> Run:
    return Run(**cause.get("run") or {})


def wanted_claims(cause: Mapping[str, Any], facility: Facility) -> tuple[tuple[str, str], Sequence[Held]]:
    """The unit, and what it will hold there when nobody else is in the way."""
    place = wanted_place(cause)
    wish = Wish(span=place.span, run=wanted_run(cause))
    return place[:2], room_on(wish, facility, place.unit, {}).claims


def stands_in_the_way(reservation: Reservation, facility: Facility, cause: Mapping[str, Any]) -> bool:
    """Whether a reservation has to go so that the case has its place; buffers and changeovers count."""
    place = wanted_place(cause)
    if reservation.id == cause.get("reservation") or (reservation.facility, reservation.unit) != place[:2]:
        return False
    return is_beside(reservation, facility, place, wanted_run(cause))


def is_beside(reservation: Reservation, facility: Facility, place: Place, run: Run) -> bool:
    there = Wish(span=reservation.span, run=reservation.run)
    claims = {place[:2]: room_on(there, facility, place.unit, {}).claims}
    wish = Wish(span=place.span, run=run)
    period = facility.period(wish.whole)
    if facility.sharing:  # in company that does not go together it would have to go anyhow
        return facility.period(reservation.whole).overlaps(period)
    return any(span.overlaps(period) for span in obstacles(wish, facility, place.unit, claims))


def units_for(
    wish: Wish, facility: Facility, standing: Iterable[Reservation], spared: str | None,
) -> list[tuple[str, list[Reservation]]]:
    """The units that the case may have, with those who would have to go; the fewest first."""
    standing, found = list(standing), []
    for order, unit in enumerate(possible_units(wish, facility)):
        place = Place(facility.code, unit, wish.span)
        hit = [
            each for each in standing
            if each.unit == unit and each.id != spared and is_beside(each, facility, place, wish.run)
        ]
        found.append((len(hit), order, unit, hit))
    return [(unit, hit) for _, _, unit, hit in sorted(found, key=lambda each: each[:2])]
