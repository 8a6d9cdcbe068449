"""A team with its members and projects, as a value."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from services.contracts.events import TeamChanged


@dataclass(frozen=True, kw_only=True)
class Project:
    """A product technology that a team matures, how far it has come, and in which class it is and why."""

    name: str
    stage: str = "prototype"
    priority: str = "normal"
    priority_reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Team:
    """A team of a company. Version 0 is not stored yet.

    ``members`` maps sign-in names to roles, ``projects`` codes to projects.
    """

    team: str
    name: str = ""
    company: str = ""
    company_name: str = ""
    members: Mapping[str, str] = field(default_factory=dict)
    projects: Mapping[str, Project] = field(default_factory=dict)
    version: int = 0

    def revised(self, **fields: Any) -> "Team":
        """The next version with other fields; the same one when nothing differs."""
        changed = replace(self, **fields)
        return self if changed == self else replace(changed, version=self.version + 1)

    def with_member(self, person: str, role: str | None) -> "Team":
        """The team in which the person has the role; no role: is not in it."""
        others = {member: kept for member, kept in self.members.items() if member != person}
        return self.revised(members=others | ({person: role} if role else {}))

    def with_project(self, code: str, project: Project) -> "Team":
        return self.revised(projects={**self.projects, code: project})

    def fact(self) -> TeamChanged:
        return TeamChanged(
            version=self.version,
            team=self.team,
            name=self.name,
            company=self.company,
            company_name=self.company_name,
            members=[{"person": person, "role": role} for person, role in sorted(self.members.items())],
            projects=[{"code": code, **vars(project)} for code, project in sorted(self.projects.items())],
        )
