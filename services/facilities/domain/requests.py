"""What a request has to say, and who agrees to it: a facility's questions and stages of approval."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Annotated, Any

from services.contracts.values import Between, Code, Name, OneOf
from services.facilities.domain.facility import Facility
from services.facilities.domain.languages import wrong_in_languages

STAGES = ("lead", "manager", "base")
"""In the order in which they are asked."""

YES_OR_NO = ("yes", "no")
MOST_QUESTIONS = 20
MOST_CHOICES = 30


@dataclass(frozen=True, kw_only=True)
class Question:
    """What a request has to answer. ``names`` hold its words per language.

    ``hazard`` lists the answers that name a hazard: codes of ``choices``, or yes and no.
    """

    code: Code
    names: dict[str, Name]
    kind: Annotated[str, OneOf(("text", "number", "choice", "yes_no"))]
    choices: list[dict[str, Any]] = field(default_factory=list)
    required: bool = False
    hazard: list[Code] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One of the answers to choose from."""

    code: Code
    names: dict[str, Name]


@dataclass(frozen=True, kw_only=True)
class Stage:
    """Who has to agree: always, or only above a length or where an answer names a hazard."""

    by: Annotated[str, OneOf(STAGES)]
    above_minutes: Annotated[int, Between(0, 527040)] = 0
    on_hazard: bool = False


def wrong_in_questions(questions: list[dict[str, Any]]) -> dict[str, list[str]]:
    """What is wrong with well-formed questions; words: too_many, duplicate, unknown_language, required, ..."""
    wrong = {} if len(questions) <= MOST_QUESTIONS else {"questions": ["too_many"]}
    for number, question in enumerate(questions):
        place = f"questions.{number}"
        wrong |= wrong_in_languages(f"{place}.names", question["names"])
        wrong |= {f"{place}.{name}": [word] for name, word in wrong_in_answers(question)}
        if question["code"] in {each["code"] for each in questions[:number]}:
            wrong[f"{place}.code"] = ["duplicate"]
        for index, choice in enumerate(question.get("choices") or ()):
            wrong |= wrong_in_languages(f"{place}.choices.{index}.names", choice["names"])
    return wrong


def wrong_in_answers(question: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """A choice has choices and others have none; what is a hazard is one of the answers."""
    choices = [choice["code"] for choice in question.get("choices") or ()]
    if question["kind"] == "choice" and len(choices) < 2:
        yield "choices", "required"
    if question["kind"] != "choice" and choices:
        yield "choices", "only_for_choices"
    if len(choices) > MOST_CHOICES:
        yield "choices", "too_many"
    if len(set(choices)) < len(choices):
        yield "choices", "duplicate"
    possible = {"choice": choices, "yes_no": YES_OR_NO}.get(question["kind"], ())
    if set(question.get("hazard") or ()) - set(possible):
        yield "hazard", "unknown_choice"


def wrong_in_stages(facility: Facility) -> dict[str, list[str]]:
    """Stages rise, each at most once; there is one where they are asked; what must be attached is looked at."""
    order = [STAGES.index(stage["by"]) for stage in facility.stages]
    if order != sorted(set(order)):
        return {"stages": ["not_in_order"]}
    if facility.approval == "stages" and not order:
        return {"stages": ["required"]}
    if facility.attachments == "required" and not always_asks(facility):
        return {"attachments": ["needs_a_decision"]}
    return {}


def always_asks(facility: Facility) -> bool:
    """Whether every request waits for somebody."""
    if facility.approval == "stages":
        return any(not stage.get("above_minutes") and not stage.get("on_hazard") for stage in facility.stages)
    return facility.approval == "manager"
