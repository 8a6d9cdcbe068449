"""The quotas, as those who set them see them."""

from sqlalchemy import text

from services.facilities.domain import rights
from services.facilities.storage.repository import People

QUOTAS = text("SELECT q.quota AS code, q.* FROM quotas q ORDER BY q.active DESC, q.quota")


def quotas(connection, actor):
    """All quotas, for base management; what binds oneself is asked of booking. Raises NotAllowed."""
    person = People(connection).get(str(actor))
    rights.require_base(person)
    return {"items": [dict(row) for row in connection.execute(QUOTAS).mappings()]}
