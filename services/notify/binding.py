"""What is done with commands about bindings, and with what the platform reports about them."""

import re
import uuid
from datetime import timedelta

from services.contracts.errors import InvalidInput, NotAllowed, NotFound, TooManyRequests, WrongState
from services.notify.domain.bindings import LIFE, BindingState, Code, CodeState, hint, scanned_scene

SCENE = re.compile(r"[0-9a-f]{32}")

EXTERNAL_IDS = {
    "wechat": re.compile(r"[A-Za-z0-9_-]{1,64}"),
    "wecom": re.compile(r"[A-Za-z0-9][A-Za-z0-9_.@-]{0,63}"),
}
"""One account each: "@all" would be everybody, and a bar separates several."""

WHILE, MOST_CODES = timedelta(minutes=10), 10
"""Each code costs the account one of its daily calls."""


def bind_channel(message, uow, now):
    """Tie a person to an external id, or untie. Raises NotAllowed, InvalidInput."""
    if not uow.bindings.is_admin(message.actor):
        raise NotAllowed
    if not uow.bindings.is_known(message.person):
        raise InvalidInput(errors={"person": ["unknown"]})
    if message.external_id and not EXTERNAL_IDS[message.channel].fullmatch(message.external_id):
        raise InvalidInput(errors={"external_id": ["malformed"]})
    bind(message.person, message.channel, message.external_id, uow, now)
    return {"person": message.person, "channel": message.channel, "bound": bool(message.external_id)}


def bind(person, channel, external_id, uow, now):
    """One external id belongs to one person, unless that binding is no longer in force. Raises InvalidInput."""
    if not external_id:
        unbind(person, channel, uow)
        return
    owner = uow.bindings.owner(channel, external_id)
    if owner and owner[0] != person:
        if owner[1] is BindingState.ACTIVE:
            words = f"the {channel} id of {person} belongs to somebody else"
            raise InvalidInput(words, errors={"external_id": ["taken"]})
        unbind(owner[0], channel, uow)
    uow.bindings.bind(person, channel, external_id, now)
    uow.note(chain(person, channel), state="active", account=hint(external_id))


def unbind(person, channel, uow):
    """Returns whether there was a binding."""
    found = uow.bindings.unbind(person, channel)
    if found:
        uow.note(chain(person, channel), state="untied")
    return found


def chain(person, channel):
    """The binding's name in the audit trail."""
    return f"binding:{person}:{channel}"


# by the person ---------------------------------------------------------------------------


def start_binding(message, uow, now):
    """A fresh code for the actor; in WeCom nothing can be scanned. Raises NotAllowed, TooManyRequests, InvalidInput."""
    if message.channel == "wecom" and not message.inside:
        raise InvalidInput(errors={"channel": ["unknown_choice"]})
    if not uow.bindings.is_active(message.actor):
        raise NotAllowed
    if uow.codes.count(message.actor, now - WHILE) >= MOST_CODES:
        raise TooManyRequests(retry_after=int(WHILE.total_seconds()))
    code = Code(code=str(uuid.uuid4()), person=message.actor, channel=message.channel, expires_at=now + LIFE)
    uow.codes.add(code, now)
    return {"code": code.code, "channel": code.channel, "expires_at": code.expires_at.isoformat()}


def scanned_inside(message, external_id, uow, now):
    """The page was opened by this account inside WeChat, which counts as a scan. Raises NotFound, WrongState."""
    code = uow.codes.find(message.code, message.actor)
    if code is None or code.channel != message.channel:
        raise NotFound
    if not uow.codes.scan(code.code, code.channel, external_id, now):
        raise WrongState(reason=f"code_{code.state(now)}")
    return {"code": code.code}


def confirm_binding(message, uow, now):
    """The account that scanned the code becomes the actor's. Raises NotFound, WrongState, InvalidInput."""
    code = uow.codes.find(message.code, message.actor)
    if code is None:
        raise NotFound
    state = code.state(now)
    if state is not CodeState.SCANNED:
        raise WrongState(reason=f"code_{state}")
    bind(code.person, code.channel, code.external_id, uow, now)
    uow.codes.use(code.code, now)
    return {"channel": code.channel, "bound": True}


def drop_binding(message, uow, now):
    """Untie the actor's account. Raises NotFound."""
    if not unbind(message.actor, message.channel, uow):
        raise NotFound
    return {"channel": message.channel, "bound": False}


# by the platform -------------------------------------------------------------------------


def take_wechat_event(message, uow, now):
    """Do what an event of the Official Account asks for, once however often it is reported."""
    if not uow.codes.take_callback("wechat", callback_key(message), now):
        return {"first": False}
    scene = scanned_scene(message.kind, message.key)
    if scene and SCENE.fullmatch(scene):
        uow.codes.scan(scene, "wechat", message.sender, now)
    elif message.kind == "unsubscribe":
        suspend("wechat", message.sender, "unfollowed", message.sent_at, uow, now)
    elif message.kind == "TEMPLATESENDJOBFINISH" and message.reference:
        take_fate(message, uow, now)
    return {"first": True}


def take_fate(message, uow, now):
    """What became of a card after it was accepted: a person who blocks us is written to by mail from now on."""
    failed = uow.deliveries.arrived("wechat", message.reference, message.status or "unknown", now)
    if failed and "block" in message.status:
        suspend("wechat", failed.address, "refused", now, uow, now)


def suspend(channel, external_id, reason, before, uow, now):
    """Send there no longer, whoever it is."""
    person = uow.bindings.suspend(channel, external_id, reason, before, now)
    if person:
        uow.note(chain(person, channel), state="suspended", account=hint(external_id), reason=reason)


def callback_key(message):
    """Under which a repeat of a report is known: by the message it is about, else by who, when and what."""
    if message.reference:
        return f"{message.kind} {message.reference}"
    return f"{message.sender} {message.sent_at.timestamp():.0f} {message.kind} {message.key}"
