"""The pages: server-rendered, working without script, in two languages.

One module per subject; each attaches its routes to ``blueprint``.
"""

from flask import Blueprint

blueprint = Blueprint("pages", __name__)

from services.portal.pages import (  # noqa: E402  the modules need the blueprint
    approvals,
    audit,
    board,
    catalogue,
    channels,
    errors,
    facilities,
    facility_editing,
    home,
    layout,
    manage,
    message_samples,
    messages,
    moving,
    notifications,
    preferences,
    projects,
    reach,
    requesting,
    reservations,
    series,
    series_moving,
    signing_in,
    tokens,
    trainings,
    unsubscribing,
    usage,
    webhooks,
)

__all__ = [
    "approvals",
    "audit",
    "blueprint",
    "board",
    "catalogue",
    "channels",
    "errors",
    "facilities",
    "facility_editing",
    "home",
    "layout",
    "manage",
    "message_samples",
    "messages",
    "moving",
    "notifications",
    "preferences",
    "projects",
    "reach",
    "requesting",
    "reservations",
    "series",
    "series_moving",
    "signing_in",
    "tokens",
    "trainings",
    "unsubscribing",
    "usage",
    "webhooks",
]
