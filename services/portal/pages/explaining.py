"""Why it was decided so: what history keeps of a decision, as sentences for the team whom it concerns.

Each subject adds its own: EXPLAINED["key of the basis"] = function from what is kept to a list of sentences.
"""

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext

from services.portal.pages import backend, campaign_plans, contention_words, local_time, replan_words, waiting_words
from services.portal.pages.words import ROLES, STAGES, STEPS

Explaining = Callable[[Any], list[str]]


def version_told(version: int) -> list[str]:
    return [gettext("Judged by version %(number)d of the facility's rules of use.", number=version)]


def role_told(role: str | None) -> list[str]:
    return [gettext("Decided as: %(role)s.", role=ROLES[role])] if role in ROLES else []


def stage_told(stage: str | None) -> list[str]:
    return [gettext("Stage of approval: %(stage)s.", stage=STAGES[stage])] if stage in STAGES else []


def deadline_told(instant: str | None) -> list[str]:
    if not instant:
        return []
    moment = local_time.moment_words(local_time.instant(instant))
    return [gettext("Nobody decided by %(moment)s.", moment=moment)]


def imported_told(_imported: bool) -> list[str]:
    return [gettext("Taken over from another system, where it was granted.")]


def taking_told(cause: Mapping[str, Any]) -> list[str]:
    return [replan_words.cause_words(cause)]


EXPLAINED: dict[str, Explaining] = {
    "imported": imported_told,
    "collected": contention_words.collected_told,
    "contention": contention_words.explained,
    "wait_list": waiting_words.told_of_waiting,
    "taken_by": taking_told,
    "replan": replan_words.explained,
    "campaign_step": campaign_plans.ended_with,
    "role": role_told,
    "stage": stage_told,
    "decide_by": deadline_told,
    "facility_version": version_told,
}
"""In the order in which they are told."""


def is_passed_over(item: Mapping[str, Any], explanation: Mapping[str, Any]) -> bool:
    """Whether one's team did not get time that is still to come: it may wait for it or look elsewhere."""
    own = {team["code"] for team in backend.identity()["teams"]}
    last = explanation["decisions"][-1:]
    is_ahead = local_time.instant(item["starts_at"]) > local_time.now()
    return is_ahead and item["team"] in own and bool(last) and last[0]["action"] == "pass_over"


def why(explanation: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The decisions, the latest first, each with its sentences; those that explain nothing are left out."""
    found = []
    for step in reversed(explanation["decisions"]):
        basis = step["basis"] or {}
        told = [sentence for key, explain in EXPLAINED.items() if key in basis for sentence in explain(basis[key])]
        if told:
            found.append({
                "action": STEPS.get(step["action"], step["action"]), "at": step["at"], "told": told,
                "contention": basis.get("contention"),
            })
    return found
