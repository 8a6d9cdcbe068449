"""E-mail over SMTP: one recipient per message, one connection over many messages.

    multipart/mixed
     ├ multipart/alternative: text/plain, text/html, text/calendar (last: preferred)
     └ invite.ics             for clients that overlook the inline part; several come only so:
                              invite-1.ics and so on, or one calendar.ics

A repeat is the same message, byte for byte: Message-ID, date and boundaries come from the delivery.
"""

import smtplib
import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from email import policy
from email.header import Header
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import format_datetime, formataddr
from typing import Any

from services.notify.channels import Channel
from services.notify.domain.deliveries import Delivery
from services.notify.domain.outcomes import CHANNEL_IS_DOWN, Kind, Outcome
from services.notify.domain.unsubscribing import Links

# The older policy writes a mail in a fifth of the time of the newer one. It encodes each UTF-8
# part in base64, so that a server without 8BITMIME gets seven bits.
WIRE = policy.compat32.clone(linesep="\r\n")
SILENCE = 30.0
HUNG_UP = ("", "421")
PAUSE_AFTER = {Kind.CONFIGURATION: CHANNEL_IS_DOWN}
"""What is wrong with our own address is wrong for every mail."""
NO_LINKS = Links("", "")


@dataclass(frozen=True)
class SmtpSettings:
    """``tls`` is "no", "starttls" or "yes" (from the first byte)."""

    host: str
    port: int
    tls: str = "starttls"
    user: str = ""
    password: str = field(default="", repr=False)


class EmailChannel(Channel):
    name = "email"
    deadline = 60.0
    recognised = None

    def __init__(self, settings: SmtpSettings, links: Links = NO_LINKS):
        self.settings = settings
        self.links = links
        self.smtp: smtplib.SMTP | None = None

    def send(self, delivery: Delivery) -> Outcome:
        message, reused = compose(delivery, self.links), self.smtp is not None
        outcome = self.attempt(delivery, message)
        if reused and outcome.kind is Kind.TRANSIENT and outcome.code in HUNG_UP:
            # The server has merely ended a connection that served long enough.
            return self.attempt(delivery, message)
        return outcome

    def attempt(self, delivery: Delivery, message: bytes) -> Outcome:
        try:
            smtp = self.connected()
        except smtplib.SMTPResponseException as error:
            return self.failed(refusal(error.smtp_code, error.smtp_error, Kind.CONFIGURATION), CHANNEL_IS_DOWN)
        except (ssl.SSLCertVerificationError, smtplib.SMTPNotSupportedError) as error:
            # Never in the clear instead, and never to somebody else.
            return self.failed(Outcome(kind=Kind.CONFIGURATION, code="tls", detail=repr(error)), CHANNEL_IS_DOWN)
        except (OSError, smtplib.SMTPException) as error:
            return self.failed(Outcome(kind=Kind.TRANSIENT, detail=repr(error)), CHANNEL_IS_DOWN)
        return self.hand_over(smtp, delivery, message)

    def hand_over(self, smtp: smtplib.SMTP, delivery: Delivery, message: bytes) -> Outcome:
        """Up to DATA nothing has been delivered; from then on a silence leaves it unknown."""
        handed_over = False
        try:
            for step, kind in (
                (lambda: smtp.mail(delivery.content["from"]), Kind.CONFIGURATION),
                (lambda: smtp.rcpt(delivery.address), Kind.RECIPIENT),
            ):
                code, answer = step()
                if code not in (250, 251):
                    return self.failed(refusal(code, answer, kind), PAUSE_AFTER.get(kind, timedelta()))
            handed_over = True
            code, answer = smtp.data(message)
        except smtplib.SMTPResponseException as error:
            return self.failed(refusal(error.smtp_code, error.smtp_error, Kind.OUR_BUG))
        except (OSError, smtplib.SMTPException) as error:
            return self.failed(Outcome(kind=Kind.UNKNOWN if handed_over else Kind.TRANSIENT, detail=repr(error)))
        if code != 250:
            return self.failed(refusal(code, answer, Kind.OUR_BUG))
        return Outcome(kind=Kind.ACCEPTED, code="250", detail=readable(answer), reference=message_id(delivery))

    def connected(self) -> smtplib.SMTP:
        """The open connection, or a new one. Raises OSError, SMTPException."""
        if self.smtp is None:
            settings, kind = self.settings, smtplib.SMTP
            options: dict[str, Any] = {"timeout": SILENCE, "local_hostname": socket.gethostname()}
            if settings.tls == "yes":
                kind, options["context"] = smtplib.SMTP_SSL, ssl.create_default_context()
            smtp = kind(settings.host, settings.port, **options)
            try:
                if settings.tls == "starttls":
                    smtp.starttls(context=ssl.create_default_context())
                smtp.ehlo_or_helo_if_needed()
                if settings.user:
                    smtp.login(settings.user, settings.password)
            except BaseException:
                smtp.close()
                raise
            self.smtp = smtp
        return self.smtp

    def failed(self, outcome: Outcome, pause: timedelta = timedelta()) -> Outcome:
        """After anything odd the next message starts on a fresh connection."""
        self.drop()
        if not pause:
            return outcome
        return Outcome(kind=outcome.kind, code=outcome.code, detail=outcome.detail, pause=pause)

    def drop(self) -> None:
        if self.smtp is not None:
            self.smtp.close()
            self.smtp = None

    def close(self) -> None:
        if self.smtp is not None:
            with suppress(OSError, smtplib.SMTPException):
                self.smtp.quit()
            self.drop()


def refusal(code: int, answer: bytes | str, permanent: Kind) -> Outcome:
    """4xx passes, 5xx stays."""
    kind = permanent if 500 <= code < 600 else Kind.TRANSIENT
    return Outcome(kind=kind, code=str(code), detail=readable(answer))


def readable(answer: bytes | str) -> str:
    return answer.decode("utf-8", "replace") if isinstance(answer, bytes) else str(answer)


# the message -----------------------------------------------------------------------------


def message_id(delivery: Delivery) -> str:
    return f"<{delivery.id}@{domain_of(delivery)}>"


def domain_of(delivery: Delivery) -> str:
    return delivery.content["from"].rpartition("@")[2]


@dataclass(frozen=True)
class Unfolded:
    """A header's value that stays on its line: where a relay unfolds it, the mail's signature would break."""

    text: str

    def encode(self, **_folding: Any) -> str:
        return self.text


def compose(delivery: Delivery, links: Links = NO_LINKS) -> bytes:
    """The mail as it goes over the wire."""
    content = delivery.content
    mail = MIMEMultipart("mixed", boundary=f"mixed-{delivery.id}")
    mail["From"] = formataddr((content["from_name"], content["from"]))
    mail["To"] = delivery.address
    mail["Subject"] = Header(content["subject"], "utf-8")
    mail["Date"] = format_datetime(delivery.created_at)
    mail["Message-ID"] = message_id(delivery)
    # A root that no message has: all mails about one reservation answer it, whichever comes first.
    root = f"<{content['thread']}@{domain_of(delivery)}>"
    mail["In-Reply-To"] = root
    mail["References"] = root
    mail["Auto-Submitted"] = "auto-generated"
    if address := links.address(delivery.recipient, delivery.category):
        mail["List-Unsubscribe"] = Unfolded(f"<{address}>")
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.attach(alternatives(delivery))
    if "calendar" in content:
        mail.attach(attachment(content["calendar"]))
    if "published" in content:
        mail.attach(attachment(content["published"], "calendar.ics"))
    for number, each in enumerate(content.get("calendars", ()), 1):
        mail.attach(attachment(each["calendar"], f"invite-{number}.ics"))
    return mail.as_bytes(policy=WIRE)


def alternatives(delivery: Delivery) -> MIMEMultipart:
    content = delivery.content
    parts = MIMEMultipart("alternative", boundary=f"alternative-{delivery.id}")
    parts.attach(MIMEText(content["text"], "plain", "utf-8"))
    parts.attach(MIMEText(content["html"], "html", "utf-8"))
    if "calendar" in content:
        entry = MIMEText(content["calendar"], "calendar", "utf-8")
        entry.set_param("method", content["method"])
        parts.attach(entry)
    return parts


def attachment(calendar: str, name: str = "invite.ics") -> MIMEText:
    part = MIMEText(calendar, "calendar", "utf-8")
    part.replace_header("Content-Type", f'application/ics; name="{name}"')
    part.add_header("Content-Disposition", "attachment", filename=name)
    return part
