"""Signing in from inside WeChat: whose state, which code, and where it leads."""

from urllib.parse import parse_qs, urlsplit

import pytest

from services.contracts.errors import InvalidInput, Unavailable
from tests.unit.portal.examples import an_identity

WECHAT = {"User-Agent": "Mozilla/5.0 (iPhone) MicroMessenger/8.0.50"}
WECOM = {"User-Agent": "Mozilla/5.0 (iPhone) wxwork/4.1 MicroMessenger/7.0"}
RESERVATION = "/reservations/11111111-2222-4333-8444-555555555555"


@pytest.fixture(autouse=True)
def people(services):
    services.people["member01"] = an_identity(person="member01")
    services.answers["notify", "person_inside"] = lambda channel, proof: {
        "person": {("wechat", "good"): "member01", ("wecom", "of a colleague"): "manager-labs"}.get((channel, proof))
    }


def asked_of(answer):
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.location).query).items()}


@pytest.fixture
def came_back(visitor):
    """came_back("good") opens a link inside WeChat and comes back from the platform with that code."""

    def go(code, client=visitor, state=None):
        asked = asked_of(client.get("/wechat/enter", query_string={"next": RESERVATION}, headers=WECHAT))
        return client.get("/wechat/return", query_string={"code": code, "state": state or asked["state"]})

    return go


def test_a_link_inside_wechat_leads_through_the_platform(visitor):
    first = visitor.get(RESERVATION, headers=WECHAT)
    assert first.location == f"/wechat/enter?next={RESERVATION}"
    second = visitor.get(first.location, headers=WECHAT)
    assert second.location.startswith("https://open.example/connect/oauth2/authorize?")
    assert second.location.endswith("#wechat_redirect")
    asked = asked_of(second)
    assert (asked["appid"], asked["scope"], asked["response_type"]) == ("wx-demo-app", "snsapi_base", "code")
    assert asked["redirect_uri"] == "http://localhost/wechat/return"
    assert asked["state"].isalnum()
    assert len(asked["state"]) <= 128


def test_who_is_bound_is_signed_in_and_the_code_is_gone_from_the_address(came_back, visitor):
    answer = came_back("good")
    assert answer.status_code == 303
    assert "code" not in asked_of(answer)
    assert visitor.get(answer.location).location == RESERVATION


def test_who_is_not_bound_reads_how_to_become_so(came_back, visitor):
    answer = came_back("unknown")
    assert answer.location == f"/sign-in?next={RESERVATION}&wechat=unbound"
    assert "尚未绑定人员" in visitor.get(answer.location).text


def test_somebody_who_may_no_longer_sign_in_stays_outside(came_back, services):
    services.people["member01"]["active"] = False
    assert "wechat=unbound" in came_back("good").location


@pytest.mark.parametrize("refusal", [InvalidInput(errors={"code": ["spent"]}), Unavailable()])
def test_a_spent_code_and_a_silent_platform_lead_to_the_password(came_back, services, refusal):
    services.answers["notify", "person_inside"] = refusal
    assert "wechat=failed" in came_back("good").location


def test_a_state_is_taken_once(visitor, services):
    state = asked_of(visitor.get("/wechat/enter", headers=WECHAT))["state"]
    for _ in range(2):
        last = visitor.get("/wechat/return", query_string={"code": "unknown", "state": state})
    assert last.location == "/sign-in"
    assert [method for _, method, _ in services.calls].count("person_inside") == 1


def test_the_state_of_another_session_is_worth_nothing(app, visitor, services):
    """A link passed on with its code and state signs nobody in."""
    state = asked_of(visitor.get("/wechat/enter", headers=WECHAT))["state"]
    stranger = app.test_client()
    assert stranger.get("/wechat/return", query_string={"code": "good", "state": state}).location == "/sign-in"
    assert stranger.get(RESERVATION).location.startswith("/sign-in")


@pytest.mark.parametrize("query", [{}, {"code": "good"}, {"state": "guessed", "code": "good"}, {"state": "x" * 4000}])
def test_a_way_back_without_a_way_out_leads_to_the_sign_in_page(visitor, query):
    assert visitor.get("/wechat/return", query_string=query).location == "/sign-in"


def test_it_leads_nowhere_but_to_our_own_pages(visitor):
    asked = asked_of(visitor.get("/wechat/enter", query_string={"next": "https://evil.example"}, headers=WECHAT))
    answer = visitor.get("/wechat/return", query_string={"code": "good", "state": asked["state"]})
    assert visitor.get(answer.location).location == "/"


@pytest.mark.parametrize("agent", [{"User-Agent": "Mozilla/5.0 Chrome/130"}, WECHAT | {"HX-Request": "true"}])
def test_elsewhere_the_sign_in_page_comes_first(visitor, agent):
    answer = visitor.get(RESERVATION, headers=agent)
    assert "/wechat/enter" not in (answer.location or "")


def test_a_colleague_is_signed_in_inside_wecom(visitor, services):
    services.people["manager-labs"] = an_identity(person="manager-labs")
    first = visitor.get(RESERVATION, headers=WECOM)
    asked = asked_of(visitor.get(first.location, headers=WECOM))
    assert (asked["appid"], asked["agentid"]) == ("ww-demo-corp", "1000002")
    query = {"code": "of a colleague", "state": asked["state"]}
    answer = visitor.get("/wechat/return", query_string=query, headers=WECOM)
    assert visitor.get(answer.location).location == RESERVATION
    assert services.calls[-1][2] == {"person": "manager-labs"}


def test_without_a_corporation_wecom_is_no_way_in(visitor, app, monkeypatch):
    monkeypatch.setitem(app.config, "WECOM_CORP_ID", "")
    assert visitor.get(RESERVATION, headers=WECOM).location.startswith("/sign-in")


def test_without_an_account_nobody_is_sent_to_the_platform(visitor, app, monkeypatch):
    monkeypatch.setitem(app.config, "WECHAT_APP_ID", "")
    assert visitor.get(RESERVATION, headers=WECHAT).location.startswith("/sign-in")
    assert visitor.get("/wechat/enter", query_string={"next": RESERVATION}).location.startswith("/sign-in")


def test_the_code_is_in_no_log_line(came_back, caplog):
    caplog.set_level("INFO")
    came_back("good-secret-code")
    assert caplog.records
    assert "good-secret-code" not in str([vars(record) for record in caplog.records])
