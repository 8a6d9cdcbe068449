"""In which language a reader is answered: zh-Hans or en.

A reader's own choice (the cookie ``language``) comes first, then what the person has set,
then what the browser asks for, then Chinese. A program with a token says what it wants in
Accept-Language, so there the header comes before the person.
"""

from flask import Flask, Response, current_app, g, request
from flask_babel import Babel, get_locale

LANGUAGES = ("zh-Hans", "en")
COOKIE = "language"
YEAR_SECONDS = 365 * 24 * 60 * 60

# Babel gives a Chinese catalogue its full name, and reads no other folder.
LOCALES = {"zh-Hans": "zh_Hans_CN", "en": "en"}


def chosen_language() -> str:
    """The language of this answer."""
    person = (g.get("identity") or {}).get("language")
    header = accepted_language()
    wishes = (header, person) if "scopes" in g else (person, header)
    return next((wish for wish in (request.cookies.get(COOKIE), *wishes) if wish in LANGUAGES), LANGUAGES[0])


def accepted_language() -> str | None:
    """What the header prefers: any Chinese is zh-Hans, any English en."""
    for wish in request.accept_languages.values():
        language = wish.lower().partition("-")[0]
        if language in ("zh", "en"):
            return "zh-Hans" if language == "zh" else "en"
    return None


def current_language() -> str:
    """zh-Hans or en, for the attribute ``lang`` and for names that come in both."""
    return "en" if get_locale().language == "en" else "zh-Hans"


def remember_language(response: Response, language: str) -> None:
    """Keep the reader's choice for a year."""
    if language in LANGUAGES:
        response.set_cookie(
            COOKIE, language, max_age=YEAR_SECONDS, samesite="Lax", httponly=True,
            secure=current_app.config["SESSION_COOKIE_SECURE"],
        )


def attach(app: Flask) -> None:
    Babel(
        app, default_locale="zh_Hans_CN", default_timezone="Asia/Shanghai",
        locale_selector=lambda: LOCALES[chosen_language()],
    )
    app.jinja_env.globals["current_language"] = current_language
