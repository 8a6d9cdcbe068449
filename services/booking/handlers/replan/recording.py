"""Opening a re-plan for a command, and what is told of it."""

from collections.abc import Callable
from typing import Any

from services.booking.domain.replan.replan import Replan, may_see
from services.booking.domain.rights import Person, known
from services.contracts.commands import ReplanCommand
from services.contracts.errors import NotAllowed, NotFound, StaleVersion


def opened(
    message: ReplanCommand, uow: Any, allowed: Callable[[Person, Replan], bool], action: str,
) -> tuple[Replan, Person]:
    """The re-plan of a command, locked and still to be decided, and who asks.

    Raises NotFound (not there, or not to be seen), NotAllowed, StaleVersion, WrongState.
    """
    replan, person = uow.replans.locked(message.replan, message.actor)
    if replan is None or not may_see(known(person), replan):
        raise NotFound
    if not allowed(person, replan):
        raise NotAllowed
    if message.version != replan.version:
        raise StaleVersion(version=replan.version)
    replan.require_open(action)
    return replan, person


def answer_of(replan: Replan, **more: Any) -> dict[str, Any]:
    return {"id": replan.id, "state": str(replan.state), "version": replan.version, **more}


def note(uow: Any, replan: Replan, **told: Any) -> None:
    """For the audit trail: of what is only planned no fact tells."""
    uow.note(f"replan:{replan.id}", state=str(replan.state), version=replan.version, **told)
