"""Who changed what of the catalogue, and when."""

from typing import Any

from sqlalchemy import text

from services.contracts.errors import NotFound
from services.contracts.messaging import audit

KINDS = ("facility", "site", "qualification", "quota", "holder", "interruption")
SEES = text("""
    SELECT roles && '{admin,base_manager}'
           OR (:kind = 'facility' AND 'facility_manager' = ANY(roles) AND :code = ANY(manages)) AS sees
      FROM people WHERE person = :actor AND active""")
NAMES = text("SELECT person, name FROM people WHERE person = ANY(:people)")


def changes(connection: Any, actor: str, kind: str, code: str) -> dict[str, Any]:
    """The entries of one thing, newest first. Raises NotFound, also for who may not see them."""
    asked = {"actor": str(actor), "kind": str(kind), "code": str(code)}
    if kind not in KINDS or not connection.execute(SEES, asked).scalar():
        raise NotFound
    entries = audit.changes(connection, f"{kind}:{code}")
    names = dict(connection.execute(NAMES, {"people": [entry["actor"] for entry in entries]}).all())
    return {"items": [entry | {"actor_name": names.get(entry["actor"])} for entry in entries]}
