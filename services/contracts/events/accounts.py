"""What accounts tells."""

from dataclasses import dataclass
from typing import Any, ClassVar

from services.contracts.events.event import Event


@dataclass(frozen=True, kw_only=True)
class PersonChanged(Event):
    """Who a person is now. ``manages`` lists facility codes.

    away = {delegate, starts_at, ends_at}: while the person is on leave the delegate decides for them.
    """

    source: ClassVar[str] = "accounts"
    aggregate_type: ClassVar[str] = "person"
    is_snapshot: ClassVar[bool] = True

    person: str
    name: str
    email: str
    language: str
    active: bool
    roles: list[str]
    manages: list[str]
    away: dict[str, Any] | None = None


@dataclass(frozen=True, kw_only=True)
class TeamChanged(Event):
    """What a team is now: members = [{person, role}], projects = [{code, name, stage, priority, priority_reason}]."""

    source: ClassVar[str] = "accounts"
    aggregate_type: ClassVar[str] = "team"
    is_snapshot: ClassVar[bool] = True

    team: str
    name: str
    company: str
    company_name: str
    members: list[dict[str, Any]]
    projects: list[dict[str, Any]]
