"""How pages answer: fragments for htmx, and news for the open page."""

import json

from flask import Response, make_response, request


def is_fragment() -> bool:
    """Whether htmx asks, which wants a piece and not a page."""
    return "HX-Request" in request.headers


def changed(message: str, address: str, facility: str) -> Response:
    """No content, but news: the page closes the drawer, says so, and fetches the row again."""
    answer = make_response("", 204)
    news = {"message": message, "address": address, "facility": facility}
    answer.headers["HX-Trigger"] = json.dumps({"reservation-changed": news})
    return answer
