"""How pages ask the services: always as the person who is signed in."""

from contextlib import suppress
from dataclasses import fields
from typing import Any
from uuid import uuid4

from flask import g, request

from services.contracts.commands import Command, SaveFacility
from services.contracts.commands.facilities import FacilityFields
from services.contracts.errors import Refusal
from services.portal.gateway import DEADLINE, gateway
from services.portal.pages.timeline import Window

SHORT_DEADLINE = 1.0
LONG_DEADLINE = 8.0
"""A file of some hundred entries takes seconds, for which nobody waits but who sent it."""


def identity() -> dict[str, Any]:
    """Who is signed in: person, name, roles, manages, teams."""
    return g.identity


def ask(service: str, query: str, /, deadline: float = DEADLINE, **arguments: Any) -> Any:
    """The answer of a service's query to the person who is signed in."""
    return gateway().call(service, query, {"actor": identity()["person"], **arguments}, deadline)


def send(kind: type[Command], /, deadline: float = DEADLINE, **fields: Any) -> dict[str, Any]:
    """Send a command as the person who is signed in, under the form's request key."""
    key = fields.pop("request_key", None) or request.form.get("request_key") or new_key()
    return gateway().send(kind(actor=identity()["person"], request_key=key, **fields), deadline).value


def new_key() -> str:
    """A request key for a form: sending the form twice changes things once."""
    return str(uuid4())


def decides() -> bool:
    """Whether the person has approvals to look at."""
    leads = any(team["role"] == "lead" for team in identity()["teams"])
    return manages() or leads or bool(identity().get("stands_in_for"))


def manages() -> bool:
    """Whether the person looks after something of the base."""
    return bool(set(identity()["roles"]) & {"facility_manager", "base_manager", "admin"})


def may_reserve() -> bool:
    """Whether there is a team for which the person may ask."""
    return bool(identity()["teams"]) or "admin" in identity()["roles"]


def waiting_approvals() -> int:
    """How many requests wait for the person; none when booking does not answer: the page goes on."""
    with suppress(Refusal):
        arguments = {"actor": identity()["person"]}
        return gateway().call("booking", "approvals_count", arguments, deadline=SHORT_DEADLINE)["count"]
    return 0


def waiting_plans() -> int:
    """How many re-plans wait for a manager's decision; none when booking does not answer: the page goes on."""
    if manages():
        with suppress(Refusal):
            arguments = {"actor": identity()["person"]}
            return gateway().call("booking", "replans_count", arguments, deadline=SHORT_DEADLINE)["count"]
    return 0


def waiting_rivals() -> int:
    """How many requests compete that the person may decide about; none when booking does not answer."""
    if manages():
        with suppress(Refusal):
            arguments = {"actor": identity()["person"]}
            return gateway().call("booking", "contention_count", arguments, deadline=SHORT_DEADLINE)["count"]
    return 0


def overrun_risk(facility: str) -> dict[str, Any] | None:
    """How runs of a facility keep to their ends, for its managers; nothing for others, or when it is not known."""
    if manages():
        with suppress(Refusal):
            return ask("booking", "overrun_risk", facility=facility)
    return None


def board(window: Window, facility: str | None = None) -> dict[str, Any]:
    """The facilities and who has them in a stretch of time."""
    starts_at, ends_at = window.starts_at.isoformat(), window.ends_at.isoformat()
    return ask("booking", "board", starts_at=starts_at, ends_at=ends_at, facility=facility)


def facilities() -> list[dict[str, Any]]:
    """All facilities, by kind and code, each with its ``code``."""
    order = ("line", "lab", "platform")
    items = [with_code(item) for item in ask("facilities", "facilities")["items"]]
    return sorted(items, key=lambda item: (order.index(item["kind"]), item["code"]))


def facility(code: str) -> dict[str, Any]:
    return with_code(ask("facilities", "facility", facility=code))


def change_facility(item: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Save a facility as it was read, but for ``changes``; a ``version`` among them is the one that the form was of."""
    kept = {each.name: item[each.name] for each in fields(FacilityFields)} | {"version": item["version"]}
    return send(SaveFacility, **kept | {"facility": item["code"]} | changes)


def with_code(item: dict[str, Any]) -> dict[str, Any]:
    return {**item, "code": item.get("code") or item["facility"]}
