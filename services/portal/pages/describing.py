"""Saying more, or otherwise, what a request is about while it waits; attaching files, reading and removing them."""

from collections.abc import Mapping
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext

from services.contracts.commands import AddAttachment, DescribeReservation, RemoveAttachment
from services.contracts.errors import InvalidInput, Refusal
from services.portal import files
from services.portal.errors import status_of
from services.portal.pages import backend, blueprint
from services.portal.pages.draft import Draft
from services.portal.pages.facility_words import stage_words
from services.portal.pages.reservations import detail, version_read
from services.portal.pages.saying import Said, members, said, said_of
from services.portal.pages.words import name_in_language


def answers_told(facility: Mapping[str, Any] | None, run: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """What was answered, as questions and answers in the reader's language, with what names a hazard marked."""
    answers = (run or {}).get("answers") or {}
    questions = {question["code"]: question for question in (facility or {}).get("questions") or ()}
    known = [code for code in questions if answers.get(code)]
    others = [code for code in answers if code not in questions]
    return [answer_told(questions.get(code), code, answers[code]) for code in (*known, *others)]


def answer_told(question: Mapping[str, Any] | None, code: str, answer: str) -> dict[str, Any]:
    if question is None:
        return {"question": code, "answer": answer, "hazard": False}
    names = {choice["code"]: choice["names"] for choice in question.get("choices") or ()}
    told = name_in_language(names.get(answer), answer)
    if question["kind"] == "yes_no":
        told = {"yes": gettext("Yes"), "no": gettext("No")}.get(answer, answer)
    is_hazard = answer in (question.get("hazard") or ())
    return {"question": name_in_language(question["names"], code), "answer": told, "hazard": is_hazard}


@blueprint.app_context_processor
def telling() -> dict[str, Any]:
    return {"answers_told": answers_told, "stage_words": stage_words}


def page(
    item: dict[str, Any], typed: Said, purpose: str, status: int = 200, **more: Any
) -> tuple[str, int]:
    context = {"errors": {}, "refusal": None, "violations": []} | more
    return render_template(
        "reservations/describe.html",
        item=item,
        facility=backend.facility(item["facility"]),
        draft=Draft(team=item["team"]),
        members=members(item["team"]),
        said=typed,
        purpose=purpose,
        request_key=backend.new_key(),
        **context,
    ), status


@blueprint.get("/reservations/<reservation>/describe")
def describe_form(reservation: str) -> tuple[str, int]:
    item = backend.ask("booking", "reservation", reservation=reservation)
    return page(item, said_of(item), item["purpose"])


@blueprint.post("/reservations/<reservation>/describe")
def describe(reservation: str) -> Response | tuple[str, int]:
    item = backend.ask("booking", "reservation", reservation=reservation)
    typed, purpose = said(request.form), request.form.get("purpose", "").replace("\r\n", "\n").strip()
    try:
        fields = typed.given(backend.facility(item["facility"])) | {"purpose": purpose}
        backend.send(DescribeReservation, reservation=reservation, version=version_read(), **fields)
    except Refusal as refusal:
        told = {"errors": refusal.facts.get("errors", {}), "violations": refusal.facts.get("violations", [])}
        return page(item, typed, purpose, status_of(refusal), refusal=refusal, **told)
    flash(gettext("Saved. Whoever has to agree sees it as it is now."))
    return redirect(url_for("pages.reservation_detail", reservation=reservation), 303)


@blueprint.post("/reservations/<reservation>/attachments")
def add_attachment(reservation: str) -> Response | tuple[str, int]:
    try:
        file = request.files.get("file")
        if file is None or not file.filename:
            raise InvalidInput(errors={"content": ["required"]})
        backend.send(AddAttachment, reservation=reservation, **files.uploaded(file))
    except Refusal as refusal:
        return again(reservation, refusal)
    flash(gettext("The file was attached."))
    return redirect(url_for("pages.reservation_detail", reservation=reservation, _anchor="files"), 303)


@blueprint.get("/reservations/<reservation>/attachments/<attachment>")
def attachment(reservation: str, attachment: str) -> Response:
    return files.download(backend.ask("booking", "attachment", reservation=reservation, attachment=attachment))


@blueprint.post("/reservations/<reservation>/attachments/<attachment>/remove")
def remove_attachment(reservation: str, attachment: str) -> Response | tuple[str, int]:
    try:
        backend.send(RemoveAttachment, reservation=reservation, attachment=attachment)
    except Refusal as refusal:
        return again(reservation, refusal)
    flash(gettext("The file was taken away."))
    return redirect(url_for("pages.reservation_detail", reservation=reservation, _anchor="files"), 303)


def again(reservation: str, refusal: Refusal) -> tuple[str, int]:
    """The reservation's page with what is wrong beside the files."""
    words = [word for words in refusal.facts.get("errors", {}).values() for word in words]
    return detail(reservation, status_of(refusal), errors={"file": words}, refusal=None if words else refusal)
