"""What is done about webhooks: those who manage the base add, switch, re-key and replay them."""

import uuid

from services.contracts.errors import InvalidInput, NotAllowed, NotFound, WrongState
from services.notify.domain.webhooks import FACTS, Webhook, deliveries, secret_of


def tell(event, cause, uow):
    """Write what programs are told of a fact; whether a person is told of it makes no difference."""
    uow.deliveries.add(deliveries(uow.webhooks.listening(event), event, cause))


def check_rights(actor, uow):
    """Raises NotAllowed."""
    if not uow.webhooks.manages_base(actor):
        raise NotAllowed


def add_webhook(message, uow, now, outside):
    """The answer is without the secret, because answers are stored. Raises NotAllowed, InvalidInput."""
    check_rights(message.actor, uow)
    objection = outside.objection(message.url)
    errors = {
        "url": [objection] if objection else [],
        "team": ["unknown"] if message.team and not uow.webhooks.knows_team(message.team) else [],
        "facts": ["unknown_choice"] if set(message.facts) - set(FACTS) else [],
    }
    if wrong := {name: words for name, words in errors.items() if words}:
        raise InvalidInput(errors=wrong)
    webhook = Webhook(
        webhook=str(uuid.uuid4()),
        name=message.name,
        url=message.url,
        team=message.team,
        facts=tuple(sorted(set(message.facts))),
        created_by=message.actor,
        created_at=now,
    )
    uow.webhooks.add(webhook)
    uow.note(chain(webhook), name=webhook.name, url=webhook.url, team=webhook.team, facts=list(webhook.facts))
    return state_of(webhook)


def switch_webhook(message, uow, now):
    """Raises NotAllowed, NotFound."""
    webhook = found(message, uow)
    uow.webhooks.switch(webhook.webhook, message.active, None if message.active else f"by {message.actor}")
    uow.note(chain(webhook), active=message.active)
    return {"webhook": webhook.webhook, "active": message.active}


def rotate_webhook_secret(message, uow, now):
    """Raises NotAllowed, NotFound."""
    webhook = found(message, uow)
    uow.webhooks.change_secret(webhook.webhook, now)
    uow.note(chain(webhook), secret="changed")
    return {"webhook": webhook.webhook, "changes": webhook.changes + 1}


def replay_webhook(message, uow, now):
    """Raises NotAllowed, NotFound, WrongState (switched off)."""
    webhook = found(message, uow)
    if not webhook.active:
        raise WrongState(reason="webhook_off")
    count = uow.webhooks.replay(webhook.webhook, message.delivery, message.actor, now)
    if message.delivery and not count:
        raise NotFound
    uow.note(chain(webhook), sent_again=count)
    return {"webhook": webhook.webhook, "count": count}


def found(message, uow):
    check_rights(message.actor, uow)
    webhook = uow.webhooks.find(message.webhook)
    if webhook is None:
        raise NotFound
    return webhook


def chain(webhook):
    return f"webhook:{webhook.webhook}"


def state_of(webhook):
    return {"webhook": webhook.webhook, "active": webhook.active, "changes": webhook.changes}


def with_secret(answer, key):
    """The answer to a command that made a secret, with it; a repeated request gets it without."""
    if answer.replayed:
        return answer
    secret = secret_of(key, answer.value["webhook"], answer.value["changes"])
    return answer._replace(value=answer.value | {"secret": secret})
