"""Against forged forms and hostile pages: a token bound to the session, and the headers.

For the pages: ``csrf_token()`` is known to every template. A form sends it as the field
``csrf_token``, a script as the header ``X-CSRF-Token``. Requests with a bearer token need
none, since no browser adds such a token by itself.
"""

import hmac
from hashlib import sha256

from flask import Flask, Response, current_app, request

from services.contracts.errors import NotAllowed
from services.portal.config import Settings, origin_of
from services.portal.sessions import visitor_id

SAFE_METHODS = {"GET", "HEAD", "OPTIONS", "TRACE"}
BUILT_FILES = "/static/build/assets/"
PROVEN_OTHERWISE = {"wechat.take", "pages.unsubscribe"}
"""Doors at which others than our own pages knock: what comes is signed, or carries a secret of its own."""


MAIL_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"
"""For a mail that is shown in a frame: it has its styles in its elements, and nothing that runs or is loaded."""


def csrf_token() -> str:
    """Proves that a form came from us. It is made of the session's id, so nothing need be stored."""
    secret = current_app.config["SECRET_KEY"].encode()
    return hmac.new(secret, b"csrf:" + visitor_id().encode(), sha256).hexdigest()


def check_csrf() -> None:
    """Raises NotAllowed when a change was not asked for by one of our own pages."""
    if request.method in SAFE_METHODS:
        return
    sent = request.headers.get("X-CSRF-Token") or request.form.get("csrf_token", "")
    if is_foreign(request.headers.get("Origin")) or not hmac.compare_digest(sent.encode(), csrf_token().encode()):
        raise NotAllowed(reason="stale_form")


def check_page() -> None:
    """The API checks for itself, after it has seen whether a token came along (api/access.py)."""
    if request.endpoint and not request.path.startswith("/api/") and request.endpoint not in PROVEN_OTHERWISE:
        check_csrf()


def is_foreign(origin: str | None) -> bool:
    return origin is not None and origin not in (request.host_url.rstrip("/"), current_app.config["PUBLIC_ORIGIN"])


def content_security_policy(settings: Settings) -> str:
    """Nothing but our own files, and nothing inline."""
    return "; ".join([
        "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "font-src 'self'",
        f"connect-src 'self' {settings.live_origin}".rstrip(), "manifest-src 'self'",
        "frame-src 'self'", "form-action 'self'", "base-uri 'self'", f"frame-ancestors {settings.frame_ancestors}",
    ])


def headers(settings: Settings) -> dict[str, str]:
    """What every answer carries."""
    return {
        "Content-Security-Policy": content_security_policy(settings),
        "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }


def caching(response: Response) -> str:
    """Built files carry their content's hash in the name; all that is not a file may be private."""
    is_file = (request.endpoint or "").endswith("static") and response.status_code in (200, 206, 304)
    if not is_file:
        return "no-store"
    return "public, max-age=31536000, immutable" if request.path.startswith(BUILT_FILES) else "public, max-age=3600"


def attach(app: Flask, settings: Settings) -> None:
    app.config["PUBLIC_ORIGIN"] = origin_of(settings.public_url)
    app.jinja_env.globals["csrf_token"] = csrf_token
    fixed = headers(settings)
    app.before_request(check_page)

    @app.after_request
    def harden(response: Response) -> Response:
        response.headers.update(fixed)
        if request.endpoint == "pages.message_mail" and response.status_code == 200:
            response.headers["Content-Security-Policy"] = MAIL_POLICY
        response.headers["Cache-Control"] = caching(response)
        return response
