"""Unsubscribing by a mail's link: looking changes nothing, posting needs no sign-in and no form of ours."""

import pytest

from services.contracts.errors import NotFound, Unavailable
from tests.unit.portal.pages import documents

ADDRESS = "/unsubscribe/a-token"


@pytest.fixture(autouse=True)
def reader(services):
    """What notify keeps for the reader of the mail."""
    kept = {"category": "reminders", "language": "zh-Hans", "wanted": True}

    def asked(token):
        if token != "a-token":
            raise NotFound
        return dict(kept)

    def told(actor, request_key, token):
        asked(token)
        kept["wanted"] = False
        return {}

    services.answers["notify", "unsubscribing"] = asked
    services.answers["notify", "unsubscribe"] = told
    return kept


@pytest.mark.parametrize("method", ["get", "head"])
def test_looking_changes_nothing(visitor, services, reader, method):
    answer = getattr(visitor, method)(ADDRESS)
    assert answer.status_code == 200
    assert reader["wanted"]
    assert services.commands == []


def test_the_page_says_of_what_and_has_one_button(visitor):
    page = documents.read(visitor.get(ADDRESS).text)
    assert "不再接收此类邮件" in page.text
    assert "提醒" in page.text
    assert [form["method"] for form in page.all("form", action=ADDRESS)] == ["post"]


def test_a_mail_program_posts_for_its_reader(visitor, reader):
    """As RFC 8058 has it: no cookie, no form of ours, an origin of its own."""
    answer = visitor.post(ADDRESS, data={"List-Unsubscribe": "One-Click"}, headers={"Origin": "https://mail.example"})
    assert answer.status_code == 200
    assert not reader["wanted"]
    assert "已退订" in answer.text
    assert visitor.post(ADDRESS, data={"List-Unsubscribe": "One-Click"}).status_code == 200


def test_the_page_speaks_the_readers_language(visitor, reader):
    reader["language"] = "en"
    page = documents.read(visitor.get(ADDRESS).text)
    assert "No more mails of this kind?" in page.text
    assert "Reminders" in page.text
    assert page.all("html", lang="en")


@pytest.mark.parametrize("token", ["guessed", "x" * 201, "%00", "a/b"])
def test_a_token_that_is_not_ours_is_not_there(visitor, reader, token):
    for answer in (visitor.get(f"/unsubscribe/{token}"), visitor.post(f"/unsubscribe/{token}")):
        assert answer.status_code == 404
    assert reader["wanted"]


def test_while_notify_is_away_the_program_is_told_to_come_back(visitor, services):
    services.answers["notify", "unsubscribe"] = Unavailable()
    answer = visitor.post(ADDRESS)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
