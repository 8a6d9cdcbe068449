"""The mailbox over real sockets: mails in by SMTP, out by HTTP, and every way to fail."""

import smtplib
import time
from email.message import EmailMessage

import pytest

from tests.waiting import until

SENDER = "bounce@base.example"


def a_mail(to: str, subject: str = "预约已批准") -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "中试基地 <booking@base.example>", to, subject
    mail.set_content("您好\n", cte="base64")
    mail.add_alternative(
        "<html><head></head><p><a href='https://base.example'>打开</a></p>", subtype="html", cte="base64"
    )
    return mail


@pytest.fixture
def smtp(mailbox):
    with smtplib.SMTP("127.0.0.1", mailbox.ports["MAILBOX_SMTP_PORT"], timeout=5) as client:
        client.ehlo()
        yield client


@pytest.fixture
def send(smtp):
    return lambda to="lead01@demo.example", **more: smtp.send_message(a_mail(to, **more), SENDER)


def subjects(mailbox, **filters) -> list[str]:
    return [mail["subject"] for mail in mailbox.client.get("/api/messages", params=filters).json()]


def test_a_mail_goes_in_and_comes_out(mailbox, send):
    send()
    mail = mailbox.client.get("/api/messages").json()[0]
    assert {"from", "to", "subject", "headers", "text", "html", "calendar", "received_at"} <= mail.keys()
    assert (mail["to"], mail["text"], mail["calendar"]) == ("lead01@demo.example", "您好\n", None)
    assert mail["envelope"] == {"from": SENDER, "to": ["lead01@demo.example"]}


def test_newest_first_filtered_and_emptied(mailbox, send):
    for number in (1, 2, 3):
        send(f"lead0{number}@demo.example", subject=f"第{number}封")
    assert subjects(mailbox) == ["第3封", "第2封", "第1封"]
    assert subjects(mailbox, to="lead02@demo.example") == ["第2封"]
    assert subjects(mailbox, subject="3") == ["第3封"]
    assert mailbox.client.delete("/api/messages").status_code == 204
    assert subjects(mailbox) == []


def test_eight_bit_mail_is_not_offered(smtp):
    assert "8bitmime" not in smtp.esmtp_features


@pytest.mark.parametrize("code", [450, 451, 550])
def test_a_recipient_is_refused_as_often_as_asked(mailbox, send, code):
    mailbox.client.post("/api/faults", json={"fault": "status", "code": code, "times": 2})
    for _ in range(2):
        with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
            send()
        assert refused.value.recipients["lead01@demo.example"][0] == code
    send()
    assert len(subjects(mailbox)) == 1


def test_one_recipient_of_two_is_refused(mailbox, smtp):
    mailbox.client.post("/api/faults", json={"fault": "code", "code": 550, "recipient": "Lead02@demo.example"})
    to = ["lead01@demo.example", "lead02@demo.example"]
    refused = smtp.sendmail(SENDER, to, a_mail(", ".join(to)).as_bytes(policy=a_mail("").policy.clone(linesep="\r\n")))
    assert {address: code for address, (code, _) in refused.items()} == {"lead02@demo.example": 550}
    assert mailbox.client.get("/api/messages").json()[0]["to"] == "lead01@demo.example"


@pytest.mark.parametrize(("stage", "error"), [("mail", smtplib.SMTPSenderRefused), ("data", smtplib.SMTPDataError)])
def test_a_later_or_earlier_step_is_refused(mailbox, send, stage, error):
    mailbox.client.post("/api/faults", json={"fault": "status", "code": 452, "stage": stage})
    with pytest.raises(error):
        send()
    send()
    assert len(subjects(mailbox)) == 1


def test_421_hangs_up(mailbox, smtp, send):
    mailbox.client.post("/api/faults", json={"fault": "status", "code": 421})
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        send()
    with pytest.raises(smtplib.SMTPServerDisconnected):
        smtp.noop()


@pytest.mark.parametrize(("when", "arrived"), [("before", 0), ("after", 1)])
def test_the_line_breaks_before_or_after_acceptance(mailbox, send, when, arrived):
    mailbox.client.post("/api/faults", json={"fault": "reset", "when": when})
    with pytest.raises((smtplib.SMTPServerDisconnected, ConnectionResetError)):
        send()
    assert len(subjects(mailbox)) == arrived


def test_a_slow_server_answers_in_the_end(mailbox, send):
    mailbox.client.post("/api/faults", json={"fault": "slow", "seconds": 0.3})
    started = time.monotonic()
    send()
    assert time.monotonic() - started >= 0.3
    assert len(subjects(mailbox)) == 1


@pytest.mark.parametrize(("when", "arrived"), [("before", 0), ("after", 1)])
def test_a_client_that_does_not_wait(mailbox, when, arrived):
    mailbox.client.post("/api/faults", json={"fault": "slow", "seconds": 30, "when": when})
    impatient = smtplib.SMTP("127.0.0.1", mailbox.ports["MAILBOX_SMTP_PORT"], timeout=0.2)
    with pytest.raises((TimeoutError, smtplib.SMTPServerDisconnected)):
        impatient.send_message(a_mail("lead01@demo.example"), SENDER)
    impatient.close()
    assert len(subjects(mailbox)) == arrived
    assert mailbox.client.get("/api/faults").json() == {"faults": []}


def test_faults_are_listed_cleared_and_refused(mailbox):
    assert mailbox.client.post("/api/faults", json={"fault": "reset"}).status_code == 201
    assert len(mailbox.client.get("/api/faults").json()["faults"]) == 1
    assert mailbox.client.delete("/api/faults").status_code == 204
    assert mailbox.client.get("/api/faults").json() == {"faults": []}
    for body in ("nonsense", "[]", '{"fault": "flood"}'):
        assert mailbox.client.post("/api/faults", content=body).status_code == 422


def test_the_page_and_the_mail_in_its_sandbox(mailbox, send):
    send(subject="<script>alert(1)</script>")
    number = mailbox.client.get("/api/messages").json()[0]["number"]
    for path in ("/", f"/messages/{number}", f"/messages/{number}?view=text"):
        answer = mailbox.client.get(path)
        assert answer.status_code == 200
        assert "alert(1)&lt;/script&gt;" in answer.text
        assert "script-src 'self'" in answer.headers["content-security-policy"]
        assert "<script>" not in answer.text
    html = mailbox.client.get(f"/messages/{number}/html")
    assert html.headers["content-security-policy"].startswith("sandbox allow-popups")
    assert "allow-scripts" not in html.headers["content-security-policy"]


def test_the_language_stays_chosen(mailbox):
    assert "开发邮箱" in mailbox.client.get("/").text
    chosen = mailbox.client.get("/?language=en", follow_redirects=True)
    assert "Development mailbox" in chosen.text
    mailbox.client.cookies.clear()


@pytest.mark.parametrize(
    "path", ["/messages/99999", "/messages/x", "/messages/1/html", "/api/nothing", "/../etc/passwd"]
)
def test_what_is_not_there_is_404(mailbox, path):
    assert mailbox.client.get(path).status_code == 404


def test_another_site_cannot_empty_it(mailbox, send):
    send()
    assert mailbox.client.post("/empty", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert len(subjects(mailbox)) == 1
    assert mailbox.client.post("/empty", headers={"Sec-Fetch-Site": "same-origin"}).status_code == 303
    until(lambda: not subjects(mailbox), 1)
