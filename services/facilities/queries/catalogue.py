"""The catalogue as data, and what another one would change."""

from typing import Any

from services.contracts import schemas
from services.contracts.commands import ImportCatalogue
from services.facilities.domain import rights
from services.facilities.handlers.catalogue import export, import_catalogue
from services.facilities.storage.unit_of_work import FacilitiesUnitOfWork

NO_KEY = "rehearsal"


def catalogue(connection: Any, actor: str) -> dict[str, Any]:
    """Everything, in the form that an import reads. Raises NotAllowed."""
    uow = FacilitiesUnitOfWork(connection)
    rights.require_base(uow.person(str(actor)))
    return export(uow)


def compare_catalogue(connection: Any, now: Any, actor: str, catalogue: Any) -> dict[str, Any]:
    """What an import would change: it is done here, and undone with the connection, which nobody commits.

    Raises NotAllowed, and InvalidInput with everything that is wrong.
    """
    asked = {"actor": str(actor), "request_key": NO_KEY, "catalogue": catalogue}
    return import_catalogue(schemas.load(ImportCatalogue, asked), FacilitiesUnitOfWork(connection), now)
