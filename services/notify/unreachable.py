"""Addresses that do not reach their person any more: noted, so that nothing is sent there, and told on the page.

An e-mail address is suppressed until it changes or its person says that it works; an account on
WeChat or WeCom is suspended until it is bound again. From then on messages go another way.
"""

from services.contracts.errors import NotFound
from services.notify import binding
from services.notify.domain.bounces import read_bounce, says_address_is_gone
from services.notify.domain.outcomes import Kind

DOUBTFUL = "40003"
REASONS = {"43004": "unfollowed"}


def note_refusals(reports, uow, now):
    """What providers say of recipients, from the attempts that have just been settled."""
    for report in reports:
        if report.outcome.kind is Kind.RECIPIENT:
            note_refusal(report.claimed, report.outcome, uow, now)


def note_refusal(delivery, outcome, uow, now):
    if delivery.channel == "email":
        if says_address_is_gone(outcome.code, outcome.detail):
            suppress(delivery.address, f"{outcome.code} {outcome.detail}", uow, now)
    elif outcome.code != DOUBTFUL or uow.suppressions.refused_before(delivery.channel, delivery.address):
        reason = REASONS.get(outcome.code, "refused")
        binding.suspend(delivery.channel, delivery.address, reason, delivery.trial.started_at, uow, now)


def suppress(address, reason, uow, now):
    uow.suppressions.add(address, " ".join(reason.split()), now)


def take_bounce(raw, uow, now):
    """Read one mail from the mailbox for bounces. Returns what came of it, in a word or two."""
    bounce = read_bounce(raw)
    if bounce is None:
        return "no report"
    sent = uow.suppressions.delivery(bounce.delivery)
    if sent is None:
        return "not ours"
    if not bounce.final:
        return "still trying"
    if bounce.recipient and bounce.recipient.lower() != sent.address.lower():
        return "another recipient"
    reason = f"{bounce.status} {bounce.detail}".strip()
    uow.suppressions.came_back(bounce.delivery, f"came back: {reason}", now)
    if not bounce.address_is_gone:
        return "not the address's fault"
    suppress(sent.address, reason, uow, now)
    return "suppressed"


def confirm_address(message, uow, now):
    """The actor says that the address works. Raises NotFound when nothing is suppressed."""
    address = uow.suppressions.address_of(message.actor)
    if address is None or not uow.suppressions.lift(address):
        raise NotFound
    uow.note(f"address:{message.actor}", state="confirmed")
    return {"confirmed": True}
