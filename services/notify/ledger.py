"""What is done about single deliveries: managers send dead ones again; whoever died is taken note of."""

from services.contracts.errors import NotAllowed, NotFound, WrongState
from services.notify import queries
from services.notify.domain.outcomes import Kind
from services.notify.domain.webhooks import GONE


def resend_delivery(message, uow, now):
    """Raises NotFound (also for who may not see it), NotAllowed, WrongState."""
    about = queries.delivery_for(uow.connection, message.actor, message.delivery)
    if about is None:
        raise NotFound
    if not about["manages"]:
        raise NotAllowed
    if not uow.deliveries.resend(message.delivery, now, by=message.actor):
        raise WrongState(state=about["state"], action="resend", reason="not_resendable")
    uow.note(f"delivery:{message.delivery}", state="resent")
    return {"id": message.delivery, "state": "pending"}


def take_note(died, uow, now):
    """After deliveries were given up: a program that is gone or silent for days is spoken to no more."""
    for report in died:
        claimed, outcome = report.claimed, report.outcome
        if claimed.channel == "webhook":
            gone = outcome.kind is Kind.RECIPIENT and outcome.code == str(GONE)
            uow.webhooks.switch_off_silent(claimed.recipient, now, gone)
