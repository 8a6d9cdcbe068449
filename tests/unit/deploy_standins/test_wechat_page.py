"""The page of the WeChat stand-in shows what people would see, and nothing that arrived breaks it."""

import pytest

from deploy.standins.web import Request
from deploy.standins.wechat.page import wechat_page
from deploy.standins.wechat.server import wechat_routes
from deploy.standins.wechat.texts import TEXTS


def test_both_languages_have_the_same_words():
    assert TEXTS["zh"].keys() == TEXTS["en"].keys()


@pytest.mark.parametrize("code", ["zh", "en"])
def test_an_empty_page_says_what_will_come(wechat, code):
    html = wechat_page(code, wechat.conversation, "")
    assert TEXTS[code]["nothing"] in html
    assert TEXTS[code]["no_requests"] in html


def test_everything_that_arrived_is_escaped(wechat):
    token = wechat.token()
    wechat.send(token, "demo-<script>", {"thing1": "<script>x</script>"}, url="javascript:alert(1)")
    wechat.send(token, '"><img src=x>')
    html = wechat_page("zh", wechat.conversation, "")
    assert not any(text in html for text in ("<script", "<img", "javascript:"))
    assert "&lt;script&gt;x" in html


def test_each_person_has_a_phone_and_what_was_not_shown_says_why(wechat):
    token = wechat.token()
    for person in ("demo-lead01", "demo-lead02", "demo-lead02"):
        wechat.send(token, person, {"thing9": "多余"}, client_msg_id="d-1", url="https://base.example/reservations/1")
    html = wechat_page("en", wechat.conversation, "")
    assert html.count('class="phone"') == 2
    assert html.index("demo-lead02") < html.index("demo-lead01")
    assert TEXTS["en"]["duplicate"] in html
    assert TEXTS["en"]["undeclared"] + "thing9" in html
    assert 'href="https://base.example/reservations/1"' in html
    assert wechat_page("en", wechat.conversation, "lead01").count('class="phone"') == 1


def test_many_people_are_counted_and_not_all_drawn(wechat):
    token = wechat.token()
    for number in range(30):
        wechat.send(token, f"demo-member{number:02}")
    html = wechat_page("en", wechat.conversation, "")
    assert html.count('class="phone"') == 24
    assert TEXTS["en"]["more_people"].format(count=6) in html


class Server:
    """The stand-in's routes without a socket."""

    def __init__(self, wechat):
        self.routes = wechat_routes(wechat.conversation)

    def post(self, path, body, **headers):
        found = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.routes.answer(Request("POST", path, {}, found, body.encode()))


@pytest.mark.parametrize("code", ["zh", "en"])
def test_programs_and_groups_are_drawn_beside_people(wechat, code):
    server = Server(wechat)
    assert server.post("/hooks/mes", '{"type": "ReservationApproved"}', webhook_id="d-1").status == 204
    assert server.post("/hooks/mes", '{"type": "ReservationApproved"}', webhook_id="d-1").status == 204
    assert server.post("/hooks/mes", "[no object]", webhook_id="d-2").status == 204
    note = {"msgtype": "markdown", "markdown": {"content": "值班"}}
    wechat.call("POST", "webhook/send", {"key": "demo-robot-key"}, note)
    html = wechat_page(code, wechat.conversation, "")
    assert TEXTS[code]["webhook"] in html
    assert TEXTS[code]["robot"] in html
    assert "ReservationApproved" in html
    assert TEXTS[code]["duplicate"] in html
    assert html.count("<select") == 0, "neither follows anybody"


@pytest.mark.parametrize(("code", "location"), [(500, None), (302, "/hooks/elsewhere"), (410, None)])
def test_a_program_fails_as_it_is_told(wechat, code, location):
    wechat.faults.add({"fault": "status", "code": code, "route": "/hooks/mes"})
    reply = Server(wechat).post("/hooks/mes", "{}", webhook_id="d-1")
    assert (reply.status, reply.headers.get("Location")) == (code, location)
    assert not wechat.messages()
