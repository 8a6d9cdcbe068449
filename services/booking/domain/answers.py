"""Whether answers fit a facility's questions."""

import re
from collections.abc import Mapping
from typing import Any

from services.booking.domain.facility import Facility

NUMBER = re.compile(r"-?\d{1,12}([.,]\d{1,6})?")


def wrong_answers(answers: Mapping[str, str], facility: Facility) -> dict[str, list[str]]:
    """What is wrong, by field; words: unknown_question, not_a_figure, unknown_choice. An empty answer is none."""
    questions = {question["code"]: question for question in facility.questions}
    found = {code: wrong_answer(answer.strip(), questions.get(code)) for code, answer in answers.items()}
    return {f"answers.{code}": [word] for code, word in found.items() if word}


def wrong_answer(answer: str, question: Mapping[str, Any] | None) -> str | None:
    if question is None:
        return "unknown_question"
    if not answer or question["kind"] == "text":
        return None
    if question["kind"] == "number":
        return None if NUMBER.fullmatch(answer) else "not_a_figure"
    possible = {"yes", "no"}
    if question["kind"] == "choice":
        possible = {choice["code"] for choice in question.get("choices") or ()}
    return None if answer in possible else "unknown_choice"
