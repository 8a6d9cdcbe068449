"""What is kept of a decision among rivals with each of them. Nobody else is named: numbers and positions only."""

from collections.abc import Sequence
from typing import Any

from services.booking.domain.contention.drawing import Ticket
from services.booking.domain.contention.scoring import Score


def basis_of(
    by: str, order: Sequence[str], reservation: str, score: Score | None = None, ticket: Ticket | None = None,
    **more: Any,
) -> dict[str, Any]:
    """For history: who or what decided (``by`` manager, ranking, draw), the position among those who asked, and why.

    ``order`` are the ids of all of the group as they came in.
    """
    told: dict[str, Any] = {"by": by, "rank": list(order).index(reservation) + 1, "of": len(order)}
    if score:
        told |= sum_of(score)
    if ticket:
        told["draw"] = ticket.to_dict()
    return {"contention": told | {name: value for name, value in more.items() if value is not None}}


def sum_of(score: Score) -> dict[str, Any]:
    """One's own sum with its figures."""
    return {"total": score.total, "parts": [part.to_dict() for part in score.parts]}


def winner_of(rank: int, score: Score | None, ticket: Ticket | None) -> dict[str, Any]:
    """The sum of who came before, for who is told of it: the points alone, because figures would tell who it is."""
    told: dict[str, Any] = {"rank": rank}
    if score:
        parts = [{name: part.to_dict()[name] for name in ("part", "points", "of")} for part in score.parts]
        told |= {"total": score.total, "parts": parts}
    if ticket:
        told["draw"] = ticket.to_dict()
    return told
