"""What every page's frame needs: who reads, in which language and theme, and where the assets are."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from flask import current_app, g, request, url_for
from markupsafe import Markup

from services.portal.language import current_language
from services.portal.pages import backend, blueprint, local_time, words
from services.portal.pages.facility_words import allocation_told
from services.portal.security import csrf_token
from services.portal.sentences import field_sentence, interrupted, sentence

MANIFEST = Path(__file__).parent.parent / "static" / "build" / "manifest.json"
ENTRY = "services/portal/assets/main.js"
APART = "services/portal/assets/apart.css"
SCREEN = "services/portal/assets/styles/screen.css"
THEMES = ("system", "light", "dark")
ICONS = {
    "board": "M4 6h16M4 12h10M8 18h12",
    "mine": "M7 4v3M17 4v3M4 9h16M5 6h14v14H5zM9 14l2 2 4-4",
    "approve": "M5 12l5 5L20 7",
    "facility": "M4 20V9l6 4V9l6 4V4h4v16z",
    "me": "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21c1-5 4-7 8-7s7 2 8 7",
}
# No injected styles and no eval: the content security policy allows neither. Refusals carry a form to show.
HTMX_CONFIG = json.dumps(
    {
        "includeIndicatorStyles": False,
        "allowEval": False,
        "selfRequestsOnly": True,
        "historyCacheSize": 0,
        "attributesToSettle": ["class", "width", "height"],
        "responseHandling": [
            {"code": "204", "swap": False},
            {"code": "[23]..", "swap": True},
            {"code": "(409|422|429|503)", "swap": True, "error": False},
            {"code": "[45]..", "swap": False, "error": True},
        ],
    }
)


@cache
def manifest(entry: str = ENTRY) -> dict[str, Any]:
    """What the asset build made, by entry."""
    return json.loads(MANIFEST.read_text())[entry]


def asset(name: str) -> str:
    return url_for("static", filename=f"build/{name}")


def theme() -> str:
    chosen = request.cookies.get("theme", "system")
    return chosen if chosen in THEMES else "system"


def form_token() -> Markup:
    """The hidden field that proves that a form is ours."""
    return Markup('<input type="hidden" name="csrf_token" value="{}">').format(csrf_token())


def icon(name: str) -> Markup:
    return Markup('<svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true"><path d="{}"/></svg>').format(
        ICONS[name]
    )


def section(endpoint: str, label: str, count: int = 0, icon: str | None = None) -> Markup:
    """A link of the navigation, marked when it leads to where the reader is."""
    here = Markup(' aria-current="page"') if request.endpoint == endpoint else ""
    badge = Markup(' <span class="count">{}</span>').format(count) if count else ""
    picture = globals()["icon"](icon) if icon else ""
    return Markup('<a href="{}"{}>{}<span>{}</span>{}</a>').format(url_for(endpoint), here, picture, label, badge)


def waiting() -> int:
    """The number on the approvals badge, asked once per page."""
    if "waiting" not in g:
        g.waiting = backend.waiting_approvals()
    return g.waiting


def contended() -> int:
    """How many compete for time that the reader may give out, asked once per page."""
    if "contended" not in g:
        g.contended = backend.waiting_rivals()
    return g.contended


def plans() -> int:
    """The number on the badge of what is managed, asked once per page."""
    if "plans" not in g:
        g.plans = backend.waiting_plans()
    return g.plans


TOOLS = {
    "styles": lambda: [asset(name) for name in manifest()["css"]],
    "apart_style": lambda: asset(manifest(APART)["file"]),
    "screen_style": lambda: asset(manifest(SCREEN)["file"]),
    "script": lambda: asset(manifest()["file"]),
    "htmx_config": HTMX_CONFIG,
    "form_token": form_token,
    "section": section,
    "waiting": waiting,
    "plans_waiting": plans,
    "contended": contended,
    "allocation_told": allocation_told,
    "field_error": field_sentence,
    "hit_words": interrupted,
    "sentence": sentence,
    "time": local_time,
    "words": words,
    "new_key": backend.new_key,
    "instant": local_time.instant,
    "name_of": words.name_in_language,
    "state_words": lambda state: words.STATES.get(state, state),
}
"""What templates call, the same for every reader."""


@blueprint.app_context_processor
def frame() -> dict[str, Any]:
    """What every page needs to know of its reader."""
    identity = g.get("identity")
    return TOOLS | {
        "identity": identity,
        "decides": bool(identity) and backend.decides(),
        "manages": bool(identity) and backend.manages(),
        "may_reserve": bool(identity) and backend.may_reserve(),
        "theme": theme(),
        "page_language": current_language(),
        "live_url": current_app.config["LIVE_URL"],
        "letter_keys": request.cookies.get("letters") != "off",
    }
