"""Every failure as an answer: application/problem+json under /api/, a page elsewhere.

The pages may put a function ``(problem: dict, status: int) -> response`` into
``app.extensions["error_page"]``; a page's own blueprint may also handle a Refusal itself.
What nobody expected is logged with its trace and answered with the request id only.
"""

import logging
from typing import Any

from flask import Flask, Response, current_app, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed, RequestEntityTooLarge, UnsupportedMediaType
from werkzeug.exceptions import NotFound as NoRoute

from services.contracts.errors import InvalidInput, NotFound, Refusal
from services.contracts.messaging import encoding
from services.contracts.messaging.tracing import correlation_id
from services.portal.language import current_language
from services.portal.sentences import field_sentence, sentence

log = logging.getLogger(__name__)

STATUSES = {
    "invalid_input": 422, "rule_broken": 422, "slot_taken": 409, "dates_clash": 409, "steps_clash": 409,
    "rows_refused": 409, "plan_repaired": 409, "wrong_state": 409, "stale_version": 409,
    "request_key_reused": 422, "unauthenticated": 401, "not_allowed": 403, "not_found": 404,
    "too_many_requests": 429, "unavailable": 503, "method_not_allowed": 405, "internal": 500,
}


class Malformed(InvalidInput):
    """The request cannot be read."""

    status = 400


class WrongContentType(Malformed):
    """The body comes as something else than JSON."""

    status = 415


class TooLarge(Malformed):
    """The body is larger than it may be."""

    status = 413


class WrongMethod(Refusal):
    """The address does not take this method."""

    code = "method_not_allowed"


class Internal(Refusal):
    """A mistake of ours."""

    code = "internal"


def problem_of(refusal: Refusal) -> dict[str, Any]:
    """What is told of a refusal: status, code, detail, and where they apply errors, violations, alternatives."""
    facts = refusal.facts
    problem = {"status": status_of(refusal), "code": refusal.code, "detail": sentence(refusal)}
    if errors := facts.get("errors"):
        problem["errors"] = {name: [field_sentence(word) for word in words] for name, words in errors.items()}
    if violations := facts.get("violations"):
        problem["violations"] = broken(violations)
    if clashes := facts.get("clashes"):
        problem["clashes"] = [each | {"violations": broken(each["violations"])} for each in clashes]
    if steps := facts.get("steps"):
        problem["steps"] = [each | {"violations": broken(each["violations"])} for each in steps]
        problem["plans"] = facts.get("plans", [])
    if rows := facts.get("rows"):
        problem["rows"] = rows_told(rows)
    if refusal.code == "plan_repaired":
        problem |= {"version": facts["version"], "changed": facts["changed"]}
    if "alternatives" in facts:
        problem["alternatives"] = facts["alternatives"]
    if refusal.code == "internal":
        problem["request_id"] = correlation_id.get()
    return problem


def rows_told(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows of an import, each with sentences for all that is wrong with it."""
    return [
        each | {
            "violations": broken(each["violations"]),
            "errors": {name: [field_sentence(word) for word in words] for name, words in each["errors"].items()},
        } for each in rows
    ]


def broken(violations: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Broken rules of use, each with its sentence."""
    return [
        {"rule": each["rule"], "detail": sentence(each), "waivable_by": each.get("waivable_by", [])}
        for each in violations
    ]


def status_of(refusal: Refusal) -> int:
    return getattr(refusal, "status", None) or STATUSES.get(refusal.code, 500)


def answer(refusal: Refusal) -> Response:
    problem = problem_of(refusal)
    if request.path.startswith("/api/"):
        response = Response(encoding.dumps(problem), problem["status"], content_type="application/problem+json")
        response.headers["Content-Language"] = current_language()
    else:
        response = error_page(problem)
    if problem["status"] in (429, 503):
        response.headers["Retry-After"] = str(refusal.facts.get("retry_after", 1))
    if problem["status"] == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def error_page(problem: dict[str, Any]) -> Response:
    if render := current_app.extensions.get("error_page"):
        try:
            return current_app.make_response(render(problem, problem["status"]))
        except Exception:  # a page that cannot be drawn must not hide what went wrong before
            log.exception("the error page failed")
    return Response(f"{problem['detail']}\n", problem["status"], content_type="text/plain; charset=utf-8")


def answer_http(error: HTTPException) -> Response:
    """What Flask itself refuses."""
    if error.code is None or error.code < 400:
        return error.get_response()
    response = answer(refusal_of(error))
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return response


def refusal_of(error: HTTPException) -> Refusal:
    if isinstance(error, NoRoute):
        return NotFound()
    if isinstance(error, MethodNotAllowed):
        return WrongMethod()
    if isinstance(error, RequestEntityTooLarge):
        return TooLarge(reason="too_large")
    if isinstance(error, UnsupportedMediaType):
        return WrongContentType(reason="content_type")
    return Malformed() if error.code < 500 else Internal()


def answer_failure(error: Exception) -> Response:
    log.error("a request failed", exc_info=error, extra={"path": request.path})
    return answer(Internal())


def attach(app: Flask) -> None:
    app.register_error_handler(Refusal, answer)
    app.register_error_handler(HTTPException, answer_http)
    app.register_error_handler(Exception, answer_failure)
