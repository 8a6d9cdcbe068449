"""What the platform reports: ``GET`` asks whether it is us, ``POST`` brings an event.

It waits five seconds and then sends again, three times in all. So nothing is done here: the
event is verified and handed to notify, which keeps it or does not; in the latter case the
answer is 503 and the platform's next try brings it again.
"""

import logging
import time
from datetime import UTC, datetime

from flask import Response, current_app, request
from werkzeug.exceptions import NotFound, RequestEntityTooLarge

from services.contracts import schemas
from services.contracts.commands import TakeWechatEvent
from services.contracts.errors import InvalidInput, Refusal, RequestKeyReused
from services.portal.gateway import gateway
from services.portal.wechat import blueprint
from services.portal.wechat.sealed import Refused, Seal, read_xml

log = logging.getLogger(__name__)

PLATFORM = "wechat"
LARGEST = 64 * 1024
DEADLINE = 3.0
EVENTS = {"subscribe", "SCAN", "unsubscribe", "TEMPLATESENDJOBFINISH"}


@blueprint.get("/wechat/callback")
def prove() -> Response:
    """The platform makes sure that this address is ours: its own text back, if it has signed it."""
    seal, asked = our_seal(), request.args
    try:
        seal.check(asked.get("signature", ""), asked.get("timestamp", ""), asked.get("nonce", ""), time.time())
    except Refused as refused:
        return refusal(refused)
    return Response(asked.get("echostr", "")[:200], mimetype="text/plain")


@blueprint.post("/wechat/callback")
def take() -> Response:
    seal = our_seal()
    if len(request.get_data()) > LARGEST:
        raise RequestEntityTooLarge
    try:
        event = opened(seal)
    except Refused as refused:
        return refusal(refused)
    if event.get("MsgType") != "event" or event.get("Event") not in EVENTS:
        return success()  # people may write to the account; nobody reads it here
    return hand_over(event)


def opened(seal: Seal) -> dict[str, str]:
    """The report inside the sealed body. Raises Refused."""
    asked = request.args
    encrypted = read_xml(request.get_data()).get("Encrypt", "")
    if not encrypted:
        raise Refused("not encrypted", 400)
    signature, timestamp, nonce = (asked.get(name, "") for name in ("msg_signature", "timestamp", "nonce"))
    seal.check(signature, timestamp, nonce, time.time(), encrypted)
    return read_xml(seal.open(encrypted))


def hand_over(event: dict[str, str]) -> Response:
    """To notify, under the signature as its key: a callback that is played once more is known by it."""
    try:
        command = command_for(event)
        answer = gateway().send(command, DEADLINE)
    except (InvalidInput, RequestKeyReused) as error:
        return refusal(Refused(error.code, 400))
    except Refusal as error:
        log.warning("a callback could not be kept", extra={"code": error.code})
        return Response(status=503, headers={"Retry-After": "1"})
    return refusal(Refused("replayed", 409)) if answer.replayed else success()


def command_for(event: dict[str, str]) -> TakeWechatEvent:
    """Raises InvalidInput."""
    sent_at = event.get("CreateTime", "")
    if not sent_at.isdecimal() or len(sent_at) > 10:
        raise InvalidInput(errors={"sent_at": ["not_a_time"]})
    fields = {
        "actor": PLATFORM,
        "request_key": f"callback-{request.args['msg_signature']}",
        "sender": event.get("FromUserName", ""),
        "kind": event["Event"],
        "sent_at": datetime.fromtimestamp(int(sent_at), UTC).isoformat(),
        "key": event.get("EventKey", ""),
        "reference": event.get("MsgID", ""),
        "status": event.get("Status", ""),
    }
    return schemas.load(TakeWechatEvent, fields)


def our_seal() -> Seal:
    """Raises NotFound where no account is set up."""
    seal = current_app.extensions["wechat_seal"]
    if seal is None:
        raise NotFound
    return seal


def success() -> Response:
    return Response("success", mimetype="text/plain")


def refusal(refused: Refused) -> Response:
    """Without a word: whoever forges learns nothing."""
    log.warning("a callback was refused", extra={"why": str(refused), "address": request.remote_addr})
    return Response(status=refused.status)
