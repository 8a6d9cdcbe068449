"""What comes back: real servers' reports, others' words, and what is no report at all."""

import pytest

from services.notify.domain.bounces import read_bounce, says_address_is_gone

DELIVERY = "6f5c0d7e-2f0a-5d7b-9a39-6f4f3ad0f2b4"
ORIGINAL = f"""\
From: =?utf-8?b?5Lit6K+V5Z+65Zyw?= <base@example.test>
To: lead01@example.test
Subject: =?utf-8?b?6aKE57qm?=
Message-ID: <{DELIVERY}@example.test>
"""


def report(status="5.1.1", action="failed", recipient="lead01@example.test", original=ORIGINAL, headers_only=False):
    """A report as Postfix writes it."""
    returned = "text/rfc822-headers" if headers_only else "message/rfc822"
    return f"""\
Return-Path: <>
From: MAILER-DAEMON@mx.example.test (Mail Delivery System)
To: base@example.test
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

--B
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mx.example.test. Your message could not be delivered.

--B
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.test
Arrival-Date: Thu, 26 Nov 2026 09:00:00 +0800 (CST)

Final-Recipient: rfc822; {recipient}
Original-Recipient: rfc822;{recipient}
Action: {action}
Status: {status}
Remote-MTA: dns; mx.qq.com
Diagnostic-Code: smtp; 550 {status} <{recipient}>: Recipient address
    rejected: User unknown

--B
Content-Type: {returned}

{original}
text

--B--
""".encode()


def in_words(text, sender="postmaster@qq.com", head="", charset="gb18030"):
    """A report without a form, as some providers of webmail write it."""
    return (
        f"From: {sender}\nTo: base@example.test\nSubject: returned\n{head}MIME-Version: 1.0\n"
        f"Content-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: 8bit\n\n"
    ).encode() + text.encode(charset)


@pytest.mark.parametrize("headers_only", [False, True])
def test_a_report_names_the_message_the_recipient_and_the_status(headers_only):
    found = read_bounce(report(headers_only=headers_only))
    assert (found.delivery, found.recipient, found.status) == (DELIVERY, "lead01@example.test", "5.1.1")
    assert "User unknown" in found.detail
    assert found.address_is_gone


@pytest.mark.parametrize(
    ("status", "action", "gone"),
    [
        ("5.1.1", "failed", True),
        ("5.1.10", "failed", True),
        ("5.2.1", "failed", True),
        ("5.0.0", "failed", True),
        ("5.2.2", "failed", False),  # full
        ("5.7.1", "failed", False),  # refused for what we are
        ("5.4.4", "failed", False),  # no way there
        ("4.4.1", "delayed", False),
        ("5.1.1", "delayed", False),
        ("2.0.0", "delivered", False),
    ],
)
def test_only_a_final_word_about_the_address_suppresses_it(status, action, gone):
    assert read_bounce(report(status, action)).address_is_gone is gone


def test_words_are_read_where_there_is_no_form():
    text = f"您的邮件被退回：550 5.1.1 收件人邮件地址不存在。\n\nMessage-ID: <{DELIVERY}@example.test>\n"
    found = read_bounce(in_words(text))
    assert (found.delivery, found.status) == (DELIVERY, "5.1.1")
    assert "收件人邮件地址不存在" in found.detail
    assert found.address_is_gone


def test_too_many_mails_are_not_the_addresss_fault():
    text = f"550 Connection frequency limited\nMessage-ID: <{DELIVERY}@example.test>"
    assert not read_bounce(in_words(text)).address_is_gone


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\x00\xfe",
        b"From: a@b\n\nhello",
        report(original="From: x\nMessage-ID: <other@somewhere>"),
        in_words(f"We met at 550 5.1.1 Main Street <{DELIVERY}@example.test>", sender="lead01@example.test"),
        in_words(f"out of office <{DELIVERY}@example.test>", head="Auto-Submitted: auto-replied\n"),
        in_words("550 5.1.1 without a message of ours"),
    ],
    ids=range(7),
)
def test_what_is_no_report_about_a_message_of_ours_says_nothing(raw):
    assert read_bounce(raw) is None


def test_an_unknown_charset_is_no_obstacle():
    raw = in_words(f"550 5.1.1 <{DELIVERY}@example.test>").replace(b"gb18030", b"x-unheard-of")
    assert read_bounce(raw).status == "5.1.1"


@pytest.mark.parametrize(
    ("code", "text", "gone"),
    [
        ("550", "5.1.1 no such user", True),
        ("550", "Mailbox not found", True),
        ("553", "Invalid address", True),
        ("550", "5.0.0 refused", True),
        ("550", "Connection frequency limited", False),
        ("554", "5.7.1 Service unavailable; client host blocked", False),
        ("552", "5.2.2 mailbox full", False),
        ("450", "4.2.1 try later", False),
        ("", "", False),
    ],
)
def test_what_a_refusal_says_of_an_address(code, text, gone):
    assert says_address_is_gone(code, text) is gone
