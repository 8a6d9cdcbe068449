"""Small real classes in place of the broker and of Redis."""

import time
from collections.abc import Callable
from typing import Any

from redis import ConnectionError as RedisConnectionError

from services.contracts import schemas
from services.contracts.commands import Answer, Command
from services.contracts.errors import NotFound, Refusal, RequestKeyReused, Unauthenticated
from services.contracts.messaging.client import method_of


class FakeClient:
    """Answers as the services would; ``answers[(service, method)]`` is a value, a refusal or a function.

    Commands are executed once per actor and key, like the real ones.
    """

    def __init__(self) -> None:
        self.answers: dict[tuple[str, str], Any] = {("accounts", "identity"): self.identity}
        self.answers["accounts", "identity_by_token"] = self.identity_by_token
        self.answers["accounts", "sign_in"] = self.sign_in
        self.people: dict[str, dict[str, Any]] = {}
        self.tokens: dict[str, dict[str, Any]] = {}
        self.passwords: dict[str, str] = {}
        self.calls: list[tuple[str, str, dict[str, Any]]] = []
        self.commands: list[Command] = []
        self.done: dict[tuple[str, str], tuple[dict[str, Any], Any]] = {}

    def call(self, service: str, method: str, arguments: dict[str, Any] | None = None, deadline: float = 5.0) -> Any:
        self.calls.append((service, method, arguments or {}))
        return self.answer(service, method, arguments or {})

    def send(self, command: Command, deadline: float = 5.0) -> Answer:
        body = schemas.dump(command)
        found = self.done.get((command.actor, command.request_key))
        if found:
            if found[0] != body:
                raise RequestKeyReused
            return Answer(found[1], replayed=True)
        schemas.load(type(command), body)
        value = self.answer(command.service, method_of(type(command)), body)
        self.commands.append(command)
        self.done[command.actor, command.request_key] = (body, value)
        return Answer(value)

    def answer(self, service: str, method: str, arguments: dict[str, Any]) -> Any:
        found = self.answers[service, method]
        if isinstance(found, Refusal) or (isinstance(found, type) and issubclass(found, Exception)):
            raise found
        return found(**arguments) if isinstance(found, Callable) else found

    def identity(self, person: str) -> dict[str, Any]:
        if person not in self.people or not self.people[person]["active"]:
            raise Unauthenticated
        return self.people[person]

    def identity_by_token(self, token: str) -> dict[str, Any]:
        if token not in self.tokens:
            raise Unauthenticated
        return self.tokens[token]

    def sign_in(self, name: str, password: str, address: str) -> dict[str, Any]:
        if not password or self.passwords.get(name) != password:
            raise Unauthenticated("The name or the password is wrong.")
        return self.people[name]


class FakeRedis:
    """The few commands that the portal uses. ``away``: nothing answers."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self.clock = clock
        self.values: dict[str, str] = {}
        self.sets: dict[str, set[str]] = {}
        self.ends: dict[str, float] = {}
        self.published: list[tuple[str, str]] = []
        self.away = False

    def reached(self) -> None:
        if self.away:
            raise RedisConnectionError("away")
        for key in [key for key, end in self.ends.items() if end <= self.clock()]:
            self.delete_now(key)

    def delete_now(self, key: str) -> None:
        self.values.pop(key, None)
        self.ends.pop(key, None)

    def ping(self) -> bool:
        self.reached()
        return True

    def set(self, key: str, value: str, ex: int) -> None:
        self.reached()
        self.values[key], self.ends[key] = value, self.clock() + ex

    def sadd(self, key: str, member: str) -> None:
        self.reached()
        self.sets.setdefault(key, set()).add(member)

    def getex(self, key: str, ex: int) -> str | None:
        self.reached()
        self.expire(key, ex)
        return self.values.get(key)

    def getdel(self, key: str) -> str | None:
        self.reached()
        self.ends.pop(key, None)
        return self.values.pop(key, None)

    def expire(self, key: str, seconds: int) -> None:
        if key in self.values:
            self.ends[key] = self.clock() + seconds

    def delete(self, key: str) -> None:
        self.reached()
        self.delete_now(key)

    def publish(self, channel: str, text: str) -> None:
        self.reached()
        self.published.append((channel, text))

    def incr(self, key: str) -> int:
        self.values[key] = str(int(self.values.get(key, 0)) + 1)
        return int(self.values[key])

    def pipeline(self, transaction: bool) -> "FakePipeline":
        return FakePipeline(self)


class FakePipeline:
    def __init__(self, redis: FakeRedis) -> None:
        self.redis = redis
        self.steps: list[Callable[[], Any]] = []

    def __enter__(self) -> "FakePipeline":
        return self

    def __exit__(self, *_error: object) -> None:
        self.steps = []

    def incr(self, key: str) -> None:
        self.steps.append(lambda: self.redis.incr(key))

    def expire(self, key: str, seconds: int) -> None:
        self.steps.append(lambda: self.redis.expire(key, seconds))

    def execute(self) -> list[Any]:
        self.redis.reached()
        steps, self.steps = self.steps, []
        return [step() for step in steps]


def not_found(**_arguments: Any) -> Any:
    raise NotFound
