"""Each failure as a problem, in both languages."""

import pytest

from services.contracts import errors
from tests.unit.portal.examples import RESERVATION, a_request, an_alternative
from tests.unit.portal.import_examples import ASKED, a_row

REFUSALS = {
    errors.InvalidInput: (422, "invalid_input"),
    errors.RuleBroken: (422, "rule_broken"),
    errors.SlotTaken: (409, "slot_taken"),
    errors.DatesClash: (409, "dates_clash"),
    errors.StepsClash: (409, "steps_clash"),
    errors.RowsRefused: (409, "rows_refused"),
    errors.PlanRepaired: (409, "plan_repaired"),
    errors.WrongState: (409, "wrong_state"),
    errors.StaleVersion: (409, "stale_version"),
    errors.RequestKeyReused: (422, "request_key_reused"),
    errors.Unauthenticated: (401, "unauthenticated"),
    errors.NotAllowed: (403, "not_allowed"),
    errors.NotFound: (404, "not_found"),
    errors.TooManyRequests: (429, "too_many_requests"),
    errors.Unavailable: (503, "unavailable"),
}
TOLD = {errors.PlanRepaired: {"version": 2, "changed": 1}}
"""What some are never without."""
ADDRESS = "/api/v1/reservations"


@pytest.fixture
def refused(program, services):
    """refused(refusal) is the answer to a request that booking refuses so."""

    def asking(refusal, language="en"):
        services.answers["booking", "request_reservation"] = refusal
        return program("reserve", language).post(ADDRESS, json=a_request())

    return asking


def test_every_refusal_has_a_status():
    assert set(REFUSALS) == set(errors.BY_CODE.values()), "see services/portal/errors.py"


@pytest.mark.parametrize("kind", REFUSALS, ids=lambda kind: kind.code)
def test_a_refusal_is_a_problem(refused, kind):
    response = refused(kind(**TOLD.get(kind, {})))
    status, code = REFUSALS[kind]
    assert (response.status_code, response.json["status"], response.json["code"]) == (status, status, code)
    assert response.content_type == "application/problem+json"
    assert response.json["detail"]
    assert response.headers["Content-Language"] == "en"


def test_a_refused_import_tells_what_is_wrong_with_each_row(program, services):
    row = a_row(1, taken=True, errors={"unit": ["unknown_unit"]}, violations=[
        {"rule": "too_short", "facts": {"shortest_minutes": 60}, "waivable_by": ["facility_manager"]}])
    services.answers["booking", "import_reservations"] = errors.RowsRefused(rows=[row])
    answer = program("manage", "en").post(f"{ADDRESS}/import", json={"reservations": [ASKED]}).json
    [told] = answer["rows"]
    assert (told["row"], told["taken"]) == (1, True)
    assert told["errors"]["unit"] != ["unknown_unit"]
    assert "60" in told["violations"][0]["detail"] or "1 h" in told["violations"][0]["detail"]


@pytest.mark.parametrize("kind", [errors.TooManyRequests, errors.Unavailable])
def test_who_must_wait_learns_how_long(refused, kind):
    assert refused(kind(retry_after=7)).headers["Retry-After"] == "7"
    assert int(refused(kind(**TOLD.get(kind, {}))).headers["Retry-After"]) >= 1


def test_all_broken_rules_are_told_with_who_may_waive_them(refused):
    violations = [
        {"rule": "too_long", "facts": {"longest_minutes": 720}, "waivable_by": ["base_manager"]},
        {"rule": "in_the_past", "facts": {}, "waivable_by": []},
    ]
    problem = refused(errors.RuleBroken(violations=violations, alternatives=[an_alternative()])).json
    assert problem["violations"] == [
        {"rule": "too_long", "detail": "At most 12 h are possible.", "waivable_by": ["base_manager"]},
        {"rule": "in_the_past", "detail": "This time has already begun.", "waivable_by": []},
    ]
    assert problem["alternatives"] == [an_alternative()]


def test_a_taken_slot_comes_with_alternatives(refused):
    assert refused(errors.SlotTaken(alternatives=[an_alternative()])).json["alternatives"] == [an_alternative()]


def test_each_clash_of_a_series_is_told_with_its_rules_and_alternatives(refused):
    clash = {"date": "2026-11-28", "taken": False, "alternatives": [an_alternative()]}
    broken = [{"rule": "too_long", "facts": {"longest_minutes": 720}, "waivable_by": ["base_manager"]}]
    problem = refused(errors.DatesClash(clashes=[clash | {"violations": broken}])).json
    told = [{"rule": "too_long", "detail": "At most 12 h are possible.", "waivable_by": ["base_manager"]}]
    assert problem["clashes"] == [clash | {"violations": told}]


def test_each_step_of_a_campaign_is_told_with_whole_plans(refused):
    broken = [{"rule": "too_long", "facts": {"longest_minutes": 720}, "waivable_by": ["base_manager"]}]
    plan = {"why": "later", "steps": [{"step": 1, "facility": "LAB-1"}]}
    step = {"step": 1, "ok": False, "taken": False}
    problem = refused(errors.StepsClash(steps=[step | {"violations": broken}], plans=[plan])).json
    told = [{"rule": "too_long", "detail": "At most 12 h are possible.", "waivable_by": ["base_manager"]}]
    assert (problem["steps"], problem["plans"]) == ([step | {"violations": told}], [plan])


def test_wrong_fields_are_told_by_name(refused):
    problem = refused(errors.InvalidInput(errors={"team": ["unknown_team"], "unit": ["a_word_of_tomorrow"]})).json
    assert problem["errors"] == {"team": ["Choose one of your teams."], "unit": ["a_word_of_tomorrow"]}


def test_the_present_state_is_told(refused):
    detail = refused(errors.WrongState(state="cancelled", action="approve")).json["detail"]
    assert detail == "The reservation is now: Cancelled. To approve it is no longer possible."


def test_a_service_s_own_words_do_not_leave(refused):
    assert "SELECT" not in refused(errors.NotFound("SELECT * FROM reservations")).text


def test_a_mistake_of_ours_tells_its_id_and_nothing_else(app, program, services, caplog):
    services.answers["booking", "board"] = ZeroDivisionError
    address = "/api/v1/board?from=2026-11-23T00:00:00Z&to=2026-11-24T00:00:00Z"
    response = program("read").get(address, headers={"X-Request-Id": "mine-1"})
    assert response.status_code == 500
    assert set(response.json) == {"status", "code", "detail", "request_id"}
    assert response.json["code"] == "internal"
    assert response.json["request_id"] == "mine-1"
    assert "ZeroDivision" not in response.text
    assert any(record.exc_info for record in caplog.records)


@pytest.mark.parametrize(
    ("method", "address", "status", "code"),
    [
        ("GET", "/api/v1/nothing", 404, "not_found"),
        ("GET", "/api/nothing", 404, "not_found"),
        ("GET", "/api/v1/internal/board", 404, "not_found"),
        ("GET", "/api/v1/reservations/not-a-uuid", 404, "not_found"),
        ("GET", "/api/v1/facilities/a%00b", 404, "not_found"),
        ("GET", "/api/v1/facilities/..%2f..%2fetc", 404, "not_found"),
        ("PUT", "/api/v1/reservations", 405, "method_not_allowed"),
        ("TRACE", "/api/v1/me", 405, "method_not_allowed"),
        ("DELETE", f"/api/v1/reservations/{RESERVATION}", 405, "method_not_allowed"),
    ],
)
def test_an_address_that_is_none_of_ours(program, method, address, status, code):
    response = program("read").open(address, method=method)
    assert (response.status_code, response.json["code"]) == (status, code)
    assert response.content_type == "application/problem+json"
    assert ("Allow" in response.headers) == (status == 405)


def test_outside_the_api_an_error_is_for_people(visitor, app):
    app.extensions["error_page"] = lambda problem, status: (f"<p>{problem['detail']}</p>", status)
    response = visitor.get("/no-such-page", headers={"Accept-Language": "en"})
    assert response.status_code == 404
    assert response.text == "<p>There is no such thing here, or you may not see it.</p>"
