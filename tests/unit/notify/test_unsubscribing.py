"""The links by which readers unsubscribe: whose they are, what they can do, and where they stand."""

import email
from dataclasses import replace
from email import policy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.channels.email import compose
from services.notify.domain.audience import recipients
from services.notify.domain.steps import Category
from services.notify.domain.unsubscribing import OPTIONAL, Links
from services.notify.rendering.composer import Composer
from tests.unit.notify import situations

LINKS = Links("https://booking.example.test/", "k" * 32)
PEOPLE = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}", fullmatch=True)


@given(PEOPLE, st.sampled_from(sorted(OPTIONAL)))
def test_a_token_says_who_and_of_what(person, category):
    token = LINKS.token(person, category)
    assert LINKS.read(token) == (person, category)
    assert LINKS.token(person, category) == token, "a repeat of a mail is the same, byte for byte"
    assert Links("https://booking.example.test", "another key" * 4).read(token) is None


@given(PEOPLE, st.sampled_from(sorted(OPTIONAL)), st.data())
def test_a_changed_token_is_not_ours(person, category, data):
    token = LINKS.token(person, category)
    place = data.draw(st.integers(0, len(token) - 2))
    other = data.draw(st.sampled_from("ABCabc019-_").filter(lambda character: character != token[place]))
    assert LINKS.read(token[:place] + other + token[place + 1 :]) is None


@given(st.text(max_size=60))
def test_whatever_is_sent_is_read_without_harm(token):
    assert LINKS.read(token) is None


def test_without_a_key_there_are_no_links():
    nothing = Links("https://booking.example.test", "")
    assert nothing.address("lead01", Category.REMINDERS) is None
    assert nothing.read(LINKS.token("lead01", Category.REMINDERS)) is None
    assert "k" * 32 not in repr(LINKS)


# in the mail -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def mail():
    situation = situations.approved()
    composer = Composer("https://booking.example.test", "base@example.test")
    written = composer.compose(situation, recipients(situation), situations.CAUSE)
    return next(each for each in written if (each.recipient, each.channel) == ("lead01", "email"))


@pytest.mark.parametrize("category", sorted(OPTIONAL))
def test_what_is_optional_offers_to_unsubscribe_at_one_click(mail, category):
    raw = compose(replace(mail, category=category), LINKS)
    message = email.message_from_bytes(raw, policy=policy.default)
    address = LINKS.address("lead01", category)
    assert message["List-Unsubscribe"] == f"<{address}>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert f"List-Unsubscribe: <{address}>\r\n".encode() in raw, "a folded line breaks signatures at some relays"


@pytest.mark.parametrize("category", sorted(set(Category) - OPTIONAL))
def test_what_decides_about_ones_time_does_not(mail, category):
    assert b"List-Unsubscribe" not in compose(replace(mail, category=category), LINKS)
