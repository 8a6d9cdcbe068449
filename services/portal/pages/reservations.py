"""My reservations, and one reservation with its history, its deliveries and what may be done with it."""

from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import lazy_gettext

from services.contracts.commands import (
    ApproveReservation,
    CancelReservation,
    RejectReservation,
    ReservationCommand,
    WithdrawReservation,
)
from services.contracts.errors import InvalidInput, NotFound, Refusal
from services.portal.errors import status_of
from services.portal.pages import backend, blueprint, contention_words, local_time
from services.portal.pages.asks import asks_about
from services.portal.pages.explaining import is_passed_over, why
from services.portal.pages.numbers import whole
from services.portal.pages.series import rule_words_of
from services.portal.pages.timeline import ZONE

SHOWS = {"upcoming": lazy_gettext("Upcoming"), "waiting": lazy_gettext("Waiting"), "past": lazy_gettext("Past")}
COMING = ("requested", "approved", "in_use", "offered", "competing")
ACTIONS: dict[str, tuple[type[ReservationCommand], Any]] = {
    "withdraw": (WithdrawReservation, lazy_gettext("The request was withdrawn.")),
    "cancel": (CancelReservation, lazy_gettext("The reservation was cancelled.")),
    "approve": (ApproveReservation, lazy_gettext("Approved. The team is being told.")),
    "forward": (ApproveReservation, lazy_gettext("You have agreed. Now the next stage decides.")),
    "reject": (RejectReservation, lazy_gettext("Rejected. The team is being told.")),
}


def found(show: str, team: str | None, cursor: str | None) -> dict[str, Any]:
    """One page of the reservations that the person may see."""
    arguments: dict[str, Any] = {"team": team, "cursor": cursor}
    now = local_time.now().isoformat()
    if show == "waiting":
        arguments["state"] = "requested"
    else:
        arguments["starts_at" if show == "upcoming" else "ends_at"] = now
    answer = backend.ask("booking", "reservations", **arguments)
    items = [item for item in answer["items"] if belongs(show, item, now)]
    return {"items": items, "next_cursor": answer.get("next_cursor")}


def belongs(show: str, item: dict[str, Any], now: str) -> bool:
    """What still holds its time is upcoming, what was decided otherwise or is over is past."""
    coming = item["state"] in COMING and local_time.instant(item["ends_at"]) > local_time.instant(now)
    return coming if show == "upcoming" else item["state"] == "requested" if show == "waiting" else not coming


def by_day(items: Iterable[dict[str, Any]]) -> list[tuple[Any, list[dict[str, Any]]]]:
    """Reservations under the local day on which they start."""
    days: dict[Any, list[dict[str, Any]]] = {}
    for item in items:
        days.setdefault(local_time.instant(item["starts_at"]).astimezone(ZONE).date(), []).append(item)
    return list(days.items())


def facility_names() -> dict[str, dict[str, str]]:
    """Names by facility code; the code itself stands where facilities does not answer."""
    with suppress(Refusal):
        return {item["code"]: item["names"] for item in backend.facilities()}
    return {}


@blueprint.get("/reservations")
def my_reservations() -> str:
    show = request.args.get("show", "upcoming")
    show = show if show in SHOWS else "upcoming"
    teams = backend.identity()["teams"]
    team = request.args.get("team")
    team = team if team in {item["code"] for item in teams} else None
    page = found(show, team, request.args.get("cursor"))
    return render_template(
        "reservations/list.html",
        show=show,
        shows=SHOWS,
        team=team,
        teams=teams,
        days=by_day(page["items"]),
        next_cursor=page["next_cursor"],
        facility_names=facility_names(),
        today=local_time.today(),
    )


def who_was_told(reservation: str) -> list[dict[str, Any]] | None:
    """The messages about a reservation; nothing at all when notify does not answer."""
    with suppress(Refusal):
        try:
            return backend.ask("notify", "deliveries", reservation=reservation)["items"]
        except NotFound:
            return []  # what was asked for a moment ago is still on its way to notify
    return None


def if_allowed(service: str, query: str, /, **arguments: Any) -> Any:
    """What the page can do without."""
    with suppress(Refusal):
        return backend.ask(service, query, **arguments)
    return None


def facility_of(item: dict[str, Any]) -> Any:
    with suppress(Refusal):
        return backend.facility(item["facility"])
    return None


def detail(reservation: str, status: int = 200, **more: Any) -> tuple[str, int]:
    """The page of one reservation, as it stands now."""
    item = backend.ask("booking", "reservation", reservation=reservation)
    explanation = if_allowed("booking", "explanation", reservation=reservation) or {"competing": None, "decisions": []}
    shown = {"errors": {}, "refusal": None, "typed_reason": "", "request_key": backend.new_key()}
    return render_template(
        "reservations/detail.html",
        item=item,
        facility=facility_of(item),
        deliveries=who_was_told(reservation),
        series=if_allowed("booking", "series", series=item["series"]) if item.get("series") else None,
        campaign=if_allowed("booking", "campaign", campaign=item["campaign"]) if item.get("campaign") else None,
        rule_words_of=rule_words_of,
        risk=backend.overrun_risk(item["facility"]) if item["state"] in COMING else None,
        competing=explanation["competing"],
        why=why(explanation),
        passed_over=is_passed_over(item, explanation),
        told=contention_words,
        asks=asks_about(item),
        **shown | more,
    ), status


@blueprint.get("/reservations/<reservation>")
def reservation_detail(reservation: str) -> tuple[str, int]:
    return detail(reservation)


@blueprint.post("/reservations/<reservation>/<any(withdraw, cancel, approve, reject):action>")
def act(reservation: str, action: str) -> Response | tuple[str, int]:
    """Take one step with the reservation; refused, the page says why and keeps the reason typed."""
    kind, message = ACTIONS[action]
    reason = request.form.get("reason", "").replace("\r\n", "\n")
    fields = {"reason": reason} if action in ("cancel", "reject") else {}
    try:
        answer = backend.send(kind, reservation=reservation, version=version_read(), **fields)
    except Refusal as refusal:
        errors = refusal.facts.get("errors", {}) if isinstance(refusal, InvalidInput) else {}
        return detail(
            reservation, status_of(refusal), errors=errors, refusal=refusal, typed_reason=reason, tried=action
        )
    waits_on = action == "approve" and answer.get("state") == "requested"
    flash(str(ACTIONS["forward"][1] if waits_on else message))
    if request.form.get("back") == "approvals":
        return redirect(url_for("pages.approvals"), 303)
    return redirect(url_for("pages.reservation_detail", reservation=reservation), 303)


def version_read() -> int | None:
    """The version that the person saw when deciding."""
    return whole(request.form.get("version", "")) or None
