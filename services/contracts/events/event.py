"""A fact about one version of one thing."""

from dataclasses import dataclass
from typing import ClassVar

from services.contracts.values import Version


@dataclass(frozen=True, kw_only=True)
class Event:
    """A fact about one version of one thing."""

    source: ClassVar[str] = ""
    aggregate_type: ClassVar[str] = ""
    schema_version: ClassVar[int] = 1
    is_snapshot: ClassVar[bool] = False

    version: Version

    @property
    def aggregate_id(self) -> str:
        return str(getattr(self, self.aggregate_type))
