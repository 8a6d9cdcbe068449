"""The platform's reports: what is taken, and what is turned away without any effect."""

import time
from urllib.parse import parse_qs, urlencode

import pytest

from services.contracts.errors import Unavailable
from services.portal.app import create_app
from services.portal.config import Settings
from services.portal.wechat.sealed import Refused, Seal, read_xml
from tests.unit.portal.fakes import FakeClient, FakeRedis
from tests.unit.portal.wechat.conftest import KEY


@pytest.fixture(autouse=True)
def notify(services):
    services.answers["notify", "take_wechat_event"] = {"first": True}


def test_a_scan_is_handed_to_notify_and_answered_at_once(report, services):
    began = time.monotonic()
    answer = report("SCAN", EventKey="f" * 32, person="openid-7")
    assert (answer.status_code, answer.text) == (200, "success")
    assert time.monotonic() - began < 1
    [command] = services.commands
    assert (command.actor, command.kind, command.sender, command.key) == ("wechat", "SCAN", "openid-7", "f" * 32)


def test_the_fate_of_a_message_comes_with_its_number(report, services):
    assert report("TEMPLATESENDJOBFINISH", MsgID=3100000000000000001, Status="failed:user block").status_code == 200
    [command] = services.commands
    assert (command.reference, command.status) == ("3100000000000000001", "failed:user block")


@pytest.mark.parametrize(
    ("twist", "status"),
    [
        ("bad_signature", 403),
        ("old", 403),
        ("wrong_receiver", 400),
        ("broken_cipher", 400),
        ("plain", 400),
        ("bomb", 400),
    ],
)
def test_what_is_not_from_the_platform_is_refused_and_changes_nothing(report, services, twist, status):
    answer = report(twist=twist)
    assert (answer.status_code, answer.text) == (status, "")
    assert services.commands == []


def test_a_callback_that_is_played_once_more_is_refused(visitor, platform, services):
    query, body = platform.request(platform.xml("openid-1", "unsubscribe", {}))
    first, second = (visitor.post(f"/wechat/callback?{query}", data=body) for _ in range(2))
    assert (first.status_code, second.status_code) == (200, 409)
    assert len(services.commands) == 1


def test_a_callback_from_the_future_is_stale_too(report, platform, monkeypatch):
    monkeypatch.setattr(platform, "now", lambda: time.time() + 301)
    assert report().status_code == 403


def test_the_platform_tries_again_while_notify_is_away(visitor, platform, services):
    query, body = platform.request(platform.xml("openid-1", "unsubscribe", {}))
    services.answers["notify", "take_wechat_event"] = Unavailable()
    assert visitor.post(f"/wechat/callback?{query}", data=body).status_code == 503
    services.answers["notify", "take_wechat_event"] = {"first": True}
    assert visitor.post(f"/wechat/callback?{query}", data=body).status_code == 200


def test_what_people_write_to_the_account_is_let_go(report, services):
    assert report("VIEW", EventKey="https://base.example").status_code == 200
    assert services.commands == []


def test_an_event_with_broken_fields_is_refused(report, services):
    assert report("SCAN", CreateTime="tomorrow").status_code == 400
    assert report("SCAN", EventKey="x" * 300).status_code == 400
    assert services.commands == []


def test_a_body_that_is_too_large_is_not_read(report):
    assert report("SCAN", EventKey="x" * 70_000).status_code == 413


@pytest.mark.parametrize("body", [b"", b"<xml>", b"\xff\xfe", b"<xml><Encrypt></Encrypt></xml>", b"{}"])
def test_what_is_no_envelope_is_malformed(visitor, platform, body):
    query, _ = platform.request("<xml/>")
    assert visitor.post(f"/wechat/callback?{query}", data=body).status_code == 400


def test_the_address_proves_to_be_ours(visitor, platform):
    timestamp, nonce = str(int(time.time())), "n1"
    asked = {"signature": platform.signature(timestamp, nonce), "timestamp": timestamp, "nonce": nonce}
    answer = visitor.get("/wechat/callback?" + urlencode(asked | {"echostr": "5 % <b>"}))
    assert (answer.status_code, answer.text, answer.mimetype) == (200, "5 % <b>", "text/plain")
    assert visitor.get("/wechat/callback?" + urlencode(asked | {"nonce": "n2"})).status_code == 403


def test_without_an_account_there_is_no_such_address(visitor, app, report, monkeypatch):
    monkeypatch.setitem(app.extensions, "wechat_seal", None)
    assert report().status_code == 404
    assert visitor.get("/wechat/callback").status_code == 404


def test_the_log_names_neither_signature_nor_person(report, caplog):
    report(twist="bad_signature", person="openid-secret")
    assert "forged" in str([vars(record) for record in caplog.records])
    assert "openid-secret" not in str([vars(record) for record in caplog.records])


# the envelope itself ---------------------------------------------------------------------


def test_what_was_sealed_is_opened(seal, platform):
    assert seal.open(platform.sealed("<xml>中文</xml>", "wx-demo-app")) == "<xml>中文</xml>"


@pytest.mark.parametrize("part", ["timestamp", "nonce", "msg_signature"])
def test_every_part_is_signed(seal, platform, part):
    query, _ = platform.request("<xml/>")
    asked = {name: values[0] for name, values in parse_qs(query).items()} | {part: "1"}
    with pytest.raises(Refused):
        seal.check(asked["msg_signature"], asked["timestamp"], asked["nonce"], time.time(), "x")


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE x [<!ENTITY a "b">]><xml><Event>&a;</Event></xml>',
        '<!DOCTYPE x SYSTEM "file:///etc/passwd"><xml/>',
        "<xml>" + "<a>" * 20 + "</a>" * 20 + "</xml>",
        "<xml>" + "".join(f"<a{n}>1</a{n}>" for n in range(200)) + "</xml>",
        "<xml><a></xml>",
    ],
)
def test_no_xml_but_the_plain_kind_is_read(text):
    with pytest.raises(Refused):
        read_xml(text)


def test_a_key_of_the_wrong_length_ends_the_start():
    with pytest.raises(ValueError, match="43"):
        Seal("wx", "token", "short")
    settings = Settings(
        amqp_url="a", redis_url="r", secret_key="k" * 32, public_url="http://localhost", wechat_callback_key="short"
    )
    with pytest.raises(ValueError, match="43"):
        create_app(settings, FakeClient(), FakeRedis())


def test_the_key_is_not_shown(seal):
    assert KEY not in repr(seal)
