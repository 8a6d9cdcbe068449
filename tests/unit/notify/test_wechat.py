"""What the platform's answers mean, and how the token is kept."""

import threading
from datetime import timedelta

import pytest

from services.notify.channels.wechat import KINDS, WeChatChannel
from services.notify.domain.audience import recipients
from services.notify.domain.outcomes import Kind, Outcome
from services.notify.rendering.composer import Composer
from services.notify.tencent.answers import outcome_of
from services.notify.tencent.calls import Failed
from services.notify.tencent.official import WeChatSettings, stable_token
from tests.unit.notify import situations

SETTINGS = WeChatSettings("http://127.0.0.1:1", "wx-app", "hush-hush", {"approved": "tmpl-approved"})


class FakeApi:
    """A platform that knows one token and gives answers in the order in which a test lists them."""

    def __init__(self, *answers, token="t1", lasts=7200):
        self.answers, self.token, self.lasts = list(answers), token, lasts
        self.asked, self.sent = [], []

    def post(self, path, body):
        if path == "/cgi-bin/stable_token":
            self.asked.append(body)
            return {"access_token": self.token, "expires_in": self.lasts}
        self.sent.append((path, body))
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def close(self):
        pass


@pytest.fixture
def card():
    situation = situations.approved()
    composer = Composer("https://booking.example.test", "base@example.test")
    return composer.compose(situation, recipients(situation), situations.CAUSE)[1]


def channel_on(api):
    channel = WeChatChannel(SETTINGS, stable_token(SETTINGS))
    channel.account.api = api
    return channel


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ({"errcode": 0, "errmsg": "ok", "msgid": 7}, Kind.ACCEPTED),
        ({"errcode": "0", "msgid": 7}, Kind.ACCEPTED),
        ({"errcode": -1}, Kind.TRANSIENT),
        ({"errcode": 40003}, Kind.RECIPIENT),
        ({"errcode": 43004}, Kind.RECIPIENT),
        ({"errcode": 40164}, Kind.CONFIGURATION),
        ({"errcode": 45009}, Kind.RATE),
        ({"errcode": 47003, "errmsg": "data.thing1.value invalid"}, Kind.OUR_BUG),
        ({"errcode": 99999, "errmsg": "ok"}, Kind.UNCLASSIFIED),
        ({"errmsg": "ok"}, Kind.UNKNOWN),
        ({"errcode": None}, Kind.UNKNOWN),
    ],
)
def test_the_code_decides_and_nothing_else(answer, kind):
    assert outcome_of(answer, KINDS).kind is kind


def test_a_message_names_its_delivery(card):
    api = FakeApi({"errcode": 0, "msgid": 42})
    assert channel_on(api).send(card) == Outcome(kind=Kind.ACCEPTED, code="0", reference="42")
    [(path, body)] = api.sent
    assert path.endswith("access_token=t1")
    assert body["client_msg_id"] == card.id.replace("-", "")
    assert (body["touser"], body["template_id"]) == ("demo-member01", "tmpl-approved")


def test_a_refused_token_is_renewed_once(card):
    api = FakeApi({"errcode": 42001}, {"errcode": 0, "msgid": 1})
    channel = channel_on(api)
    assert channel.send(card).kind is Kind.ACCEPTED
    assert len(api.asked) == 2

    api.answers = [{"errcode": 40001}, {"errcode": 40001}]
    assert channel.send(card).kind is Kind.TOKEN
    assert len(api.asked) == 3
    assert len(api.sent) == 4


def test_many_who_miss_the_token_ask_once():
    api, token, found = FakeApi(), stable_token(SETTINGS), []
    threads = [threading.Thread(target=lambda: found.append(token.get(api))) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == ["t1"] * 20
    assert len(api.asked) == 1


def test_a_token_is_renewed_before_it_runs_out():
    clock = iter([0, 7000, 7100, 7100]).__next__
    api, token = FakeApi(), stable_token(SETTINGS, clock=clock)
    for _ in range(3):
        token.get(api)
    assert len(api.asked) == 2


def test_a_wrong_secret_is_a_matter_of_configuration():
    api = FakeApi()
    api.post = lambda path, body: {"errcode": 40001, "errmsg": "invalid credential"}
    with pytest.raises(Failed) as failed:
        stable_token(SETTINGS).get(api)
    assert failed.value.outcome.kind is Kind.CONFIGURATION
    assert failed.value.outcome.pause > timedelta()


def test_without_a_token_the_message_was_certainly_not_sent(card):
    api = FakeApi()

    def silent(path, body):
        raise Failed(Outcome(kind=Kind.UNKNOWN, detail="TimeoutError"))

    api.post = silent
    assert channel_on(api).send(card).kind is Kind.TRANSIENT


def test_a_silence_after_sending_leaves_it_unknown(card):
    api = FakeApi(Failed(Outcome(kind=Kind.UNKNOWN, detail="TimeoutError")))
    assert channel_on(api).send(card).kind is Kind.UNKNOWN


def test_no_secret_is_ever_shown(card):
    assert "hush-hush" not in repr(SETTINGS)
    unreachable = WeChatChannel(SETTINGS, stable_token(SETTINGS)).send(card)
    assert unreachable.kind is Kind.TRANSIENT
    assert "hush-hush" not in repr(unreachable)
