"""Faults, repetition and tokens, as a client meets them; and what the log says of both sides."""

import json

import pytest

from tests.unit.deploy_standins.conftest import APP, CORP

SEND = "message/template/send"


@pytest.mark.parametrize(
    ("fault", "accepted", "seen", "ending"),
    [
        ({"fault": "reset"}, False, "nothing", "reset"),
        ({"fault": "reset", "when": "after"}, True, "nothing", "reset"),
        ({"fault": "truncate"}, True, "part", "truncate"),
        ({"fault": "html200"}, False, "replaced", "whole"),
        ({"fault": "html200", "when": "after"}, True, "replaced", "whole"),
        ({"fault": "slow", "seconds": 0}, True, "late", "whole"),
    ],
)
def test_a_fault_parts_what_the_provider_did_from_what_the_client_saw(wechat, fault, accepted, seen, ending):
    token = wechat.token()
    wechat.faults.add(fault)
    reply = wechat.reply("POST", SEND, {"access_token": token}, wechat.card())
    entry = wechat.conversation.requests.newest_first(1)[0]
    assert (reply.ending, entry["accepted"], entry["seen"]) == (ending, accepted, seen)
    assert len(wechat.shown()) == accepted


def test_a_code_strikes_as_often_as_asked_and_spares_the_tokens(wechat):
    wechat.faults.add({"fault": "code", "code": 45009, "times": 2})
    token = wechat.token()
    assert [wechat.send(token)["errcode"] for _ in range(3)] == [45009, 45009, 0]


def test_a_fault_may_name_its_route(wechat):
    wechat.faults.add({"fault": "status", "code": 502, "route": "stable_token"})
    assert wechat.reply("POST", "stable_token", body=APP).status == 502
    assert wechat.reply("POST", "stable_token", body=APP).status == 200


def test_revoked_tokens_are_dead_until_the_client_asks_again(wechat):
    token = wechat.token()
    wechat.faults.add({"fault": "token_revoke"})
    assert wechat.send(token)["errcode"] == 40001
    assert wechat.send(wechat.token())["errcode"] == 0


def test_a_repetition_is_shown_again_only_after_ten_minutes(wechat):
    token = wechat.token()
    first = wechat.send(token, client_msg_id="d-1")
    wechat.clock.ahead += 599
    second = wechat.send(token, client_msg_id="d-1")
    wechat.clock.ahead += 1
    third = wechat.send(token, client_msg_id="d-1")
    assert first["msgid"] == second["msgid"] != third["msgid"]
    assert [message["flags"] for message in wechat.messages()] == [[], ["duplicate"], []]


def test_the_same_message_id_to_another_person_is_no_repetition(wechat):
    token = wechat.token()
    wechat.send(token, "demo-lead01", client_msg_id="d-1")
    wechat.send(token, "demo-lead02", client_msg_id="d-1")
    assert len(wechat.shown()) == 2


def test_a_refused_message_does_not_use_up_its_id(wechat):
    token = wechat.token()
    assert wechat.send(token, fields={"thing5": ""}, client_msg_id="d-1")["errcode"] == 47003
    wechat.send(token, client_msg_id="d-1")
    assert len(wechat.shown()) == 1


def test_the_stable_token_stays_the_classic_one_dies(wechat):
    assert wechat.token() == wechat.token()
    first, second = (wechat.call("GET", "token", APP)["access_token"] for _ in range(2))
    assert (wechat.send(first)["errcode"], wechat.send(second)["errcode"]) == (40001, 0)


def test_near_its_end_a_new_token_comes_and_the_old_one_lives_on(wechat):
    old = wechat.token()
    wechat.clock.ahead += 7000
    new = wechat.token()
    assert new != old
    assert [wechat.send(token)["errcode"] for token in (old, new)] == [0, 0]
    assert wechat.provider.tokens.issued == {"stable_token": 2}


def test_a_long_text_is_cut_between_characters(wechat):
    body = {"touser": "demo-lead01", "agentid": 1000002, "msgtype": "text", "text": {"content": "好" * 683}}
    assert wechat.call("POST", "message/send", {"access_token": wechat.token("wecom")}, body)["errcode"] == 0
    assert wechat.messages()[0]["text"] == "好" * 682
    assert wechat.messages()[0]["flags"] == ["cut"]


def test_secrets_stay_out_of_the_log_and_errors_differ_in_their_text(wechat):
    token = wechat.token()
    wechat.call("GET", "gettoken", CORP)
    errors = {wechat.send(token, "o-nobody")["errmsg"] for _ in range(2)}
    written = json.dumps(wechat.conversation.requests.newest_first())
    assert len(errors) == 2
    assert not any(secret in written for secret in (token, APP["secret"], CORP["corpsecret"]))
