"""The story through the API with the real services behind it, each answer held against its description."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from services.contracts.messaging.client import RpcClient
from services.portal.api import message_shapes, offer_shapes, shapes
from services.portal.app import create_app
from services.portal.config import Settings
from tests.unit.portal.examples import NEW_FACILITY
from tests.waiting import until

PEOPLE = Path(__file__).with_name("base.yaml")
SERVICES = ("accounts", "facilities", "booking", "notify")


class Caller:
    """One person's program."""

    def __init__(self, app, token):
        self.client = app.test_client()
        self.client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"
        self.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"

    def __call__(self, method, path, body=None, shape=None, **headers):
        self.last = response = self.client.open(f"/api/v1/{path}", method=method, json=body, headers=headers)
        if shape:
            assert response.status_code in (200, 201), response.text
            assert shape().validate(response.json) == {}, response.text
        return response

    def last_words(self):
        return self.last.text


def operate(database_url, *words):
    environment = os.environ | {"ACCOUNTS_DATABASE_URL": database_url}
    command = [sys.executable, "-m", "services.accounts.operations", *words]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout.strip()


@pytest.fixture
def callers(database_for, run_service, broker, redis, redis_url):
    """callers("lead01") calls the API of a portal with all four services, as that person."""
    databases = {name: database_for(name) for name in SERVICES}
    for name, url in databases.items():
        run_service(name, url, PUBLIC_URL="http://localhost", SMTP_SENDER="base@example.org")
    operate(databases["accounts"], "import", str(PEOPLE))
    settings = Settings(amqp_url=broker, redis_url=redis_url, secret_key="k" * 32, public_url="http://localhost")
    client = RpcClient(broker)
    app = create_app(settings, client, redis)
    yield lambda person: Caller(app, operate(databases["accounts"], "create-token", person))
    client.drop()


def window(day):
    """Two hours in the morning, so many days ahead, in UTC."""
    starts_at = (datetime.now(UTC) + timedelta(days=day)).replace(hour=2, minute=0, second=0, microsecond=0)
    return {"starts_at": starts_at.isoformat(), "ends_at": (starts_at + timedelta(hours=2)).isoformat()}


def test_the_story(callers):
    """One test and not three: starting the services takes longer than all of it."""
    admin, lead, rival, manager = (callers(person) for person in ("admin", "lead01", "lead02", "manager-labs"))
    facility = NEW_FACILITY | {"equivalents": []}
    until(lambda: admin("POST", "facilities", facility).status_code == 201, why=admin.last_words)
    a_request_is_made_refused_to_a_rival_and_approved(lead, rival, manager)
    times_are_found_or_it_is_said_why_there_are_none(rival)
    a_team_repeats_moves_and_withdraws(lead)
    an_admin_changes_a_facility(admin)


def a_request_is_made_refused_to_a_rival_and_approved(lead, rival, manager):
    request = {"facility": "LAB-1", "team": "team-01", "project": "P-1", "purpose": "老化试验", **window(3)}
    made = until(lambda: (answer := lead("POST", "reservations", request)).status_code == 201 and answer)
    assert shapes.Step().validate(made.json) == {}
    reservation = f"reservations/{made.json['id']}"

    taken = rival("POST", "reservations", request | {"team": "team-02", "project": None})
    assert (taken.status_code, taken.json["code"]) == (409, "slot_taken")
    assert taken.json["alternatives"]
    assert shapes.Problem().validate(taken.json) == {}
    assert rival("GET", reservation).status_code == 404
    assert rival("GET", reservation).json == rival("GET", "reservations/11111111-2222-4333-8444-555555555555").json

    broken = lead("POST", "reservations", request | {
        "starts_at": "2020-01-01T00:07:00Z", "ends_at": "2020-03-01T02:00:00Z"})
    assert (broken.status_code, broken.json["code"]) == (422, "rule_broken")
    assert {"not_whole_grid", "in_the_past", "too_long"} <= {each["rule"] for each in broken.json["violations"]}

    approved = manager("POST", f"{reservation}/approve", {"version": 1}, shapes.Step)
    assert approved.json["state"] == "approved"
    again = manager("POST", f"{reservation}/approve", {"version": 1})
    assert (again.status_code, again.json["code"]) == (409, "stale_version")
    late = manager("POST", f"{reservation}/approve")
    assert (late.status_code, late.json["code"]) == (409, "wrong_state")
    assert "Approved" in late.json["detail"]

    look_at_everything(lead, reservation)
    told = until(lambda: lead("GET", f"deliveries?reservation={made.json['id']}").json.get("items"))
    assert {"email", "wechat"} & {each["channel"] for each in told}
    lead("GET", f"deliveries?reservation={made.json['id']}", shape=shapes.page(message_shapes.Delivery))
    assert rival("GET", f"deliveries?reservation={made.json['id']}").status_code == 404


def look_at_everything(lead, reservation):
    """Every question has the shape that the description promises."""
    week = f"from={window(0)['starts_at'].replace('+', '%2B')}&to={window(7)['ends_at'].replace('+', '%2B')}"
    lead("GET", "me", shape=shapes.Me)
    assert lead("GET", "teams", shape=shapes.page(shapes.Team)).json["items"]
    assert lead("GET", "teams/team-01", shape=shapes.TeamWithAll).json["projects"]
    assert lead("GET", "projects?team=team-01", shape=shapes.page(shapes.Project)).json["items"]
    assert lead("GET", "facilities", shape=shapes.page(shapes.Facility)).json["items"]
    assert lead("GET", "facilities/LAB-1", shape=shapes.FacilityCard).json["managers"]
    assert lead("GET", f"board?{week}", shape=shapes.Board).json["items"]
    free = f"free-slots?minutes=120&facility=LAB-1&{week}"
    assert lead("GET", free, shape=shapes.page(shapes.Alternative)).json["items"]
    assert lead("GET", "reservations", shape=shapes.page(shapes.Reservation)).json["items"]
    assert len(lead("GET", reservation, shape=shapes.ReservationWithHistory).json["history"]) == 2
    assert lead("GET", "tokens", shape=shapes.page(shapes.Token)).json["items"]


def times_are_found_or_it_is_said_why_there_are_none(rival):
    sought = "find-times?facility=LAB-1&team=team-02&minutes=120&people=2"
    found = rival("GET", sought, shape=offer_shapes.Times).json
    assert found["items"][0]["why"] == "nearest"
    span = {name: found["items"][0][name] for name in ("facility", "starts_at", "ends_at")}
    assert rival("POST", "reservations", {"team": "team-02", "purpose": "老化试验", **span}).status_code == 201
    past = "&from=2020-01-01T00:00:00Z&to=2020-01-02T00:00:00Z"
    (blocked,) = rival("GET", sought + past, shape=offer_shapes.Times).json["in_the_way"]
    assert blocked["violations"][0]["detail"]
    assert rival("GET", "find-times?facility=LAB-1&team=team-01&minutes=120").json["errors"]["team"]


def a_team_repeats_moves_and_withdraws(lead):
    request = {"facility": "LAB-1", "team": "team-01", "purpose": "x", **window(4)}
    first = lead("POST", "reservations", request, shapes.Step, **{"Idempotency-Key": "k1"})
    repeat = lead("POST", "reservations", request, **{"Idempotency-Key": "k1"})
    assert (repeat.status_code, repeat.json) == (201, first.json)
    assert repeat.headers["Idempotency-Replayed"] == "true"
    other = lead("POST", "reservations", request | {"purpose": "y"}, **{"Idempotency-Key": "k1"})
    assert (other.status_code, other.json["code"]) == (422, "request_key_reused")

    reservation = f"reservations/{first.json['id']}"
    moved = lead("PATCH", reservation, {"version": 1, **window(5)}, shapes.Step)
    assert moved.json["version"] == 2
    withdrawn = lead("POST", f"{reservation}/withdraw", shape=shapes.Step)
    assert withdrawn.json["state"] == "withdrawn"

    token = lead("POST", "tokens", {"name": "x", "scopes": ["read"]}, shapes.NewToken).json["token"]
    assert lead("DELETE", f"tokens/{token}").status_code == 204


def an_admin_changes_a_facility(admin):
    changed = admin("PATCH", "facilities/LAB-1", {"version": 1, "location": "3 楼"}, shapes.Saved)
    assert changed.json["version"] == 2
    stale = admin("PATCH", "facilities/LAB-1", {"version": 1, "location": "4 楼"})
    assert (stale.status_code, stale.json["code"]) == (409, "stale_version")
