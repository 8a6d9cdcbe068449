"""Every route of the API against every kind of caller. A route that is missing here fails."""

import pytest

from tests.unit.portal.calendar_examples import ONE, SITE
from tests.unit.portal.examples import BODIES, address_of

READS, RESERVES, MANAGES = {"read", "reserve", "manage"}, {"reserve"}, {"manage"}
WEBHOOK = "/api/v1/webhooks/<identifier:webhook>"
RESERVATION = "/api/v1/reservations/<identifier:reservation>"
CAMPAIGN = "/api/v1/campaigns/<identifier:campaign>"
REPLAN = "/api/v1/replans/<identifier:replan>"
SERIES = "/api/v1/series/<identifier:series>"

# Which token scopes may call the route. A session always may.
ROUTES = {
    ("GET", "/api/v1/me"): READS,
    ("PUT", "/api/v1/me/leave"): RESERVES | MANAGES,
    ("GET", "/api/v1/me/delegates"): READS,
    ("GET", "/api/v1/me/notifications"): READS,
    ("PUT", "/api/v1/me/notifications"): RESERVES | MANAGES,
    ("GET", "/api/v1/me/channels"): READS,
    ("DELETE", "/api/v1/me/channels/<code:channel>"): RESERVES | MANAGES,
    ("POST", "/api/v1/me/channels/email/confirm"): RESERVES | MANAGES,
    ("GET", "/api/v1/teams"): READS,
    ("GET", "/api/v1/teams/<code:team>"): READS,
    ("GET", "/api/v1/projects"): READS,
    ("POST", "/api/v1/projects"): RESERVES | MANAGES,
    ("GET", "/api/v1/teams/<code:team>/projects/<code:project>"): READS,
    ("POST", "/api/v1/teams/<code:team>/projects/<code:project>/priority"): MANAGES,
    ("GET", "/api/v1/facilities"): READS,
    ("POST", "/api/v1/facilities"): MANAGES,
    ("GET", "/api/v1/facilities/<code:facility>"): READS,
    ("PATCH", "/api/v1/facilities/<code:facility>"): MANAGES,
    ("POST", "/api/v1/facilities/<code:facility>/hours/preview"): READS,
    ("GET", "/api/v1/interruptions"): READS,
    ("GET", ONE): READS,
    ("PATCH", ONE): MANAGES,
    **{("POST", f"{ONE}/{step}"): MANAGES for step in ("extend", "end", "call-off")},
    ("POST", "/api/v1/interruptions/preview"): READS,
    **{("GET", f"/api/v1/{kind}"): READS for kind in ("outages", "maintenance", "closures")},
    **{("POST", f"/api/v1/{kind}"): MANAGES for kind in ("outages", "maintenance", "closures")},
    ("GET", "/api/v1/sites"): READS,
    ("POST", "/api/v1/sites"): MANAGES,
    ("GET", SITE): READS,
    ("PATCH", SITE): MANAGES,
    ("GET", f"{SITE}/calendar-import"): READS,
    ("POST", f"{SITE}/calendar-import"): MANAGES,
    ("POST", f"{SITE}/calendar"): MANAGES,
    ("POST", f"{SITE}/calendar/preview"): READS,
    ("GET", "/api/v1/catalogue"): READS,
    ("POST", "/api/v1/catalogue"): MANAGES,
    ("POST", "/api/v1/catalogue/compare"): MANAGES,
    ("POST", "/api/v1/reservations/import"): MANAGES,
    ("POST", "/api/v1/reservations/import/check"): MANAGES,
    ("GET", "/api/v1/history"): READS,
    ("GET", "/api/v1/qualifications"): READS,
    ("POST", "/api/v1/qualifications"): MANAGES,
    ("GET", "/api/v1/qualifications/holders"): READS,
    ("POST", "/api/v1/qualifications/grants"): MANAGES,
    ("GET", "/api/v1/quotas"): READS,
    ("GET", "/api/v1/quotas/usage"): READS,
    ("POST", "/api/v1/quotas"): MANAGES,
    ("GET", "/api/v1/trainings"): READS,
    ("POST", "/api/v1/trainings"): RESERVES,
    ("POST", "/api/v1/trainings/<identifier:training>/decide"): MANAGES,
    ("POST", "/api/v1/trainings/<identifier:training>/withdraw"): RESERVES,
    ("GET", "/api/v1/board"): READS,
    ("GET", "/api/v1/free-slots"): READS,
    ("GET", "/api/v1/find-times"): READS,
    ("POST", "/api/v1/reservations"): RESERVES,
    ("GET", "/api/v1/reservations"): READS,
    ("GET", RESERVATION): READS,
    ("PATCH", RESERVATION): RESERVES | MANAGES,
    ("POST", f"{RESERVATION}/describe"): RESERVES,
    ("POST", f"{RESERVATION}/attachments"): RESERVES,
    ("GET", f"{RESERVATION}/attachments/<identifier:attachment>"): READS,
    ("DELETE", f"{RESERVATION}/attachments/<identifier:attachment>"): RESERVES,
    ("POST", f"{RESERVATION}/accept"): RESERVES,
    ("POST", f"{RESERVATION}/decline"): RESERVES,
    ("POST", "/api/v1/waitlist"): RESERVES,
    ("GET", "/api/v1/waitlist"): READS,
    ("GET", "/api/v1/waitlist/<identifier:wait_entry>"): READS,
    ("POST", "/api/v1/waitlist/<identifier:wait_entry>/leave"): RESERVES,
    ("POST", f"{RESERVATION}/approve"): MANAGES,
    ("POST", f"{RESERVATION}/reject"): MANAGES,
    ("POST", f"{RESERVATION}/withdraw"): RESERVES,
    ("POST", f"{RESERVATION}/cancel"): RESERVES | MANAGES,
    ("GET", "/api/v1/contention"): READS,
    ("GET", "/api/v1/draws/<identifier:draw>"): READS,
    ("GET", f"{RESERVATION}/explanation"): READS,
    ("POST", f"{RESERVATION}/allocate"): MANAGES,
    ("POST", "/api/v1/what-if"): READS,
    ("POST", "/api/v1/swaps"): RESERVES,
    ("GET", "/api/v1/swaps"): READS,
    ("GET", "/api/v1/swaps/<identifier:ask>"): READS,
    **{("POST", f"/api/v1/swaps/<identifier:ask>/{step}"): RESERVES for step in ("accept", "decline", "withdraw")},
    ("POST", "/api/v1/series"): RESERVES,
    ("POST", "/api/v1/series/check"): READS,
    ("GET", SERIES): READS,
    ("PATCH", SERIES): RESERVES | MANAGES,
    ("POST", f"{SERIES}/check"): READS,
    ("POST", f"{SERIES}/dates"): RESERVES,
    ("POST", f"{SERIES}/approve"): MANAGES,
    ("POST", f"{SERIES}/reject"): MANAGES,
    ("POST", f"{SERIES}/cancel"): RESERVES | MANAGES,
    ("POST", "/api/v1/campaigns"): RESERVES,
    ("POST", "/api/v1/campaigns/find"): READS,
    ("GET", CAMPAIGN): READS,
    ("PATCH", CAMPAIGN): RESERVES | MANAGES,
    ("POST", f"{CAMPAIGN}/find"): READS,
    ("POST", f"{CAMPAIGN}/approve"): MANAGES,
    ("POST", f"{CAMPAIGN}/reject"): MANAGES,
    ("POST", f"{CAMPAIGN}/cancel"): RESERVES | MANAGES,
    ("POST", f"{RESERVATION}/confirm"): RESERVES,
    ("GET", "/api/v1/replanned"): READS,
    ("GET", "/api/v1/replans"): READS,
    ("POST", "/api/v1/replans"): MANAGES,
    ("GET", REPLAN): READS,
    ("PATCH", REPLAN): MANAGES,
    **{("POST", f"{REPLAN}/{step}"): MANAGES for step in ("accept", "discard")},
    ("POST", f"{RESERVATION}/check-in"): RESERVES | MANAGES,
    ("POST", f"{RESERVATION}/extend"): RESERVES | MANAGES,
    ("POST", f"{RESERVATION}/check-out"): RESERVES | MANAGES,
    ("POST", f"{RESERVATION}/no-show"): MANAGES,
    ("GET", "/api/v1/usage"): READS,
    ("GET", "/api/v1/faults"): READS,
    ("POST", "/api/v1/faults"): RESERVES | MANAGES,
    ("POST", "/api/v1/faults/<identifier:fault>/close"): MANAGES,
    ("GET", "/api/v1/deliveries"): READS,
    ("GET", "/api/v1/deliveries/undelivered"): READS,
    ("POST", "/api/v1/deliveries/<identifier:delivery>/resend"): MANAGES,
    ("GET", "/api/v1/webhooks"): READS,
    ("POST", "/api/v1/webhooks"): MANAGES,
    ("GET", WEBHOOK): READS,
    ("GET", f"{WEBHOOK}/deliveries"): READS,
    ("POST", f"{WEBHOOK}/enable"): MANAGES,
    ("POST", f"{WEBHOOK}/disable"): MANAGES,
    ("POST", f"{WEBHOOK}/rotate"): MANAGES,
    ("POST", f"{WEBHOOK}/replay"): MANAGES,
    ("GET", "/api/v1/tokens"): READS,
    ("POST", "/api/v1/tokens"): RESERVES | MANAGES,
    ("DELETE", "/api/v1/tokens/<identifier:token>"): RESERVES | MANAGES,
}
OPEN = {("GET", "/api/openapi.json"), ("GET", "/api/docs"), ("GET", "/api/docs/files/<path:filename>")}
CHANGES = [route for route in ROUTES if route[0] != "GET"]


def call(client, route, **headers):
    method, rule = route
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.open(address_of(rule), method=method, json=BODIES.get(route), headers=names)


def told(response):
    return response.status_code, (response.json or {}).get("code")


def test_the_table_names_every_route(app):
    served = {
        (method, rule.rule) for rule in app.url_map.iter_rules() if rule.rule.startswith("/api/")
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    assert served == set(ROUTES) | OPEN


@pytest.mark.parametrize("route", ROUTES, ids=" ".join)
def test_nobody_unknown_is_served(visitor, services, route):
    response = call(visitor, route)
    assert told(response) == (401, "unauthenticated")
    assert response.headers["WWW-Authenticate"] == "Bearer"
    assert not services.calls
    assert not services.commands


@pytest.mark.parametrize("route", ROUTES, ids=" ".join)
@pytest.mark.parametrize("scope", ["read", "reserve", "manage"])
def test_a_token_does_what_its_scope_allows(program, services, route, scope):
    response = call(program(scope), route)
    if scope in ROUTES[route]:
        assert response.status_code in (200, 201, 204)
    else:
        assert told(response) == (403, "not_allowed")
        assert not services.commands


@pytest.mark.parametrize("route", ROUTES, ids=" ".join)
def test_a_session_does_whatever_its_person_may(browser, route):
    assert call(browser, route, X_CSRF_Token=browser.token).status_code in (200, 201, 204)


@pytest.mark.parametrize("route", CHANGES, ids=" ".join)
@pytest.mark.parametrize("headers", [{}, {"X_CSRF_Token": "0" * 64}, {"Origin": "null"}, {"Origin": "http://evil.example"}])
def test_a_session_changes_nothing_for_a_foreign_page(browser, services, route, headers):
    if "Origin" in headers:
        headers = headers | {"X_CSRF_Token": browser.token}
    assert told(call(browser, route, **headers)) == (403, "not_allowed")
    assert not services.commands


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Bearer no", "Basic bGVhZA==", "Bearer " + "x" * 999])
def test_a_bad_token_is_not_replaced_by_the_session(browser, header):
    assert told(browser.get("/api/v1/me", headers={"Authorization": header})) == (401, "unauthenticated")


@pytest.mark.parametrize("name", ["token", "access_token", "authorization"])
def test_a_token_in_the_address_is_no_token(visitor, name):
    assert told(visitor.get(f"/api/v1/me?{name}=pbb_manage")) == (401, "unauthenticated")


def test_a_revoked_token_ends_when_the_memory_of_it_does(program, app, services):
    client = program("read")
    assert client.get("/api/v1/me").status_code == 200
    services.tokens.clear()
    app.extensions["identities"].known.clear()
    assert client.get("/api/v1/me").status_code == 401


def test_a_token_cannot_make_a_stronger_one(program, services):
    response = program("reserve").post("/api/v1/tokens", json={"name": "x", "scopes": ["manage", "reserve"]})
    assert told(response) == (403, "not_allowed")
    assert not services.commands


def test_the_services_are_asked_as_the_caller(program, services):
    program("read").get("/api/v1/reservations?team=team-01")
    assert services.calls[-1] == ("booking", "reservations", {"actor": "lead01", "team": "team-01", "limit": 50})
