"""Notify's part of the small base: who was told what, and programs that are told."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from services.contracts.errors import InvalidInput, NotFound, WrongState

DEAD = str(UUID(int=21))
HOOK = str(UUID(int=31))
NOW = datetime(2026, 11, 20, 1, tzinfo=UTC)


def told(**more):
    """One message about a reservation."""
    return {
        "id": str(UUID(int=20)),
        "event_type": "ReservationRequested",
        "step": "requested",
        "reservation": str(UUID(int=1)),
        "recipient": "manager-labs",
        "recipient_name": "王建国",
        "channel": "email",
        "state": "accepted",
        "attempts": 1,
        "reason": "",
        "created_at": NOW.isoformat(),
        "accepted_at": NOW.isoformat(),
        "arrival": None,
        "arrived_at": None,
        "fallback_of": None,
        "fell_back": False,
        "resendable": False,
        "tries": [],
        "version": 1,
        "due_at": None,
        **more,
    }


def attempt(outcome, code=None, detail=None):
    return {
        "started_at": NOW.isoformat(),
        "ended_at": NOW.isoformat(),
        "outcome": outcome,
        "code": code,
        "detail": detail,
    }


class FakeMessages:
    def __init__(self) -> None:
        super().__init__()
        self.resent, self.replayed = [], []
        tries = [attempt("transient"), attempt("recipient", "43004", "require subscribe")]
        self.dead = told(
            id=DEAD, channel="wechat", state="dead", reason="recipient 43004", accepted_at=None, attempts=2,
            resendable=True, tries=tries,
        )  # fmt: skip
        self.hooks = {}

    def add_hook(self, **more):
        hook = {
            "webhook": HOOK, "name": "排产系统", "url": "https://mes.example.org/hooks", "team": None,
            "team_name": None,
            "facts": [], "active": True, "reason": None, "changed_at": None, "created_by": "admin",
            "created_at": NOW.isoformat(), "last_accepted_at": None, "waiting": 0, "dead": 1, **more,
        }  # fmt: skip
        self.hooks[hook["webhook"]] = hook
        return hook

    def deliveries(self, actor, reservation):
        mail = told(state="accepted")
        if actor == "member01":
            return {"items": [mail, told(channel="wechat", attempts=2, arrival="arrived")]}
        group = told(recipient="@base", recipient_name="@base", channel="robot")
        instead = told(fallback_of=DEAD)
        return {"items": [mail, self.dead, instead, group]}

    def undelivered(self, actor, channel=None, recipient=None):
        items = [self.dead] if channel in (None, "wechat") and recipient in (None, "manager-labs") else []
        return {"items": items}

    def resend_delivery(self, actor, request_key, delivery):
        if delivery in self.resent:
            raise WrongState(state="pending", action="resend", reason="not_resendable")
        self.resent.append(delivery)
        return {"id": delivery, "state": "pending"}

    def webhooks(self, actor):
        return {"items": list(self.hooks.values())}

    def webhook(self, actor, webhook):
        if webhook not in self.hooks:
            raise NotFound
        return self.hooks[webhook]

    def webhook_deliveries(self, actor, webhook, state=None):
        items = [
            told(channel="webhook", recipient=webhook),
            told(id=DEAD, channel="webhook", state="dead", reason="transient 500", tries=[attempt("transient", "500")]),
            told(id=str(UUID(int=22)), state="retry", reason="unknown", due_at=(NOW + timedelta(hours=1)).isoformat()),
        ]
        return {"items": [item for item in items if state in (None, item["state"])]}

    def add_webhook(self, actor, request_key, name, url, team=None, facts=()):
        if not url.startswith("https://"):
            raise InvalidInput(errors={"url": ["not_https"]})
        made = self.add_hook(name=name, url=url, team=team, facts=list(facts), dead=0)
        return {"webhook": made["webhook"], "active": True, "secret": "whsec_c2VjcmV0"}

    def switch_webhook(self, actor, request_key, webhook, active):
        self.hooks[webhook] |= {"active": active, "reason": None if active else f"by {actor}"}
        return {"webhook": webhook, "active": active}

    def rotate_webhook_secret(self, actor, request_key, webhook):
        return {"webhook": webhook, "changes": 1, "secret": "whsec_bmV1"}

    def replay_webhook(self, actor, request_key, webhook, delivery=None):
        if not self.hooks[webhook]["active"]:
            raise WrongState(reason="webhook_off")
        self.replayed.append(delivery)
        return {"webhook": webhook, "count": 1}
