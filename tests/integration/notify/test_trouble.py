"""The platforms in trouble: odd answers, limits, tokens that die, settings that are wrong."""

import signal
import time
from contextlib import contextmanager
from dataclasses import replace

import pytest

from services.notify.channels.wechat import WeChatChannel
from services.notify.tencent.official import stable_token
from tests.integration.notify.conftest import wechat_settings
from tests.integration.notify.standins import fault, shown


def test_an_expired_token_is_renewed_and_the_card_goes_out(approved, cards, wechat):
    fault(wechat, fault="token_revoke")
    approved.send(cards)
    assert approved.states("wechat") == ["accepted", "accepted"]
    asked = [row for row in wechat.client.get("/api/requests").json() if row["path"].endswith("stable_token")]
    assert len(asked) == 2


@pytest.mark.parametrize("kind", ["slow", "reset", "html200", "empty200", "status"])
def test_a_token_endpoint_in_trouble_obeys_the_time_limit_and_nothing_is_in_doubt(
    approved, cards, email, wechat, kind, monkeypatch
):
    monkeypatch.setattr("services.notify.tencent.calls.SILENCE", 0.3)
    fault(wechat, fault=kind, route="stable_token", **({"seconds": 2} if kind == "slow" else {}))
    began = time.monotonic()
    assert approved.send(cards) == 1
    assert time.monotonic() - began < 1.5
    assert sorted(approved.states("wechat")) == ["pending", "retry"], "the channel rests, and no message was sent"
    assert approved.send(email) == 2, "other channels go on"
    approved.pass_time(seconds=31)
    assert approved.send(cards) == 2
    assert len(shown(wechat)) == 2


def test_codes_that_come_as_texts_mean_the_same(approved, cards, wechat):
    fault(wechat, fault="code_as_text", times=2)
    approved.send(cards)
    assert approved.states("wechat") == ["accepted", "accepted"]


def test_an_answer_that_drips_is_ended_by_the_deadline(approved, cards, wechat):
    """A byte every half second never makes the socket time out; the deadline of the whole does."""
    fault(wechat, fault="drip", seconds=0.5)

    @contextmanager
    def within(seconds):
        def late(*_):
            raise TimeoutError("deadline")

        before = signal.signal(signal.SIGALRM, late)
        signal.setitimer(signal.ITIMER_REAL, 1)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)

    approved.send(cards, approved.sender(within=within))
    assert sorted(approved.states("wechat")) == ["accepted", "unknown"]
    approved.pass_time(seconds=31)
    approved.send(cards)
    assert approved.states("wechat") == ["accepted", "accepted"]
    assert len(shown(wechat)) == 2


def test_wrong_settings_rest_the_channel(approved, wechat):
    settings = replace(wechat_settings(wechat), app_secret="wrong")
    sender = approved.sender()
    channel = WeChatChannel(settings, stable_token(settings))
    assert approved.send(channel, sender) == 1
    assert sender.first(channel) is None
    assert approved.rows("SELECT reason FROM deliveries WHERE state = 'retry'") == [("configuration 40125",)]


def test_a_full_channel_uses_up_no_try(approved, cards, wechat):
    fault(wechat, fault="code", code=45009)
    approved.send(cards)
    assert approved.rows("SELECT attempts FROM deliveries WHERE state = 'retry'") == [(0,)]


def test_someone_who_does_not_follow_is_not_tried_again(approved, cards, wechat):
    fault(wechat, fault="code", code=43004)
    approved.send(cards)
    assert sorted(approved.states("wechat")) == ["accepted", "dead"]
