"""A team as booking knows it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Team:
    """``projects`` are by code: {name, stage, priority, priority_reason}, as far as they have been told."""

    team: str
    company: str = ""
    projects: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def priority(self, project: str | None) -> str:
        """The class of a project; work without one, or of one that is not known, is ``normal``."""
        return self.projects.get(project or "", {}).get("priority", "normal")
