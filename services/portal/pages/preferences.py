"""What a reader chooses for themselves: language, theme, letter keys; and the page that shows it."""

from contextlib import suppress

from flask import Response, current_app, g, redirect, render_template, request, url_for

from services.contracts.commands import ChooseLanguage
from services.contracts.errors import Refusal
from services.portal.identities import identities
from services.portal.language import LANGUAGES, YEAR_SECONDS, remember_language
from services.portal.pages import backend, blueprint
from services.portal.pages.layout import THEMES
from services.portal.pages.signing_in import safe_next

COOKIES = {"theme": THEMES, "letters": ("on", "off")}


def way_back() -> str:
    """The page on which the switch was pressed."""
    referrer, own = request.referrer or "", request.host_url
    return safe_next("/" + referrer[len(own) :]) if referrer.startswith(own) else url_for("pages.home")


@blueprint.post("/preferences")
def choose() -> Response:
    response = redirect(way_back(), 303)
    language = request.form.get("language")
    if language in LANGUAGES:
        remember_language(response, language)
        keep_language(language)
    for name, choices in COOKIES.items():
        if request.form.get(name) in choices:
            response.set_cookie(
                name,
                request.form[name],
                max_age=YEAR_SECONDS,
                samesite="Lax",
                httponly=True,
                secure=current_app.config["SESSION_COOKIE_SECURE"],
            )
    return response


def keep_language(language: str) -> None:
    """Messages follow the same choice; the switch works even while accounts does not answer."""
    if g.identity is None or g.identity["language"] == language:
        return
    with suppress(Refusal):
        backend.send(ChooseLanguage, language=language)
        identities().forget(g.identity["person"])


@blueprint.get("/account")
def account() -> str:
    return render_template("account/page.html")
