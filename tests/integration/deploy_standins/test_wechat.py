"""The WeChat stand-in over real sockets: what only a wire can show."""

import socket
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.integration.deploy_standins.conftest import reachable

APP = {"grant_type": "client_credential", "appid": "wx-demo-app", "secret": "demo-app-secret"}
FIELDS = {
    "thing1": "LAB-1 高低温老化",
    "time2": "2026年11月24日 09:30~17:30",
    "thing3": "芯辰传感",
    "phrase4": "已批准",
    "thing5": "无",
}
SEND = "/cgi-bin/message/template/send"


@pytest.fixture
def token(wechat):
    return wechat.client.post("/cgi-bin/stable_token", json=APP).json()["access_token"]


@pytest.fixture
def send(wechat, token):
    def send_card(to="demo-lead01", client=wechat.client, **more):
        body = {"touser": to, "template_id": "tmpl-approved", "data": {key: {"value": FIELDS[key]} for key in FIELDS}}
        return client.post(SEND, params={"access_token": token}, json=body | more)

    return send_card


def messages(wechat, **filters) -> list[dict]:
    return wechat.client.get("/api/messages", params=filters).json()


def test_a_card_goes_in_and_comes_out(wechat, send):
    assert send().json()["errcode"] == 0
    card = messages(wechat)[0]
    assert (card["channel"], card["to"], card["template"]) == ("wechat", "demo-lead01", "tmpl-approved")
    assert card["data"]["thing1"]["value"] == FIELDS["thing1"]
    assert {"received_at", "shown", "flags"} <= card.keys()


def test_a_repetition_is_listed_only_when_asked_for(wechat, send):
    for _ in range(2):
        send(client_msg_id="d-1")
    assert len(messages(wechat)) == 1
    assert [card["flags"] for card in messages(wechat, shown="all")] == [["duplicate"], []]


def test_after_a_broken_line_a_retry_is_shown_once(wechat, send):
    wechat.client.post("/api/faults", json={"fault": "reset", "when": "after"})
    with pytest.raises(httpx.TransportError):
        send(client_msg_id="d-2")
    assert send(client_msg_id="d-2").json()["errcode"] == 0
    assert len(messages(wechat)) == 1
    retry, first = wechat.client.get("/api/requests").json()[:2]
    assert (first["accepted"], first["seen"], retry["seen"]) == (True, "nothing", "answer")
    assert first["body_digest"] == retry["body_digest"]


def test_a_broken_line_before_acceptance_shows_nothing(wechat, send):
    wechat.client.post("/api/faults", json={"fault": "reset"})
    with pytest.raises(httpx.TransportError):
        send()
    assert messages(wechat, shown="all") == []


def test_half_an_answer(wechat, send):
    wechat.client.post("/api/faults", json={"fault": "truncate"})
    with pytest.raises(httpx.TransportError):
        send()
    assert len(messages(wechat)) == 1


def test_a_page_instead_of_an_answer(wechat, send):
    wechat.client.post("/api/faults", json={"fault": "html200"})
    answer = send()
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html")
    wechat.client.post("/api/faults", json={"fault": "status"})
    assert send().status_code == 503


def test_a_client_that_does_not_wait_had_its_message_accepted(wechat, send):
    wechat.client.post("/api/faults", json={"fault": "slow", "seconds": 1, "when": "after"})
    with httpx.Client(base_url=wechat.client.base_url, timeout=0.2) as impatient, pytest.raises(httpx.ReadTimeout):
        send(client=impatient)
    assert len(messages(wechat)) == 1


def test_people_tokens_and_clock_are_switched_from_outside(wechat, send):
    client = wechat.client
    assert client.post("/api/people", json={"person": "demo-lead09", "state": "unfollowed"}).status_code == 200
    assert send("demo-lead09").json()["errcode"] == 43004
    assert client.post("/people", data={"person": "demo-lead09", "state": "following"}).status_code == 303
    assert send("demo-lead09").json()["errcode"] == 0
    assert client.get("/api/tokens").json()["issued"]["stable_token"] >= 1
    assert client.post("/api/clock", json={"seconds": 7200}).json()["ahead"] >= 7200
    assert send("demo-lead09").json()["errcode"] == 42001
    for path, body in (("/api/people", {"person": "", "state": "following"}), ("/api/clock", {"seconds": "long"})):
        assert client.post(path, json=body).status_code == 422


def test_a_code_to_scan_has_a_picture(wechat, token):
    body = {"action_name": "QR_STR_SCENE", "action_info": {"scene": {"scene_str": "nonce"}}}
    made = wechat.client.post("/cgi-bin/qrcode/create", params={"access_token": token}, json=body).json()
    picture = wechat.client.get("/cgi-bin/showqrcode", params={"ticket": made["ticket"]})
    assert picture.headers["content-type"] == "image/svg+xml"
    assert wechat.client.get("/cgi-bin/showqrcode", params={"ticket": "guess"}).status_code == 404


def test_an_unknown_route_is_404(wechat):
    assert wechat.client.post("/cgi-bin/message/mass/send", json={}).status_code == 404


def test_many_at_once_are_all_there_once(wechat, send):
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda number: send(f"demo-member{number:03}").json()["errcode"], range(200)))
    assert answers == [0] * 200
    assert len({card["msgid"] for card in messages(wechat)}) == 200


def test_the_page_shows_people_and_requests(wechat, send):
    send("demo-<script>")
    html = wechat.client.get("/", headers={"Accept-Language": "en"}).text
    assert "demo-&lt;script&gt;" in html
    assert "message/template/send" in html
    assert "<script>" not in html


@pytest.mark.parametrize("standin", ["mailbox_process", "wechat_process"])
def test_only_this_machine_can_connect(standin, request):
    outside = {info[4][0] for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)} - {"127.0.0.1"}
    outside = {address for address in outside if not address.startswith("127.")}
    ports = request.getfixturevalue(standin).ports.values()
    assert all(reachable("127.0.0.1", port) for port in ports)
    assert not any(reachable(address, port) for address in outside for port in ports)


@pytest.mark.parametrize("standin", ["mailbox_process", "wechat_process"])
def test_a_body_too_large_or_of_unknown_length_is_refused(standin, request):
    client = request.getfixturevalue(standin).client
    assert client.post("/api/faults", content=b"x" * 2_000_001).status_code == 413
    assert client.post("/api/faults", content=iter([b"{}"])).status_code == 411
