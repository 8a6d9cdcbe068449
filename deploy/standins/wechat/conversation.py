"""One request from its arrival to its answer: fault, judge, log."""

import hashlib
import json
import re
import threading
import time
from datetime import UTC, datetime

from deploy.standins.faults import Fault, Faults
from deploy.standins.recent import Recent
from deploy.standins.web import Reply, Request, json_reply
from deploy.standins.wechat.judge import answer_of, judge
from deploy.standins.wechat.provider import Call, Provider, Verdict

LOGGED = 2_000
FAULT_DEFAULTS = {
    "slow": {"seconds": 5},
    "reset": {},
    "status": {"code": 503},
    "code": {"code": -1},
    "html200": {},
    "empty200": {},
    "code_as_text": {"when": "after"},
    "drip": {"when": "after", "seconds": 1},
    "truncate": {"when": "after"},
    "token_revoke": {},
}
SEEN = {
    "slow": "late",
    "reset": "nothing",
    "truncate": "part",
    "status": "replaced",
    "code": "replaced",
    "html200": "replaced",
    "empty200": "replaced",
    "drip": "late",
}
HTML = b"<!doctype html><title>Gateway</title><h1>The page you asked for is being looked after</h1>"


def http_faults() -> Faults:
    """`route` is the end of a path, or * for all; without it a fault strikes calls that send something."""
    return Faults(FAULT_DEFAULTS, {"route"})


class Conversation:
    def __init__(self, provider: Provider, faults: Faults):
        self.provider = provider
        self.faults = faults
        self.requests = Recent(LOGGED)
        self._one_at_a_time = threading.Lock()

    def answer(self, request: Request) -> Reply:
        """`accepted` in the log is the provider's side, `seen` the client's: after a fault they differ."""
        fault = self.faults.take(lambda fault: _strikes(fault, request.path))
        kind, when = (fault.fault, fault.when) if fault else (None, None)
        if kind == "slow" and when == "before":
            time.sleep(fault.seconds)
        if kind == "token_revoke":
            self.provider.tokens.revoke_all()
        judged = kind in (None, "slow", "token_revoke", "truncate") or when == "after"
        verdict = self._judge(request) if judged else None
        self._log(request, verdict, fault)
        if kind == "slow" and when == "after":
            time.sleep(fault.seconds)
        return _reply(verdict, fault)

    def _judge(self, request: Request) -> Verdict:
        with self._one_at_a_time:
            call = Call(request.path, request.query, request.body, self.provider.clock.now())
            return judge(self.provider, request.method, call)

    def _log(self, request: Request, verdict: Verdict | None, fault: Fault | None) -> None:
        body = request.json()
        body = body if isinstance(body, dict) else {}
        self.requests.add(
            {
                "at": datetime.fromtimestamp(self.provider.clock.now(), UTC).isoformat(),
                "method": request.method,
                "path": request.path,
                "query": {name: _scrubbed(name, value) for name, value in request.query.items()},
                "to": body.get("touser"),
                "client_msg_id": body.get("client_msg_id"),
                "body": _scrubbed_body(body, request.body),
                "body_digest": hashlib.sha256(request.body).hexdigest(),
                "accepted": verdict is not None and verdict.errcode == 0,
                "errcode": verdict.errcode if verdict else None,
                "hint": verdict.hint if verdict else "",
                "seen": SEEN.get(fault.fault, "answer") if fault else "answer",
                "fault": fault.fault if fault else None,
                "fault_code": fault.code if fault else None,
            }
        )


def _strikes(fault: Fault, path: str) -> bool:
    return fault.route == "*" or path.endswith(fault.route or "/send")


def _reply(verdict: Verdict | None, fault: Fault | None) -> Reply:
    kind = fault.fault if fault else None
    if kind == "reset":
        return Reply(ending="reset")
    if kind == "html200":
        return Reply(HTML, content_type="text/html")
    if kind == "empty200":
        return Reply()
    if kind == "status":
        return Reply(HTML, fault.code, "text/html")
    answer = answer_of(Verdict(fault.code) if kind == "code" else verdict)
    if kind == "code_as_text":
        answer = {name: str(value) for name, value in answer.items()}
    reply = json_reply(answer)
    reply.drip = fault.seconds if kind == "drip" else 0
    reply.ending = "truncate" if kind == "truncate" else "whole"
    return reply


def _scrubbed(name: str, value: object) -> object:
    return f"{str(value)[:4]}…" if re.search(r"secret|token|key", name) else value


def _scrubbed_body(body: dict, raw: bytes) -> str:
    if not body:
        return raw[:500].decode("utf-8", "replace")
    return json.dumps({name: _scrubbed(name, value) for name, value in body.items()}, ensure_ascii=False)[:4000]
