"""Reading mails, searching and showing them."""

from email.message import EmailMessage
from email.policy import SMTP

import pytest

from deploy.standins.mailbox.inbox import Inbox
from deploy.standins.mailbox.invitation import read_invitation
from deploy.standins.mailbox.page import mailbox_page
from deploy.standins.mailbox.reading import read_mail
from deploy.standins.mailbox.server import links_open_tabs

CALENDAR = """BEGIN:VCALENDAR
METHOD:REQUEST
BEGIN:VTIMEZONE
DTSTART:19700101T000000
END:VTIMEZONE
BEGIN:VEVENT
UID:reservation-1@base.example
SEQUENCE:2
SUMMARY:高低温老化\\, 机位 2
DESCRIPTION:第一行\\n第二
 行
ATTENDEE;CN="李:工";RSVP=FALSE:mailto:lead01@demo.example
DTSTART:20261124T013000Z
DTEND;TZID=Asia/Shanghai:20261124T173000
BROKEN
END:VEVENT
END:VCALENDAR
""".replace("\n", "\r\n")


def a_mail(to: str = "lead01@demo.example", subject: str = "预约已批准") -> EmailMessage:
    mail = EmailMessage(policy=SMTP.clone(cte_type="7bit"))
    mail["From"] = "中试基地 <booking@base.example>"
    mail["To"] = to
    mail["Subject"] = subject
    mail.set_content("您好\n第二行\n")
    mail.add_alternative("<p>您好 <script>alert(1)</script></p>", subtype="html")
    mail.add_attachment(CALENDAR.encode(), maintype="application", subtype="ics", filename="邀请.ics")
    return mail


def with_calendar(mail: EmailMessage) -> EmailMessage:
    part = EmailMessage(policy=mail.policy)
    part.set_content(CALENDAR, subtype="calendar", cte="base64")
    part.set_param("method", "REQUEST")
    mail.attach(part)
    return mail


def read(mail: EmailMessage) -> dict:
    return read_mail(bytes(mail), "bounce@base.example", ["lead01@demo.example"], "2026-11-23T01:00:00+00:00")


def test_every_part_is_found_and_decoded():
    mail = read(with_calendar(a_mail()))
    assert (mail["from"], mail["to"], mail["subject"]) == ("booking@base.example", "lead01@demo.example", "预约已批准")
    assert mail["headers"]["From"] == "中试基地 <booking@base.example>"
    assert mail["text"] == "您好\n第二行\n"
    assert "<p>您好" in mail["html"]
    assert mail["calendar"].startswith("BEGIN:VCALENDAR\r\nMETHOD:REQUEST")
    assert 'method="REQUEST"' in mail["calendar_content_type"]
    assert [part["name"] for part in mail["attachments"]] == ["邀请.ics"]
    assert mail["eight_bit"] is False


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"no header at all",
        b"Subject: =?utf-9?B?xx?=\r\nContent-Type: text/plain; charset=klingon\r\n\r\n\xff\xfe",
        b"Content-Type: multipart/mixed\r\n\r\nno boundary",
        b"Content-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!",
    ],
)
def test_a_broken_mail_is_kept_all_the_same(raw):
    mail = read_mail(raw, "a@base.example", ["b@demo.example"], "2026-11-23T01:00:00+00:00")
    assert (mail["from"], mail["to"], mail["calendar"]) == ("a@base.example", "b@demo.example", None)


def test_an_invitation_is_unfolded_and_told_in_local_time():
    found = read_invitation(CALENDAR)
    assert found["METHOD"] == "REQUEST"
    assert found["SUMMARY"] == "高低温老化, 机位 2"
    assert found["DESCRIPTION"] == "第一行\n第二行"
    assert found["ATTENDEE"] == "mailto:lead01@demo.example"
    assert (found["DTSTART"], found["DTEND"]) == ("2026-11-24 09:30", "2026-11-24 17:30")


@pytest.fixture
def inbox():
    kept = Inbox(kept=3)
    for number in range(1, 5):
        mail = a_mail(f"lead0{number}@demo.example", f"Reservation {number}")
        kept.take(bytes(mail), "bounce@base.example", [f"lead0{number}@demo.example"])
    return kept


def test_the_newest_mails_are_kept_and_come_first(inbox):
    assert [mail["subject"] for mail in inbox.search()] == ["Reservation 4", "Reservation 3", "Reservation 2"]
    assert inbox.find(1) is None
    assert inbox.find(2)["subject"] == "Reservation 2"


def test_search_takes_addresses_whole_and_subjects_in_part(inbox):
    assert [mail["number"] for mail in inbox.search(to="LEAD03@demo.example")] == [3]
    assert [mail["number"] for mail in inbox.search(to="ad03@demo.example")] == []
    assert [mail["number"] for mail in inbox.search(to="lead03")] == [3]
    assert [mail["number"] for mail in inbox.search(subject="reservation 2", to="lead02@demo.example")] == [2]
    assert inbox.search(subject="reservation 2", to="lead03@demo.example") == []


@pytest.mark.parametrize("view", ["html", "text", "invitation", "headers", "nonsense", ""])
@pytest.mark.parametrize("code", ["zh", "en"])
def test_nothing_that_arrived_becomes_part_of_the_page(code, view):
    mail = with_calendar(a_mail(subject="<script>alert(1)</script>"))
    mail["X-Evil"] = '"><img src=x onerror=alert(1)>'
    mail = read(mail) | {"number": 1}
    html = mailbox_page(code, [mail], 1, 5000, [{"fault": "<b>"}], '"><script>', mail, view)
    assert "<script" not in html
    assert "<img" not in html
    assert "&lt;script&gt;" in html


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>x", '<base target="_blank"><p>x'),
        ('<HEAD lang="en">x', '<HEAD lang="en"><base target="_blank">x'),
        ("<header>x", '<base target="_blank"><header>x'),
    ],
)
def test_links_in_a_mail_open_a_tab(html, expected):
    assert links_open_tabs(html) == expected
