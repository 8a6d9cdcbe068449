"""What a request says of itself in a form: who comes, who runs it, the answers, and why a rule should not count."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from services.contracts.errors import Refusal
from services.portal.pages import backend
from services.portal.pages.numbers import whole

ANSWER = "answer."
"""How the name of a question's field begins."""

LONGEST = 20_000
FORM_RULES = frozenset({"answer_missing", "family_missing"})
"""What is still to be filled in is no news while the time is being chosen."""


@dataclass(frozen=True)
class Said:
    """As typed; ``answers`` by the code of their question."""

    people: str = ""
    operator: str = ""
    exception: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)

    @property
    def number(self) -> int:
        """How many come; what is no number is refused by booking."""
        return whole(self.people) if self.people else 1

    def given(self, facility: Mapping[str, Any]) -> dict[str, Any]:
        """The fields of a command, with the answers that the facility asks for."""
        asked = {question["code"] for question in facility["questions"]}
        answers = {code: text for code, text in self.answers.items() if code in asked and text}
        return {"people": self.number, "operator": self.operator or None, "answers": answers}


def said(form: Mapping[str, str]) -> Said:
    """What was typed, cut to a length that no honest field passes."""

    def text(name: str) -> str:
        return form.get(name, "").replace("\r\n", "\n").strip()[:LONGEST]

    answers = {name.removeprefix(ANSWER): text(name) for name in form if name.startswith(ANSWER)}
    return Said(text("people"), text("operator"), text("exception"), answers)


def said_of(reservation: Mapping[str, Any]) -> Said:
    """What a reservation says already."""
    run = reservation.get("run") or {}
    return Said(str(run.get("people", 1)), run.get("operator") or "", "", run.get("answers") or {})


def members(team: str) -> list[dict[str, Any]]:
    """Who might run it; nobody for a team that the person does not see."""
    with suppress(Refusal):
        return [each for each in backend.ask("accounts", "team", team=team)["members"] if each.get("active", True)]
    return []


def excused_by(violations: list[Mapping[str, Any]]) -> str | None:
    """Who may excuse from all of these rules: the manager, else base management, else nobody."""
    if not violations or not all(each.get("waivable_by") for each in violations):
        return None
    return "manager" if all("facility_manager" in each["waivable_by"] for each in violations) else "base"


def without_form_rules(check: dict[str, Any]) -> dict[str, Any]:
    """A check of the time alone."""
    left = [each for each in check.get("violations", ()) if each["rule"] not in FORM_RULES]
    fine = not left and not check.get("taken") and bool(check.get("unit"))
    return check | {"violations": left, "ok": check["ok"] or fine}
