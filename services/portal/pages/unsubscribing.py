"""The link in a mail by which its reader hears no more of that kind: without signing in, and by POST alone.

Scanners of mail follow links, so looking changes nothing. A mail program posts for its reader by
itself (RFC 8058); whoever opens the page presses a button.
"""

import re
from uuid import uuid4

from flask import Response, render_template, request
from flask_babel import force_locale

from services.contracts.commands import Unsubscribe
from services.contracts.errors import NotFound
from services.portal.gateway import gateway
from services.portal.language import LOCALES
from services.portal.pages import blueprint
from services.portal.pages.notifications import CATEGORIES

READER = "reader"
"""Nobody is signed in: the token says who it is."""

TOKEN = re.compile(r"[A-Za-z0-9_-]{1,200}")


@blueprint.route("/unsubscribe/<token>", methods=["GET", "POST"])
def unsubscribe(token: str) -> Response | str:
    if not TOKEN.fullmatch(token):
        raise NotFound
    if request.method == "POST":
        gateway().send(Unsubscribe(actor=READER, request_key=str(uuid4()), token=token))
    told = gateway().call("notify", "unsubscribing", {"token": token})
    with force_locale(LOCALES.get(told["language"], LOCALES["zh-Hans"])):
        name, about = CATEGORIES[told["category"]]
        return render_template("unsubscribe.html", token=token, wanted=told["wanted"], name=str(name), about=str(about))
