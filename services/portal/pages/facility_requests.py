"""The forms for what a request has to say at a facility, and for who agrees to it."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext

from services.contracts.errors import InvalidInput, NotAllowed, Refusal
from services.portal.errors import status_of
from services.portal.pages import backend, blueprint, local_time
from services.portal.pages.facilities import may_edit
from services.portal.pages.facility_subjects import SUBJECTS
from services.portal.pages.numbers import is_whole
from services.portal.pages.words import STAGES

SUBJECTS["edit_requests"] = lazy_gettext("Requests")
SUBJECTS["edit_approval"] = lazy_gettext("Approval")

QUESTION_KINDS = {
    "text": lazy_gettext("Text"),
    "number": lazy_gettext("Number"),
    "choice": lazy_gettext("Choice"),
    "yes_no": lazy_gettext("Yes or no"),
}
SPARE = 2
"""Empty questions at the end of the form."""

MOST_READ = 40
COUNTS = ("most_people", "change_notice_minutes", "cancel_notice_minutes")
HOURS = ("decision_hours", "escalation_hours")


def opened(facility: str) -> dict[str, Any]:
    """Raises NotAllowed, NotFound."""
    if not may_edit(facility):
        raise NotAllowed
    return backend.facility(facility)


def page(template: str, item: dict[str, Any], values: Mapping[str, str], status: int = 200, **more: Any) -> Any:
    context = {"errors": {}, "refusal": None} | more
    return render_template(
        template, item=item, values=values, subjects=SUBJECTS, request_key=backend.new_key(), **context
    ), status


def whole(form: Mapping[str, str], name: str, errors: dict[str, list[str]]) -> int:
    text = form.get(name, "").strip() or "0"
    if not is_whole(text):
        errors[name] = ["not_a_number"]
        return 0
    return int(text)


# requests ------------------------------------------------------------------------------


def requests_shown(item: Mapping[str, Any]) -> dict[str, str]:
    """The facility as the texts of the form's fields."""
    values = {name: str(item[name]) for name in (*COUNTS, "attachments", "details", "version")}
    for number, question in enumerate(item["questions"]):
        hazard = question.get("hazard") or []
        lines = (choice_line(choice, choice["code"] in hazard) for choice in question.get("choices") or ())
        values |= {
            f"q{number}.code": question["code"], f"q{number}.zh": question["names"].get("zh-Hans", ""),
            f"q{number}.en": question["names"].get("en", ""), f"q{number}.kind": question["kind"],
            f"q{number}.required": "yes" if question.get("required") else "",
            f"q{number}.hazard": (hazard or [""])[0] if question["kind"] == "yes_no" else "",
            f"q{number}.choices": "\n".join(lines),
        }
    return values


def choice_line(choice: Mapping[str, Any], is_hazard: bool) -> str:
    parts = [choice["code"], choice["names"].get("zh-Hans", ""), choice["names"].get("en", "")]
    return " | ".join([*parts, "!"] if is_hazard else parts)


def questions_read(form: Mapping[str, str]) -> list[dict[str, Any]]:
    """The questions that have a code, in their order."""
    numbers = [number for number in range(MOST_READ) if form.get(f"q{number}.code", "").strip()]
    return [question_read(form, f"q{number}") for number in numbers]


def question_read(form: Mapping[str, str], place: str) -> dict[str, Any]:
    def text(name: str) -> str:
        return form.get(f"{place}.{name}", "").strip()

    kind, hazard, choices = text("kind") or "text", [], []
    if kind == "yes_no" and text("hazard"):
        hazard = [text("hazard")]
    for line in text("choices").splitlines() if kind == "choice" else ():
        code, chinese, english, mark = ([part.strip() for part in line.split("|")] + ["", "", ""])[:4]
        if code:
            choices.append({"code": code, "names": {"zh-Hans": chinese or code, "en": english or chinese or code}})
            hazard += [code] if mark else []
    return {
        "code": text("code"), "names": {"zh-Hans": text("zh"), "en": text("en")}, "kind": kind, "choices": choices,
        "required": text("required") == "yes", "hazard": hazard,
    }


@blueprint.get("/facilities/<facility>/edit/requests")
def edit_requests(facility: str) -> Any:
    item = opened(facility)
    return page("facilities/requests.html", item, requests_shown(item), **for_requests(len(item["questions"])))


def for_requests(count: int) -> dict[str, Any]:
    return {"places": [f"q{number}" for number in range(count + SPARE)], "question_kinds": QUESTION_KINDS}


@blueprint.post("/facilities/<facility>/edit/requests")
def save_requests(facility: str) -> Any:
    item, errors = opened(facility), {}
    questions = questions_read(request.form)
    try:
        numbers = {name: whole(request.form, name, errors) for name in (*COUNTS, "version")}
        if errors:
            raise InvalidInput(errors=errors)
        choices = {name: request.form.get(name, "") for name in ("attachments", "details")}
        backend.change_facility(item, questions=questions, **numbers, **choices)
    except Refusal as refusal:
        told = refusal.facts.get("errors", {})
        count = sum(name.endswith(".code") for name in request.form)
        return page(
            "facilities/requests.html", item, request.form, status_of(refusal), errors=told, refusal=refusal,
            **for_requests(max(count - SPARE, len(questions))),
        )
    return saved(facility, "pages.edit_requests")


def saved(facility: str, endpoint: str) -> Response:
    flash(gettext("Saved. New requests follow these rules at once."))
    return redirect(url_for(endpoint, facility=facility), 303)


# approval ------------------------------------------------------------------------------


def approval_shown(item: Mapping[str, Any]) -> dict[str, str]:
    values = {name: str(item[name]) for name in (*HOURS, "approval", "version")}
    for stage in item["stages"]:
        above = stage.get("above_minutes") or 0
        values |= {
            f"{stage['by']}.asked": "yes", f"{stage['by']}.above": f"{above / 60:g}" if above else "",
            f"{stage['by']}.hazard": "yes" if stage.get("on_hazard") else "",
        }
    return values


def stages_read(form: Mapping[str, str], errors: dict[str, list[str]]) -> list[dict[str, Any]]:
    stages = []
    for by in STAGES:
        if form.get(f"{by}.asked") != "yes":
            continue
        hours = form.get(f"{by}.above", "").strip() or "0"
        if not is_whole(hours):
            errors[f"{by}.above"] = ["not_a_number"]
            continue
        stages.append({"by": by, "above_minutes": int(hours) * 60, "on_hazard": form.get(f"{by}.hazard") == "yes"})
    return stages


def explained(item: Mapping[str, Any], approval: str, stages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What sample requests would pass through, as booking decides it; nothing while it does not answer."""
    above = [stage["above_minutes"] for stage in stages if stage.get("above_minutes")]
    lengths = sorted({item["shortest_minutes"], min(120, item["longest_minutes"]), item["longest_minutes"], *(
        minutes + 60 for minutes in above if minutes + 60 <= item["longest_minutes"])})
    with suppress(Refusal):
        found = backend.ask("booking", "approval_samples", approval=approval, stages=stages, lengths=lengths)["items"]
        return [each | {"length": local_time.length_words(each["minutes"])} for each in found]
    return []


@blueprint.get("/facilities/<facility>/edit/approval")
def edit_approval(facility: str) -> Any:
    item = opened(facility)
    samples = explained(item, item["approval"], item["stages"])
    return page("facilities/approval.html", item, approval_shown(item), samples=samples, stages=STAGES)


@blueprint.post("/facilities/<facility>/edit/approval")
def save_approval(facility: str) -> Any:
    item, errors = opened(facility), {}
    approval, stages = request.form.get("approval", ""), stages_read(request.form, errors)
    told: dict[str, Any] = {"samples": explained(item, approval, stages), "stages": STAGES}
    if request.form.get("look"):
        return page("facilities/approval.html", item, request.form, **told)
    try:
        numbers = {name: whole(request.form, name, errors) for name in (*HOURS, "version")}
        if errors:
            raise InvalidInput(errors=errors)
        backend.change_facility(item, approval=approval, stages=stages, **numbers)
    except Refusal as refusal:
        told["errors"] = refusal.facts.get("errors", {})
        return page("facilities/approval.html", item, request.form, status_of(refusal), refusal=refusal, **told)
    return saved(facility, "pages.edit_approval")
