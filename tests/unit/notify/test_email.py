"""The mail on the wire."""

import email
from dataclasses import replace
from email import policy

import pytest

from services.notify.channels.email import SmtpSettings, compose
from services.notify.domain.audience import recipients
from services.notify.rendering.composer import Composer
from services.notify.samples import notices
from tests.unit.notify import situations


@pytest.fixture(scope="module")
def mail():
    """An invitation in Chinese."""
    situation = situations.approved()
    composer = Composer("https://booking.example.test", "base@example.test")
    written = composer.compose(situation, recipients(situation), situations.CAUSE)
    return next(each for each in written if (each.recipient, each.channel) == ("lead01", "email"))


def parsed(delivery):
    return email.message_from_bytes(compose(delivery), policy=policy.default)


def test_it_has_the_parts_that_clients_look_for(mail):
    kinds = [part.get_content_type() for part in parsed(mail).walk()]
    assert kinds == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/calendar",
        "application/ics",
    ]


def test_texts_arrive_as_they_were_written(mail):
    message = parsed(mail)
    for kind in ("plain", "html"):
        found = message.get_body((kind,)).get_content()
        assert found.replace("\r\n", "\n") == mail.content["text" if kind == "plain" else "html"]
    assert message["Subject"] == mail.content["subject"]
    assert message["From"] == "中试基地 <base@example.test>"
    assert message["To"] == mail.address


def test_the_method_is_the_same_in_both_places(mail):
    [entry] = [part for part in parsed(mail).walk() if part.get_content_type() == "text/calendar"]
    assert entry["Content-Type"].params["method"] == "REQUEST"
    assert "METHOD:REQUEST\r\n" in entry.get_content()
    [attached] = parsed(mail).iter_attachments()
    assert attached.get_filename() == "invite.ics"
    assert attached.get_content().decode() == mail.content["calendar"]


def test_many_entries_come_as_one_file_and_not_inline():
    [(notice, told)] = notices.series_approved()
    composer = Composer("https://booking.example.test", "base@example.test")
    written = composer.compose(notice, told, situations.CAUSE)
    message = parsed(next(each for each in written if each.channel == "email"))
    assert "text/calendar" not in [part.get_content_type() for part in message.walk()]
    [attached] = message.iter_attachments()
    assert attached.get_filename() == "calendar.ics"
    assert attached.get_content().decode().count("BEGIN:VEVENT\r\n") == 3


def test_a_repeat_is_the_same_byte_for_byte(mail):
    assert compose(mail) == compose(replace(mail))


def test_seven_bits_and_short_lines(mail):
    raw = compose(mail)
    assert raw.isascii()
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998
    assert b"\n" not in raw.replace(b"\r\n", b"")


def test_it_belongs_to_the_thread_and_says_that_it_is_automatic(mail):
    message = parsed(mail)
    assert message["Message-ID"] == f"<{mail.id}@example.test>"
    assert message["References"] == message["In-Reply-To"]
    assert message["References"] == f"<{mail.reservation}.{mail.recipient}@example.test>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert "List-Unsubscribe" not in message, "nobody can unsubscribe from what concerns their own reservation"


def test_nothing_can_add_a_header(mail):
    content = mail.content | {"subject": "a\r\nBcc: everybody@example.test"}
    assert "Bcc" not in parsed(replace(mail, content=content))


def test_the_password_is_not_shown():
    assert "geheim" not in repr(SmtpSettings(host="h", port=25, password="geheim"))
