"""Failures as pages: plain words and one way on."""

from typing import Any

from flask import Response, make_response, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask_babel import lazy_gettext

from services.portal.pages import blueprint

TITLES = {
    401: lazy_gettext("Please sign in"),
    403: lazy_gettext("You may not do this"),
    404: lazy_gettext("Not found"),
    409: lazy_gettext("Somebody was faster"),
    422: lazy_gettext("This cannot be done as it was sent"),
    429: lazy_gettext("A moment, please"),
    503: lazy_gettext("One part does not answer right now"),
}


def error_page(problem: dict[str, Any], status: int) -> Response:
    """A whole page, or for htmx only a note."""
    title = TITLES.get(status, lazy_gettext("Something went wrong"))
    fragment = "HX-Request" in request.headers
    here = request.full_path.rstrip("?") if request.method == "GET" else url_for("pages.home")
    page = "error_note.html" if fragment else "error.html"
    return make_response(render_template(page, problem=problem, status=status, title=title, here=here), status)


@blueprint.record
def offer_page(state: BlueprintSetupState) -> None:
    state.app.extensions["error_page"] = error_page
