"""Signing in and out, and who may see which page."""

from flask import Response, redirect, render_template, request, url_for

from services.contracts.errors import InvalidInput, Refusal, TooManyRequests, Unauthenticated
from services.portal import sessions
from services.portal.language import remember_language
from services.portal.pages import blueprint
from services.portal.security import PROVEN_OTHERWISE, check_csrf
from services.portal.wechat import inside

OPEN_TO_ALL = {"pages.sign_in", "pages.choose", "pages.unsubscribe"}
OF_SCREENS = {"pages.door", "pages.pair", "pages.at_door", "pages.hall"}
"""These find out by themselves which screen asks (door.py)."""


@blueprint.before_request
def guard() -> Response | None:
    """Visitors are led to the sign-in page and come back to where they wanted to go."""
    if request.endpoint not in PROVEN_OTHERWISE:
        check_csrf()
    if request.endpoint in OF_SCREENS:
        return None
    if sessions.current_identity() is not None or request.endpoint in OPEN_TO_ALL:
        return None
    wanted = request.full_path.rstrip("?") if request.method == "GET" else None
    address = url_for("pages.sign_in", next=wanted if wanted != "/" else None)
    if inside.place() and request.method == "GET" and "HX-Request" not in request.headers:
        return redirect(url_for("wechat.enter", next=wanted), 303)
    if "HX-Request" in request.headers:
        return Response(status=204, headers={"HX-Redirect": url_for("pages.sign_in")})
    return redirect(address, 303)


def safe_next(text: str | None) -> str:
    """A path of ours; anything else, such as ``//evil.example``, leads to the first page."""
    inside = bool(text) and text.startswith("/") and not text.startswith(("//", "/\\")) and text.isprintable()
    return text if inside and "\\" not in text else url_for("pages.home")


@blueprint.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> Response | tuple[str, int] | tuple[str, int, dict[str, str]]:
    wanted = request.values.get("next")
    if request.method == "GET":
        if sessions.current_identity() is not None:
            return redirect(safe_next(wanted))
        came = request.args.get("wechat")
        return render_template("sign_in.html", next=wanted, name="", refusal=None, errors={}, came=came), 200
    name = request.form.get("name", "").strip()
    try:
        identity = sessions.sign_in(name, request.form.get("password", ""))
    except (Unauthenticated, TooManyRequests, InvalidInput) as refusal:
        return again(name, wanted, refusal)
    response = redirect(safe_next(wanted), 303)
    if "language" not in request.cookies:
        remember_language(response, identity["language"])
    return response


def again(name: str, wanted: str | None, refusal: Refusal) -> tuple[str, int, dict[str, str]]:
    """The form once more; it does not tell whether the name or the password was wrong."""
    late = isinstance(refusal, TooManyRequests)
    seconds = int(refusal.facts.get("retry_after", 60))
    page = render_template(
        "sign_in.html",
        next=wanted,
        name=name[:100],
        refusal=refusal,
        errors={},
        minutes=-(-seconds // 60),
    )
    return page, 429 if late else 401, {"Retry-After": str(seconds)} if late else {}


@blueprint.post("/sign-out")
def sign_out() -> Response:
    sessions.sign_out()
    return redirect(url_for("pages.sign_in"), 303)
