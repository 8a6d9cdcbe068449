"""What booking answers about an import of reservations; merged into examples.py."""

from typing import Any

from tests.unit.portal.swap_examples import RESERVATION

STARTS, ENDS = "2026-12-01T00:00:00+00:00", "2026-12-01T02:00:00+00:00"
MADE = {
    "id": RESERVATION, "state": "approved", "version": 1, "facility": "LAB-3", "unit": "A", "starts_at": STARTS,
    "ends_at": ENDS, "team": "team-05", "decide_by": None, "awaits": None,
}


def a_row(number: int = 0, **more: Any) -> dict[str, Any]:
    """A verdict; without more it can be had."""
    fine: dict[str, Any] = {
        "row": number, "ok": not more, "errors": {}, "violations": [], "taken": False, "alternatives": []}
    return fine | {"reservation": None if more else PLACE} | more


PLACE = {name: MADE[name] for name in ("state", "facility", "unit", "starts_at", "ends_at")}
TAKEN = {"facility": "LAB-3", "unit": "A", "starts_at": STARTS, "ends_at": ENDS, "why": "later"}
ASKED = {
    "facility": "LAB-3", "starts_at": STARTS, "ends_at": ENDS, "team": "team-05", "requester": "lead05", "purpose": "p",
}
ANSWERS = {
    ("booking", "import_reservations"): {"items": [MADE]},
    ("booking", "check_import"): {"items": [
        a_row(), a_row(1, taken=True, alternatives=[TAKEN], errors={"unit": ["unknown_unit"]})]},
}
BODIES = {
    ("POST", "/api/v1/reservations/import"): {"reservations": [ASKED]},
    ("POST", "/api/v1/reservations/import/check"): {"reservations": [ASKED]},
}
