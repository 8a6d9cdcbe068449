"""WeCom: cards and notes cut where it does no harm, one person per call, answers that name who was not reached."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as some

from services.notify.channels.robot import RobotChannel
from services.notify.channels.wecom import WeComChannel, WeComSettings, app_token
from services.notify.domain.audience import recipients
from services.notify.domain.outcomes import Kind
from services.notify.domain.wecom_texts import DESCRIPTION_BYTES, MARKDOWN_BYTES, TITLE_BYTES, cut
from services.notify.rendering import wecom
from services.notify.rendering.composer import Composer
from services.notify.rendering.words import LANGUAGES
from services.notify.tencent.calls import Api, Failed
from tests.unit.notify import situations
from tests.unit.notify.test_wechat import FakeApi

SETTINGS = WeComSettings("http://127.0.0.1:1", "ww-corp", 1000002, "hush-hush")


class FakeWeCom(FakeApi):
    """Gives its token by GET."""

    def get(self, path):
        self.asked.append(path)
        return {"errcode": 0, "access_token": self.token, "expires_in": self.lasts}


def channel_on(api):
    channel = WeComChannel(SETTINGS, app_token(SETTINGS))
    channel.api = api
    return channel


def written(make, robots=(), **more):
    """What colleagues on WeCom and their groups are told of a situation."""
    situation = make()
    people = {name: replace(person, bindings={"wecom": person.person}) for name, person in situation.people.items()}
    situation = replace(situation, people=people, **more)
    composer = Composer("https://booking.example.test", "base@example.test", robots=robots)
    return composer.compose(situation, recipients(situation), situations.CAUSE)


@pytest.fixture
def card():
    return next(
        each for each in written(situations.requested) if (each.recipient, each.channel) == ("manager-labs", "wecom")
    )


@given(some.text(), some.integers(3, 60))
def test_a_cut_keeps_to_the_bytes_and_breaks_no_character(text, most):
    short = cut(text, most)
    assert len(short.encode()) <= most
    assert short == text or (short.endswith("…") and text.startswith(short[:-1]))


@pytest.mark.parametrize("length", [TITLE_BYTES - 1, TITLE_BYTES, TITLE_BYTES + 1])
@pytest.mark.parametrize("character", ["a", "中", "é", "😀"])
def test_the_border_of_a_title(length, character):
    text = (character * length).encode()[:length].decode("utf-8", "ignore")
    title = wecom.card(text, "", "https://x", "en")["title"]
    assert len(title.encode()) <= TITLE_BYTES
    assert (title == text) == (len(text.encode()) <= TITLE_BYTES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_that_people_typed_becomes_a_link_or_calls_everybody(language):
    hostile = "[click](http://evil.example) <@all> **bold** <a href='x'>" + "长" * 3000
    card = wecom.card(hostile, hostile, "https://booking.example.test/reservations/1", language)
    note = wecom.note(hostile, hostile, "https://booking.example.test/reservations/1", language)["markdown"]
    for text in (card["title"], card["description"], note.rsplit("\n", 1)[0].removeprefix("**")):
        assert not set("<[@") & set(text)
    assert len(card["title"].encode()) <= TITLE_BYTES
    assert len(card["description"].encode()) <= DESCRIPTION_BYTES
    assert len(card["button"]) <= 4
    assert len(note.encode()) <= MARKDOWN_BYTES
    assert note.endswith("(https://booking.example.test/reservations/1)"), "the link is never cut"


def test_a_colleague_reads_the_most_important_words_first(card):
    assert card.content["title"] == "待审批 · 高低温老化"
    assert card.content["description"].startswith("2026年3月5日（周四）09:00–12:30")
    assert card.content["url"].endswith(situations.RESERVATION)


def test_the_facilitys_own_group_is_told_or_else_the_bases_and_only_of_what_managers_must_do():
    def group(make, *robots):
        return [(each.recipient, each.address) for each in written(make, robots) if each.channel == "robot"]

    assert group(situations.requested) == []
    assert group(situations.requested, "base") == [("@base", "base")]
    assert group(situations.requested, "base", "LAB-1") == [("@LAB-1", "LAB-1")]
    assert group(situations.requested, "LAB-2") == []
    assert group(situations.approved, "base") == []
    [note] = [each for each in written(situations.requested, ["base"]) if each.channel == "robot"]
    assert note.content["markdown"].startswith("**待审批 · 高低温老化**\n> 2026年3月5日")


def test_a_message_is_the_same_bytes_at_every_try_and_to_one_person(card):
    first, second = channel_on(FakeWeCom()), channel_on(FakeWeCom())
    assert first.body(card) == second.body(replace(card))
    body = first.body(card)
    assert body["touser"] == "manager-labs"
    again = replace(card, id="another", event_id="another")
    assert first.body(again) != body, "the same words about another fact are no repeat"
    assert (body["enable_duplicate_check"], body["duplicate_check_interval"]) == (1, 1800)
    assert type(body["agentid"]) is int


@pytest.mark.parametrize("address", ["@all", "", "a|b", "a|@all", "|", "@ALL", "a b"])
def test_everybody_and_nobody_cannot_be_addressed(card, address):
    api = FakeWeCom()
    assert channel_on(api).send(replace(card, address=address)).kind is Kind.OUR_BUG
    assert not api.sent
    assert not api.asked


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ({"errcode": 0, "msgid": "m1"}, Kind.ACCEPTED),
        ({"errcode": 0, "msgid": "m1", "invaliduser": "somebody-else"}, Kind.ACCEPTED),
        ({"errcode": 0, "msgid": "m1", "invaliduser": "MANAGER-LABS"}, Kind.RECIPIENT),
        ({"errcode": 0, "invaliduser": "x|manager-labs"}, Kind.RECIPIENT),
        ({"errcode": 0, "unlicenseduser": "manager-labs"}, Kind.RECIPIENT),
        ({"errcode": 81013}, Kind.RECIPIENT),
        ({"errcode": 60020}, Kind.CONFIGURATION),
        ({"errcode": 45009}, Kind.RATE),
        ({"errcode": 45033}, Kind.RATE),
        ({"errcode": 40058}, Kind.OUR_BUG),
        ({"errcode": 12345}, Kind.UNCLASSIFIED),
        ({}, Kind.UNKNOWN),
    ],
)
def test_code_zero_is_success_only_for_those_who_are_not_named(card, answer, kind):
    assert channel_on(FakeWeCom(answer)).send(card).kind is kind


def test_a_refused_token_is_renewed_once(card):
    api = FakeWeCom({"errcode": 42001}, {"errcode": 0, "msgid": "m"})
    assert channel_on(api).send(card).kind is Kind.ACCEPTED
    assert len(api.asked) == 2
    api = FakeWeCom({"errcode": 40014}, {"errcode": 40014})
    assert channel_on(api).send(card).kind is Kind.TOKEN
    assert (len(api.asked), len(api.sent)) == (2, 2)


def test_no_secret_is_ever_shown(card):
    assert "hush-hush" not in repr(SETTINGS)
    outcome = WeComChannel(SETTINGS, app_token(SETTINGS)).send(card)
    assert outcome.kind is Kind.TRANSIENT
    assert "hush-hush" not in repr(outcome)
    robot = RobotChannel(SETTINGS.api_base, {"base": "hush-hush"})
    note = replace(card, channel="robot", address="base", content={"markdown": "x"})
    assert "hush-hush" not in repr(robot.send(note))


def test_a_group_without_a_key_is_a_matter_of_configuration(card):
    note = replace(card, channel="robot", address="LAB-1", content={"markdown": "x"})
    outcome = RobotChannel(SETTINGS.api_base, {}).send(note)
    assert outcome.kind is Kind.CONFIGURATION
    assert not outcome.pause, "other groups have robots of their own"


@pytest.mark.parametrize("base", ["http://api.weixin.qq.com", "http://10.0.0.1", "api.weixin.qq.com"])
def test_a_platform_is_spoken_to_without_encryption_only_on_this_machine(base):
    assert Api("http://127.0.0.1:8004")
    with pytest.raises(ValueError, match="https"):
        Api(base)


def test_an_answer_without_a_token_is_no_token(card):
    api = FakeWeCom()
    api.get = lambda path: {"errcode": 0, "errmsg": "ok"}
    with pytest.raises(Failed) as failed:
        app_token(SETTINGS).get(api)
    assert failed.value.outcome.kind is Kind.TRANSIENT
