"""Opening an ask for a command, and telling each side what came of it."""

from collections.abc import Iterable
from typing import Any

from services.booking.domain.reservation import Reservation
from services.booking.domain.rights import Person, known
from services.booking.domain.swapping import Ask
from services.contracts.commands import AskCommand
from services.contracts.errors import NotAllowed, NotFound, StaleVersion
from services.contracts.events import AskAnswered, HolderAsked


def opened(message: AskCommand, side: str, uow: Any) -> tuple[Ask, Person]:
    """The ask of a command, locked, and who acts; ``side`` is the one that may: asking or asked.

    Raises NotFound (not there, or neither side is one's own), NotAllowed, StaleVersion.
    """
    ask, person = uow.swaps.locked(message.ask, message.actor)
    if ask is None or not {ask.team, ask.holder_team} & known(person).teams:
        raise NotFound
    if (ask.team if side == "asking" else ask.holder_team) not in person.teams:
        raise NotAllowed
    if message.version not in (None, ask.version):
        raise StaleVersion(version=ask.version)
    return ask, person


def locked_in_order(reservations: Iterable[str], actor: str, uow: Any) -> dict[str, Reservation]:
    """Those that are there, by id, locked in the order of their ids."""
    found = (uow.reservations.locked(each, actor)[0] for each in sorted(set(reservations)))
    return {each.id: each for each in found if each is not None}


def wished(ask: Ask) -> dict[str, Any]:
    return {"wished_from": ask.wished.starts_at, "wished_until": ask.wished.ends_at} if ask.wished else {}


def tell_asked(ask: Ask, holder: Reservation, uow: Any) -> None:
    """To the side of the holder."""
    offered = ask.given.lasting(holder.span.length)._asdict() if ask.given else {}
    uow.record(HolderAsked(
        version=ask.version, ask=ask.id, kind=ask.kind, team=holder.team, requester=holder.requester,
        **ask.slot._asdict(), **wished(ask), reservation=holder.id, note=ask.note, expires_at=ask.expires_at,
        **{f"offered_{name}": value for name, value in offered.items()},
    ))


def tell_end(ask: Ask, uow: Any, reservation_state: str | None = None) -> None:
    """To the side that asked."""
    uow.record(AskAnswered(
        version=ask.version, ask=ask.id, kind=ask.kind, team=ask.team, requester=ask.requester,
        **ask.slot._asdict(), **wished(ask), state=str(ask.state), reason=ask.reason, reservation=ask.reservation,
        reservation_state=reservation_state,
    ))


def answer_of(ask: Ask, mine: dict[str, Any] | None = None) -> dict[str, Any]:
    """``mine`` is what became of the reservation of the one who acted."""
    return {
        "id": ask.id, "version": ask.version, "kind": ask.kind, "state": str(ask.state),
        "expires_at": ask.expires_at, "reservation": mine,
    }
