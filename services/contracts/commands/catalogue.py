"""The whole catalogue at once, as data."""

from dataclasses import dataclass
from typing import Any

from services.contracts.commands.facilities import FacilitiesCommand


@dataclass(frozen=True, kw_only=True)
class ImportCatalogue(FacilitiesCommand):
    """Create and change what a file describes, all or nothing; what it does not name stays as it is.

    ``catalogue`` maps sections to lists of entries, each with the fields of its own command:
    sites (SaveSite), calendar (SaveCalendarYear), qualifications (SaveQualification),
    facilities (SaveFacility), quotas (SaveQuota).
    """

    catalogue: dict[str, Any]
