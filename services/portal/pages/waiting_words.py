"""What pages say of waiting: when it is of use, how long an offer is held, and on what it rested."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext, ngettext

from services.portal.pages import blueprint, local_time

MAY_PASS = frozenset({"quota_exceeded", "too_many_people", "interrupted", "too_many_rivals"})
"""What may be gone when time comes free; with another rule in the way waiting would be in vain."""


@blueprint.app_template_global()
def may_wait(check: Mapping[str, Any]) -> bool:
    """Whether it is of use to wait for a time that cannot be had now."""
    rules = {violation["rule"] for violation in check.get("violations") or ()}
    return bool(check.get("taken") or rules) and rules <= MAY_PASS


def told_of_waiting(basis: Mapping[str, Any]) -> list[str]:
    """On what an offer rested, in sentences; nobody else is named."""
    moments = [local_time.instant(basis[name]) for name in ("joined_at", "starts_at", "ends_at")]
    since = gettext(
        "On the wait list since %(moment)s: %(length)s within %(window)s.", moment=local_time.moment_words(moments[0]),
        length=local_time.length_words(basis["minutes"]), window=local_time.span_words(*moments[1:]),
    )
    if not basis["before"]:
        return [since, gettext("Nobody before it waited for this time.")]
    before = ngettext(
        "%(num)d before it waited for the same time; the rules or the room did not allow it.",
        "%(num)d before it waited for the same time; the rules or the room did not allow it to them.",
        basis["before"],
    )
    return [since, before]


@blueprint.app_template_global()
def minutes_left(until: str) -> int:
    """Whole minutes from now on."""
    return max(0, int((local_time.instant(until) - local_time.now()).total_seconds()) // 60)
