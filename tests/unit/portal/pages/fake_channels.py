"""Notify's part of the small base: where people are reached, and the codes that bind WeChat."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from services.contracts.errors import InvalidInput, NotAllowed, NotFound, WrongState


class FakeChannels:
    """``scan(code)`` is what the platform would report."""

    def __init__(self) -> None:
        super().__init__()
        self.bound: dict[tuple[str, str], dict] = {}
        self.codes: dict[str, dict] = {}
        self.suppressed: dict[str, dict] = {}

    def bind(self, person, channel="wechat", **more):
        self.bound[person, channel] = {
            "channel": channel,
            "hint": "…er01",
            "state": "active",
            "reason": None,
            "bound_at": datetime(2026, 11, 2, 1, tzinfo=UTC).isoformat(),
            "suspended_at": None,
            **more,
        }

    def scan(self, code, **more):
        self.codes[code] |= {"state": "scanned", "hint": "…hone", **more}

    def bindings(self, actor):
        items = [item for (person, _), item in self.bound.items() if person == actor]
        return {"items": items, "suppressed": self.suppressed.get(actor)}

    def confirm_address(self, actor, request_key):
        if self.suppressed.pop(actor, None) is None:
            raise NotFound
        return {"confirmed": True}

    def reached(self, actor, words=""):
        if "admin" not in self.people[actor]["roles"]:
            raise NotAllowed
        return {
            "items": [
                {name: item[name] for name in ("person", "name", "email", "roles")}
                | {"suppressed": (self.suppressed.get(person) or {}).get("reason")}
                | {"bindings": [bound for (whose, _), bound in self.bound.items() if whose == person]}
                for person, item in sorted(self.people.items())
                if (words in item["name"] if words else item["roles"])
            ]
        }

    def bind_channel(self, actor, request_key, person, channel, external_id):
        if external_id == "taken":
            raise InvalidInput(errors={"external_id": ["taken"]})
        if external_id:
            self.bind(person, channel, hint=f"…{external_id[-4:]}")
        else:
            self.bound.pop((person, channel), None)
        return {}

    def start_binding(self, actor, request_key, channel="wechat", inside=False):
        code, ends = str(uuid4()), datetime.now(UTC) + timedelta(minutes=5)
        address = "" if inside else f"http://weixin.qq.com/q/{code}"
        self.codes[code] = {
            "code": code,
            "channel": channel,
            "state": "open",
            "hint": "",
            "address": address,
            "expires_at": ends.isoformat(),
            "taken": False,
            "person": actor,
        }
        return {"code": code}

    def binding_code(self, actor, code):
        if self.codes.get(code, {}).get("person") != actor:
            raise NotFound
        return self.codes[code]

    def prove_binding(self, actor, request_key, code, channel, proof):
        self.scan(code)
        return {"code": code}

    def confirm_binding(self, actor, request_key, code):
        item = self.binding_code(actor, code)
        if item["state"] != "scanned":
            raise WrongState(reason=f"code_{item['state']}")
        item["state"] = "bound"
        self.bind(actor, item["channel"])
        return {"channel": item["channel"], "bound": True}

    def drop_binding(self, actor, request_key, channel):
        if self.bound.pop((actor, channel), None) is None:
            raise NotFound
        return {"channel": channel, "bound": False}
