"""Rivals in memory: two of other teams for LAB-3, and a reservation of one's own that competes or lost."""

from typing import Any

from services.contracts.errors import InvalidInput, NotFound
from tests.unit.portal import contention_examples as examples

NAMES = ("contention", "contention_count", "explanation", "draw", "allocate_reservation")


class FakeContention:
    """Mixed into the base. ``explained`` is what booking answers about any reservation, ``groups`` who competes."""

    groups: list[dict[str, Any]] | None = None
    explained: dict[str, Any] | None = None
    drawn: dict[str, Any] | None = None

    def contention(self, actor: str) -> dict[str, Any]:
        return {"items": self.groups or []}

    def contention_count(self, actor: str) -> dict[str, int]:
        return {"count": sum(len(group["items"]) for group in self.groups or [])}

    def explanation(self, actor: str, reservation: str) -> dict[str, Any]:
        return self.explained or {"reservation": reservation, "state": "approved", "competing": None, "decisions": []}

    def draw(self, actor: str, draw: str) -> dict[str, Any]:
        if draw != examples.DRAW:
            raise NotFound
        return self.drawn or examples.a_draw()

    def allocate_reservation(self, actor: str, **fields: Any) -> dict[str, Any]:
        if not fields.get("reason"):
            raise InvalidInput(errors={"reason": ["required"]})
        self.groups = []
        return examples.ANSWERS["booking", "allocate_reservation"]
