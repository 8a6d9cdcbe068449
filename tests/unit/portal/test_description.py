"""The API's description is complete, and the answers are what it says."""

import pytest

from services.portal.api import (
    approval_shapes,
    calendar_shapes,
    campaign_shapes,
    message_shapes,
    offer_shapes,
    replan_shapes,
    series_shapes,
    shapes,
    swap_shapes,
    usage_shapes,
    waiting_shapes,
    what_if_shapes,
)
from tests.unit.portal.calendar_examples import ONE, SITE
from tests.unit.portal.examples import BODIES, address_of
from tests.unit.portal.test_access import REPLAN, RESERVATION, ROUTES


@pytest.fixture
def description(visitor):
    return visitor.get("/api/openapi.json").json


def documented(rule):
    return rule.replace("<identifier:", "{").replace("<code:", "{").replace(">", "}")


def operation(description, route):
    method, rule = route
    return description["paths"][documented(rule)][method.lower()]


def resolved(description, part):
    while "$ref" in part:
        name = part["$ref"].removeprefix("#/").split("/")
        part = description
        for step in name:
            part = part[step]
    return part


def test_every_route_is_described_and_no_other(description):
    told = {
        (method.upper(), path)
        for path, item in description["paths"].items() for method in item if method != "parameters"
    }
    assert told == {(method, documented(rule)) for method, rule in ROUTES}


@pytest.mark.parametrize("route", ROUTES, ids=" ".join)
def test_an_operation_says_what_it_does_needs_and_answers(description, route):
    found = operation(description, route)
    assert found["summary"]
    assert found["operationId"]
    assert found["security"][0] == {"token": []}
    assert {"401", "403", "429", "503", "default"} <= set(found["responses"])
    assert any(status.startswith("2") for status in found["responses"])
    for status, response in found["responses"].items():
        content = resolved(description, response).get("content", {})
        if not status.startswith("2"):
            assert resolved(description, content["application/problem+json"]["schema"])["properties"]["code"]["enum"]


@pytest.mark.parametrize("route", [route for route in ROUTES if route[0] != "GET"], ids=" ".join)
def test_a_change_takes_an_idempotency_key(description, route):
    parameters = [resolved(description, each) for each in operation(description, route)["parameters"]]
    assert "Idempotency-Key" in {each["name"] for each in parameters}
    assert operation(description, route)["security"][1] == {"session": [], "csrf": []}


def test_operations_have_names_of_their_own(description):
    names = [operation(description, route)["operationId"] for route in ROUTES]
    assert len(names) == len(set(names))


def test_who_may_enter_is_described(description):
    schemes = description["components"]["securitySchemes"]
    assert schemes["token"] == {"type": "http", "scheme": "bearer"}
    assert schemes["session"] == {"type": "apiKey", "in": "cookie", "name": "session"}


def test_bodies_are_closed_and_limited(description):
    body = description["components"]["schemas"]["RequestReservation"]
    assert body["additionalProperties"] is False
    assert set(body["required"]) == {"facility", "starts_at", "ends_at", "team", "purpose"}
    assert body["properties"]["purpose"]["maxLength"] == 2000
    assert body["properties"]["unit"]["nullable"] is True
    assert body["properties"]["starts_at"]["format"] == "date-time"


SHAPES = {
    ("GET", "/api/v1/me"): shapes.Me,
    ("GET", "/api/v1/me/notifications"): shapes.Notifications,
    ("PUT", "/api/v1/me/notifications"): shapes.Notifications,
    ("GET", "/api/v1/me/channels"): message_shapes.Channels,
    ("POST", "/api/v1/me/channels/email/confirm"): message_shapes.AddressConfirmed,
    ("GET", "/api/v1/board"): shapes.Board,
    ("GET", "/api/v1/reservations"): shapes.page(shapes.Reservation),
    ("GET", RESERVATION): shapes.ReservationWithHistory,
    ("POST", f"{RESERVATION}/check-out"): usage_shapes.Finished,
    ("GET", "/api/v1/usage"): shapes.page(usage_shapes.UsedReservation),
    ("GET", "/api/v1/faults"): shapes.page(usage_shapes.Fault),
    ("POST", "/api/v1/faults"): usage_shapes.FaultStep,
    ("GET", "/api/v1/free-slots"): shapes.page(shapes.Alternative),
    ("GET", "/api/v1/find-times"): offer_shapes.Times,
    ("GET", "/api/v1/deliveries"): shapes.page(message_shapes.Delivery),
    ("GET", "/api/v1/deliveries/undelivered"): shapes.page(message_shapes.Undelivered),
    ("GET", "/api/v1/webhooks"): shapes.page(message_shapes.Webhook),
    ("GET", "/api/v1/webhooks/<identifier:webhook>"): message_shapes.Webhook,
    ("GET", "/api/v1/webhooks/<identifier:webhook>/deliveries"): shapes.page(message_shapes.WebhookDelivery),
    ("GET", "/api/v1/tokens"): shapes.page(shapes.Token),
    ("GET", "/api/v1/teams"): shapes.page(shapes.Team),
    ("POST", "/api/v1/reservations"): shapes.Step,
    ("GET", "/api/v1/interruptions"): shapes.page(calendar_shapes.Interruption),
    ("GET", ONE): calendar_shapes.Interruption,
    ("POST", f"{ONE}/end"): calendar_shapes.InterruptionStep,
    ("POST", "/api/v1/outages"): calendar_shapes.InterruptionStep,
    ("POST", "/api/v1/interruptions/preview"): calendar_shapes.InterruptionPreview,
    ("GET", "/api/v1/sites"): shapes.page(calendar_shapes.Site),
    ("GET", SITE): calendar_shapes.SiteWithCalendar,
    ("GET", f"{SITE}/calendar-import"): calendar_shapes.CalendarImport,
    ("POST", f"{SITE}/calendar"): calendar_shapes.SiteStep,
    ("POST", f"{SITE}/calendar/preview"): calendar_shapes.Hits,
    ("POST", "/api/v1/campaigns"): campaign_shapes.CampaignStep,
    ("POST", "/api/v1/campaigns/find"): campaign_shapes.PlansFound,
    ("GET", "/api/v1/campaigns/<identifier:campaign>"): campaign_shapes.Campaign,
    ("PATCH", "/api/v1/campaigns/<identifier:campaign>"): campaign_shapes.CampaignStep,
    ("POST", "/api/v1/campaigns/<identifier:campaign>/find"): campaign_shapes.Plans,
    ("POST", "/api/v1/what-if"): what_if_shapes.WhatIf,
    ("POST", "/api/v1/swaps"): swap_shapes.SwapStep,
    ("GET", "/api/v1/swaps"): shapes.page(swap_shapes.Swap),
    ("GET", "/api/v1/swaps/<identifier:ask>"): swap_shapes.SwapWithWays,
    ("POST", "/api/v1/swaps/<identifier:ask>/accept"): swap_shapes.SwapStep,
    ("POST", "/api/v1/series"): series_shapes.SeriesStep,
    ("POST", "/api/v1/series/check"): series_shapes.DatesChecked,
    ("GET", "/api/v1/series/<identifier:series>"): series_shapes.Series,
    ("PATCH", "/api/v1/series/<identifier:series>"): series_shapes.SeriesStep,
    ("GET", "/api/v1/reservations/<identifier:reservation>"): shapes.ReservationWithHistory,
    ("POST", "/api/v1/reservations/<identifier:reservation>/attachments"): shapes.Attached,
    ("POST", "/api/v1/waitlist"): waiting_shapes.WaitStep,
    ("GET", "/api/v1/waitlist"): shapes.page(waiting_shapes.WaitEntry),
    ("GET", "/api/v1/waitlist/<identifier:wait_entry>"): waiting_shapes.WaitEntry,
    ("POST", "/api/v1/waitlist/<identifier:wait_entry>/leave"): waiting_shapes.WaitStep,
    ("GET", "/api/v1/replans"): shapes.page(replan_shapes.Replan),
    ("POST", "/api/v1/replans"): replan_shapes.ReplanStep,
    ("GET", REPLAN): replan_shapes.ReplanWithItems,
    ("PATCH", REPLAN): replan_shapes.ReplanStep,
    ("POST", f"{REPLAN}/accept"): replan_shapes.ReplanStep,
    ("GET", "/api/v1/replanned"): shapes.page(replan_shapes.Replanned),
    ("PUT", "/api/v1/me/leave"): approval_shapes.Leave,
    ("GET", "/api/v1/me/delegates"): shapes.page(approval_shapes.Delegate),
}


@pytest.mark.parametrize("route", SHAPES, ids=" ".join)
def test_an_answer_has_the_described_shape(program, route):
    method, rule = route
    response = program(max(ROUTES[route])).open(address_of(rule), method=method, json=BODIES.get(route))
    assert SHAPES[route]().validate(response.json) == {}


def test_a_file_is_kept_by_a_browser_and_never_shown(program):
    response = program("read").get(address_of(
        "/api/v1/reservations/<identifier:reservation>/attachments/<identifier:attachment>"))
    assert response.data == b"%PDF"
    assert response.headers["Content-Type"] == "application/octet-stream"
    assert response.headers["Content-Disposition"] == "attachment; filename*=UTF-8''%E8%AF%95%E9%AA%8C%20plan.pdf"
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_a_list_without_more_says_so(program):
    assert program("read").get("/api/v1/teams").json["next_cursor"] is None
    assert program("read").get("/api/v1/reservations").json["next_cursor"] == "abc"


def test_a_rival_s_time_passes_through_as_it_came(program):
    item = program("read").get(address_of("/api/v1/board")).json["items"][1]
    assert set(item) == {"facility", "unit", "starts_at", "ends_at", "state", "mine"}


def test_a_new_reservation_says_where_it_is(program):
    response = program("reserve").post("/api/v1/reservations", json=BODIES["POST", "/api/v1/reservations"])
    assert response.headers["Location"] == f"/api/v1/reservations/{response.json['id']}"
    assert program("read").get(response.headers["Location"]).status_code == 200
