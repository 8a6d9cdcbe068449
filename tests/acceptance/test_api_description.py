"""D01: whatever is sent, every operation answers as its description says, and never with a mistake of ours.

The same is tried every time; FUZZ_EXAMPLES (per operation) and FUZZ_SEED change how much and what.
"""

import base64
import json
import os
import uuid
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.acceptance import (
    described_campaigns,
    described_contention,
    described_messages,
    described_people,
    described_replans,
    described_swaps,
    described_use,
    described_waiting,
)
from tests.acceptance.described_calendar import calendar
from tests.acceptance.description import HOSTILE, Description
from tests.acceptance.facilities import put_out_of_use
from tests.waiting import until

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "15"))
SEED = int(os.environ.get("FUZZ_SEED", "20261126"))
RESERVATION = "reservations/{reservation}"
SERIES = "series/{series}"
NAMES = {"zh-Hans": "静", "en": "Quiet"}
FACILITIES, OWN_FACILITY, OWN_SITE = "/api/v1/facilities", "QUIET-1", "QUIET"
INTERRUPTIONS = tuple(f"/api/v1/{name}" for name in ("outages", "maintenance", "closures", "interruptions", "replans"))
QUOTAS = "/api/v1/quotas"
MEMBER = "member22"


@pytest.fixture(scope="module")
def description(stack):
    return Description(httpx.get(f"{stack.portal}/api/openapi.json").json())


@pytest.fixture(scope="module")
def people(stack):
    """A member, a manager and an admin whose messages, leave and bindings nobody else relies on."""
    manager = stack.new_person("fuzz-manager", "facility_manager", manages=("LAB-3", "LAB-4"))
    return MEMBER, manager, stack.new_person("fuzz-admin", "admin")


@pytest.fixture(scope="module")
def known(stack):
    """Values that exist, so that requests come past the first door."""
    member = stack.api(MEMBER)
    made = [member.reserve("LAB-3", stack.free_slot("LAB-3"), team="team-22").json()["id"] for _ in range(2)]
    near = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(days=6)
    moments = [(near + timedelta(hours=hours)).isoformat() for hours in range(0, 48, 3)]
    return {
        "facility": ["LAB-3", "LAB-4", "PLAT-01"], "team": ["team-22", "team-23"], "reservation": made,
        "starts_at": moments, "ends_at": moments, "from": moments, "to": moments, "version": [1, 2],
        "names": [NAMES], "descriptions": [NAMES], "units": [[{"code": "A", "names": NAMES}]],
        "opening_hours": [[[[0, 1440]]] * 7], "site": [OWN_SITE], "reason": [NAMES], "year": [2026, 2027],
        "rule": ["FREQ=DAILY;COUNT=3"], "days": [[{"date": "2027-01-01", "kind": "holiday", "names": NAMES}]],
    }  # fmt: skip


def requests(description, operation, known):
    """(path, query, body): mostly as described, sometimes with anything at all in one place."""
    if operation.path.startswith((FACILITIES, *INTERRUPTIONS)) and operation.method != "GET":
        known = known | {"facility": [OWN_FACILITY]}  # the base's own are needed by other tests
    if operation.path.startswith(QUOTAS):
        known = known | {"scope": ["team"], "subject": ["nobody"], "kind": ["platform"]}
    place = {each["name"]: each for each in operation.parameters}
    inside = {name: each for name, each in place.items() if each["in"] == "path"}
    asked = {name: each for name, each in place.items() if each["in"] == "query"}
    fields = {name: description.values(each["schema"], known, name) for name, each in {**inside, **asked}.items()}
    path = st.fixed_dictionaries({name: fields[name].map(str) for name in inside})
    query = st.fixed_dictionaries({}, optional={name: fields[name] | HOSTILE.map(str) for name in asked})
    return st.tuples(path, query, bodies(description, operation, known))


def bodies(description, operation, known):
    if operation.body is None:
        return st.none()
    good = description.values(operation.body, known)
    if operation.path == FACILITIES:
        good = good.map(lambda body: body | {"facility": OWN_FACILITY})
    names = sorted(description.at(operation.body)["properties"])
    spoilt = st.builds(lambda body, name, value: body | {name: value}, good, st.sampled_from([*names, "more"]), HOSTILE)
    return good | spoilt | HOSTILE | st.binary(max_size=20)


def send(client, operation, path, query, body):
    address = operation.path
    for name, value in path.items():
        address = address.replace(f"{{{name}}}", httpx.URL("/").copy_with(path=f"/{value}").raw_path.decode()[1:])
    content = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"Content-Type": "application/json"} if content else {}
    return client.request(operation.method, str(client.base_url.join(address)), params=query, content=content,
                          headers=headers)  # fmt: skip


def fuzz(stack, description, operation, known, people):
    """Raises AssertionError with the smallest part of the story: the operation, the request and the answer."""

    @seed(SEED)
    @settings(max_examples=EXAMPLES, deadline=None, database=None, phases=[Phase.generate],
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(st.sampled_from(people), requests(description, operation, known))
    def check(person, request):
        response = send(stack.api(person), operation, *request)
        if response.status_code == 414:  # the HTTP server itself reads no address as long as this
            return
        assert response.status_code < 500, f"{operation} {request}: {response.text}"
        description.check(operation, response)

    check()


def test_hostile_requests_get_described_answers(stack, description, known, people):
    print(f"FUZZ_SEED={SEED}")
    failures = []
    for operation in description.operations():
        try:
            fuzz(stack, description, operation, known, people)
        except AssertionError as error:
            failures.append(str(error)[:600])
    assert failures == []


@pytest.fixture(autouse=True)
def put_away(api):
    """No other test shall meet what is made here, whatever becomes of a test: facilities, quotas, webhooks."""
    admin = api("admin")

    def those_there():
        items = {path: admin.get(path).json()["items"] for path in ("facilities", "quotas", "webhooks")}
        return {(path, each.get("code") or each["webhook"]): each for path in items for each in items[path]}

    there = those_there()
    yield
    for (path, code), item in those_there().items():
        if (path, code) not in there and item.get("active", True):
            AWAY[path](admin, code, item)


def end_quota(admin, code, quota):
    kept = {name: quota[name] for name in ("scope", "subject", "kind", "per", "limit", "version")}
    ended = admin.post("quotas", json=kept | {"quota": code, "active": False})
    assert ended.is_success, ended.text


def disable(admin, webhook, _item):
    assert admin.post(f"webhooks/{webhook}/disable").is_success


AWAY = {
    "facilities": lambda admin, code, _item: put_out_of_use(admin, code),
    "quotas": end_quota,
    "webhooks": disable,
}


def test_every_operation_succeeds_as_described(stack, api, slots, description, absent):
    """The other half: a fuzz that is refused everywhere would have tried nothing."""
    succeeded = set()
    operations = {(each.method, each.path.removeprefix("/api/v1/")): each for each in description.operations()}

    def do(person, method, path, body=None, *, query=None, **place):
        response = api(person).request(method, path.format(**place), json=body, params=query)
        assert response.is_success, response.text
        description.check(operations[method, path], response)
        succeeded.add((method, path))
        return response.json() if response.content and "json" in response.headers["content-type"] else None

    day = {"from": datetime.now(UTC).isoformat(), "to": (datetime.now(UTC) + timedelta(days=3)).isoformat()}
    asked = [api("member27").reserve("LAB-3", slots("LAB-3"), team="team-27") for _ in range(2)]
    made = [answer.json()["id"] for answer in asked if answer.is_success or pytest.fail(answer.text)]
    moved = [moment.isoformat() for moment in slots("LAB-3")]
    for path in ("me", "teams", "facilities", "tokens", "reservations"):
        do("member27", "GET", path)
    do("member27", "GET", "teams/{team}", team="team-27")
    do("member27", "GET", "projects", query={"team": "team-27"})
    do("member27", "GET", "facilities/{facility}", facility="LAB-3")
    do("member27", "GET", "board", query=day)
    do("member27", "GET", "free-slots", query={"facility": "LAB-3", "minutes": 60})
    sought = {"facility": "LAB-3", "minutes": 60, "team": "team-27", "equivalents": "true", "part": "morning"}
    assert do("member27", "GET", "find-times", query=sought)["items"]
    assert do("member27", "GET", "find-times", query=sought | {"part": "night"})["in_the_way"]
    do("member27", "POST", "reservations", request("LAB-3", slots("LAB-3")))
    do("member27", "PATCH", RESERVATION, {"version": 1, "starts_at": moved[0], "ends_at": moved[1]},
       reservation=made[0])  # fmt: skip
    do("manager-labs", "POST", f"{RESERVATION}/approve", {}, reservation=made[0])
    do("member27", "POST", f"{RESERVATION}/cancel", {"reason": "样品未到"}, reservation=made[0])
    do("manager-labs", "POST", f"{RESERVATION}/reject", {"reason": "设备校准"}, reservation=made[1])
    do("member27", "GET", RESERVATION, reservation=made[0])
    third = do("member27", "POST", "reservations", request("LAB-3", slots("LAB-3")))["id"]
    do("member27", "POST", f"{RESERVATION}/withdraw", None, reservation=third)
    until(lambda: api("member27").get("deliveries", params={"reservation": made[0]}).status_code == 200, 180)
    do("member27", "GET", "deliveries", query={"reservation": made[0]})
    repeat(do, slots)
    described_replans.replans(do, api, f"PLAN-{uuid.uuid4().hex[:6]}")
    described_campaigns.campaigns(do)
    described_swaps.swaps(do, api, slots)
    described_swaps.what_if(do, "LAB-4")
    described_contention.contention(do, api, f"RIVAL-{uuid.uuid4().hex[:6]}")
    described_waiting.waiting(do, api, slots)
    say(do, slots)
    token = do("member27", "POST", "tokens", {"name": "described", "scopes": ["read"]})["token"]
    do("member27", "DELETE", "tokens/{token}", token=token)
    facility = api("admin").get("facilities/LAB-9").json()
    do("admin", "PATCH", "facilities/{facility}", {"version": facility["version"]}, facility="LAB-9")
    quiet = do("admin", "POST", "facilities", quiet_facility(facility))["facility"]
    quota = {"quota": f"Q-{quiet}", "scope": "team", "subject": "team-27", "kind": "lab", "per": "month"}
    do("admin", "POST", "quotas", quota | {"limit": 100_000})
    do("admin", "GET", "quotas")
    do("member27", "GET", "quotas/usage", query={"team": "team-27"})
    take_over(do, slots("LAB-3"))
    calendar(do, quiet, quiet.replace("QUIET", "SITE"))
    described_use.miss(do, api, absent)
    use_and_tell(do, stack, quiet.replace("QUIET", "OPEN"))
    described_people.projects(do, api, quiet.replace("QUIET", "P"))
    described_people.trainings(do, quiet.replace("QUIET", "T"))
    described_people.catalogue(do, quiet.replace("QUIET", "T"))
    assert set(operations) - succeeded == set()


def take_over(do, span):
    """What another system has granted: looked at, then granted here."""
    rows = {"reservations": [request("LAB-3", span) | {"requester": "member27"}]}
    assert do("base-manager", "POST", "reservations/import/check", rows)["items"][0]["ok"]
    assert do("base-manager", "POST", "reservations/import", rows)["items"][0]["state"] == "approved"


def repeat(do, slots):
    """A series from asking to giving up; dates that other tests hold are left out."""
    span, lenient = slots("LAB-4"), {"on_clash": "skip"}
    asked = request("LAB-4", span) | {"rule": "FREQ=WEEKLY;COUNT=3"}
    do("member27", "POST", "series/check", {name: value for name, value in asked.items() if name != "purpose"})
    one = {"series": do("member27", "POST", "series", asked | lenient)["id"]}
    do("member27", "GET", SERIES, **one)
    do("member27", "POST", f"{SERIES}/check", {"length_minutes": 60}, **one)
    do("member27", "PATCH", SERIES, {"version": 1, "length_minutes": 60}, **one)
    do("manager-labs", "POST", f"{SERIES}/approve", {}, **one)
    do("member27", "POST", f"{SERIES}/dates", {"more": 2} | lenient, **one)
    do("manager-labs", "POST", f"{SERIES}/reject", {"reason": "设备校准"}, **one)
    do("member27", "POST", f"{SERIES}/cancel", None, **one)


def say(do, slots):
    """What a request says of itself, its files, and who stands in for whom; LAB-7 asks and takes files."""
    one = {"reservation": do("member27", "POST", "reservations", request("LAB-7", slots("LAB-7")))["id"]}
    do("member27", "POST", f"{RESERVATION}/describe", {"people": 2, "answers": {"energised": "no"}}, **one)
    file = {"name": "方案.pdf", "content": base64.b64encode(b"%PDF-1.7").decode()}
    attached = do("member27", "POST", f"{RESERVATION}/attachments", file, **one)
    one["attachment"] = attached["attachment"]
    do("member27", "GET", f"{RESERVATION}/attachments/{{attachment}}", **one)
    do("member27", "DELETE", f"{RESERVATION}/attachments/{{attachment}}", None, **one)
    now = datetime.now(UTC)
    leave = {"delegate": "member27", "starts_at": now.isoformat(), "ends_at": (now + timedelta(days=1)).isoformat()}
    do("lead27", "GET", "me/delegates")
    do("lead27", "PUT", "me/leave", leave)
    do("lead27", "PUT", "me/leave", {})


def use_and_tell(do, stack, facility):
    """A run from coming to leaving, and whom that is told."""
    with described_messages.listening() as address:
        start, grid = described_use.open_always(do, stack.api, facility)
        described_messages.keeper(do, stack, facility)
        webhook = described_messages.hear(do, address)
        described_use.use(do, facility, start, grid)
        described_messages.comes_back(do, stack)
        described_messages.binding(do, stack)
        described_messages.heard(do, stack, webhook)


def request(facility, span):
    return {
        "facility": facility, "team": "team-27", "purpose": "描述", "starts_at": span[0].isoformat(),
        "ends_at": span[1].isoformat(),
    }  # fmt: skip


def quiet_facility(model):
    """Like another one, and out of use, so that no other test meets it."""
    named = ("kind", "names", "descriptions", "units", "opening_hours")
    return {name: model[name] for name in named} | {"facility": f"QUIET-{uuid.uuid4().hex[:6]}", "active": False}
