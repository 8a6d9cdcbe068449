"""A program that listens for webhooks: POST /hooks/NAME takes anything, and shows it beside the messages."""

import json
import time
from datetime import UTC, datetime

from deploy.standins.faults import Fault
from deploy.standins.web import Reply, Request, Routes
from deploy.standins.wechat.conversation import Conversation
from deploy.standins.wechat.provider import message

SIGNED = ("webhook-id", "webhook-timestamp", "webhook-signature")


def add_hooks(routes: Routes, conversation: Conversation) -> None:
    def listen(request: Request, name: str) -> Reply:
        """A repeat of what was taken before is known by its webhook-id and shown once."""
        fault = conversation.faults.take(lambda fault: fault.route in ("*", request.path))
        if fault and fault.fault == "slow":
            time.sleep(fault.seconds)
        if fault is None or fault.when == "after" or fault.fault == "slow":
            take(conversation, request, name)
        return _reply(fault)

    routes.add("POST", "/hooks/{name}", listen)


def take(conversation: Conversation, request: Request, name: str) -> None:
    provider = conversation.provider
    now, number = provider.clock.now(), request.headers.get("webhook-id")
    repeated = provider.seen.find(("hook", name, number), now)
    provider.seen.keep(("hook", name, number), True, now, 86400)
    body = request.json()
    body = body if isinstance(body, dict) else {}
    shown = message(
        "webhook",
        name,
        ["duplicate"] if repeated else [],
        template="",
        text=json.dumps(body, ensure_ascii=False, indent=1),
        data=body,
        raw=request.body.decode("utf-8", "replace"),
        headers={each: request.headers.get(each) for each in SIGNED},
    )
    provider.messages.add({**shown, "received_at": datetime.fromtimestamp(now, UTC).isoformat()})


def _reply(fault: Fault | None) -> Reply:
    if fault is None or fault.fault == "slow":
        return Reply(status=204)
    if fault.fault == "reset":
        return Reply(ending="reset")
    redirect = {"Location": "/hooks/elsewhere"} if 300 <= (fault.code or 0) < 400 else {}
    return Reply(status=fault.code or 500, headers=redirect)
