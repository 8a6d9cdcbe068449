"""Why a message was not delivered, and what each try came to, in the reader's language."""

from typing import Any

from flask_babel import gettext, lazy_gettext

OUTCOMES: dict[str, Any] = {
    "accepted": lazy_gettext("Accepted"),
    "recipient": lazy_gettext("This person cannot be reached here"),
    "token": lazy_gettext("Our access was refused"),
    "configuration": lazy_gettext("The account or its settings are wrong"),
    "rate": lazy_gettext("Too many messages for now"),
    "our_bug": lazy_gettext("The message itself was refused"),
    "transient": lazy_gettext("The server did not take it"),
    "unknown": lazy_gettext("No answer came"),
    "unclassified": lazy_gettext("An answer that we do not know"),
    "skipped": lazy_gettext("Not sent"),
    "resent": lazy_gettext("Sent again by hand"),
}
REASONS: dict[str, Any] = {
    "superseded": lazy_gettext("A later message says more"),
    "the recipient has left": lazy_gettext("This person has left"),
    "the webhook is off": lazy_gettext("Switched off"),
    "too late": lazy_gettext("It would have come too late"),
    "not wanted": lazy_gettext("This person does not want such messages"),
    "told in a digest": lazy_gettext("Told in the person's digest"),
    "no longer so": lazy_gettext("No longer true"),
    "no answer for three days": lazy_gettext("No answer for three days"),
    "gone": lazy_gettext("The receiver says that it is gone"),
}
SWITCHED_BY = "by "
NOT_ARRIVED = "not arrived: "
IN_DOUBT = "in doubt, "
ARRIVALS: dict[str, Any] = {
    "failed:user block": lazy_gettext("the person has blocked our messages"),
    "failed:freq limit": lazy_gettext("too many messages to this person"),
    "failed: system failed": lazy_gettext("a failure of the platform"),
    "failed:system failed": lazy_gettext("a failure of the platform"),
}


def reason_words(reason: str | None) -> str:
    """A stored reason as a person says it; what is not known here comes back as it is."""
    if not reason:
        return ""
    if reason in REASONS:
        return str(REASONS[reason])
    if reason.startswith(NOT_ARRIVED):
        status = reason.removeprefix(NOT_ARRIVED)
        return gettext("Accepted, but it did not arrive: %(why)s", why=ARRIVALS.get(status, status))
    if reason.startswith(IN_DOUBT):
        return gettext("Perhaps it arrived; not repeated, so that nobody reads it twice")
    if reason.startswith(SWITCHED_BY):
        return gettext("by %(person)s", person=reason.removeprefix(SWITCHED_BY))
    kind, _, code = reason.partition(" ")
    return with_code(str(OUTCOMES[kind]), code) if kind in OUTCOMES else reason


def outcome_words(attempt: dict[str, Any]) -> str:
    """What a try came to."""
    outcome = attempt.get("outcome")
    if outcome is None:
        return gettext("under way")
    return with_code(str(OUTCOMES.get(outcome, outcome)), attempt.get("code") if outcome != "accepted" else "")


def with_code(words: str, code: str | None) -> str:
    return gettext("%(words)s (%(code)s)", words=words, code=code) if code else words
