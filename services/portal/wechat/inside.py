"""Signing in from inside WeChat or WeCom, and binding the account that one holds there.

    /wechat/enter ─► the platform ─► /wechat/return?code=&state= ─► where one wanted to go, without the code

``state`` is random, kept for ten minutes under the visitor's own session, and taken once: a link
that somebody passes on with its code leads nobody else in. The way back changes nothing but who
is signed in; binding is a button on the page after it.
"""

import json
import secrets
from typing import Any
from urllib.parse import urlencode

from flask import Response, current_app, redirect, request, url_for
from redis import Redis

from services.contracts.commands import ProveBinding
from services.contracts.errors import Refusal, Unauthenticated
from services.portal import sessions
from services.portal.gateway import gateway
from services.portal.identities import identities
from services.portal.session_record import hash_of
from services.portal.wechat import blueprint

STATE_SECONDS = 600
LONGEST_NEXT = 500


class States:
    """What somebody went to the platform for. Raises Unavailable when Redis does not answer."""

    def __init__(self, redis: Redis):
        self.redis = redis

    def keep(self, visitor: str, errand: dict[str, str]) -> str:
        """A state of 128 random bits in letters and digits."""
        state = secrets.token_hex(16)
        with sessions.reachable():
            self.redis.set(self.key(visitor, state), json.dumps(errand), ex=STATE_SECONDS)
        return state

    def take(self, visitor: str, state: str) -> dict[str, str] | None:
        """The errand of this visitor; each is taken once."""
        with sessions.reachable():
            found = self.redis.getdel(self.key(visitor, state))
        return json.loads(found) if found else None

    @staticmethod
    def key(visitor: str, state: str) -> str:
        return f"wechat-state:{hash_of(f'{visitor} {state}')}"


def place() -> str | None:
    """Inside which of the two the page is open, where its platform can tell who that is: wechat, wecom or None."""
    agent, config = request.headers.get("User-Agent", "").lower(), current_app.config
    if "wxwork" in agent:
        return "wecom" if config["WECOM_CORP_ID"] else None
    return "wechat" if "micromessenger" in agent and config["WECHAT_APP_ID"] else None


def to_platform(channel: str, errand: dict[str, str]) -> Response:
    """Off to the platform, which sends everybody back at once: a plain id needs no consent."""
    config = current_app.config
    asked = {
        "appid": config["WECOM_CORP_ID"] if channel == "wecom" else config["WECHAT_APP_ID"],
        "redirect_uri": f"{config['PUBLIC_URL']}{url_for('wechat.come_back')}",
        "response_type": "code",
        "scope": "snsapi_base",
        "state": states().keep(sessions.visitor_id(), errand | {"channel": channel}),
    }
    if channel == "wecom":
        asked["agentid"] = config["WECOM_AGENT_ID"]
    return redirect(f"{config['WECHAT_OPEN_BASE']}/connect/oauth2/authorize?{urlencode(asked)}#wechat_redirect", 303)


@blueprint.get("/wechat/enter")
def enter() -> Response:
    """Sign in as the person to whom the account is bound."""
    wanted, channel = request.args.get("next", "")[:LONGEST_NEXT], place()
    if sessions.current_identity() is not None or channel is None:
        return redirect(url_for("pages.sign_in", next=wanted or None), 303)
    return to_platform(channel, {"next": wanted})


@blueprint.get("/wechat/return")
def come_back() -> Response:
    errand = states().take(sessions.visitor_id(), request.args.get("state", "")[:128])
    proof = request.args.get("code", "")
    if errand is None or not proof:
        return redirect(url_for("pages.sign_in"), 303)
    return finish_binding(errand, proof) if "binding" in errand else finish_entering(errand, proof)


def finish_entering(errand: dict[str, str], proof: str) -> Response:
    try:
        asked = {"channel": errand["channel"], "proof": proof}
        person = gateway().call("notify", "person_inside", asked)["person"]
        if person is None:
            raise Unauthenticated
        sessions.enter(identities().by_person(person))
    except Refusal as refusal:
        known = "unbound" if isinstance(refusal, Unauthenticated) else "failed"
        return redirect(url_for("pages.sign_in", next=errand["next"] or None, wechat=known), 303)
    return redirect(url_for("pages.sign_in", next=errand["next"] or None), 303)


def finish_binding(errand: dict[str, str], proof: str) -> Response:
    """The account counts as scanned; the page asks its owner whether it is theirs. Raises Unauthenticated, Refusal."""
    identity = sessions.current_identity()
    if identity is None:
        raise Unauthenticated
    fields = {"code": errand["binding"], "channel": errand["channel"], "proof": proof}
    gateway().send(ProveBinding(actor=identity["person"], request_key=f"inside-{hash_of(proof)}", **fields))
    return redirect(url_for("pages.binding_code", code=errand["binding"]), 303)


def states() -> States:
    return current_app.extensions["wechat_states"]


def offered() -> dict[str, Any]:
    """For templates: whether there is an account to bind, and inside which one is already."""
    return {"wechat_is_set_up": bool(current_app.config["WECHAT_APP_ID"]), "inside": place()}
