"""Mails that come back: what a refusal or a report says of an address, and of which of our messages it speaks.

A report (RFC 3464) names the recipient and a status; some servers send plain words instead, in
which the status is looked for. Either must carry the Message-ID of a message of ours, which
nobody but its reader and the servers on its way has seen: without it a report counts for nothing.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage, Message

ENHANCED = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
CODE = re.compile(r"\b(5[0-5]\d)\b")
OUR_ID = re.compile(r"<([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@[^>\s]+>")

# What is full, too large, or refused for what we are or say, is not the address's fault. QQ and
# NetEase refuse too many mails with a bare 550 and such words.
NOT_THE_ADDRESS = re.compile(
    r"frequen|too many|\brate\b|spam|polic|black|block|reputation|quota|\bfull\b|过于频繁|拒收|超过", re.IGNORECASE
)
FULL = {("2", "2"), ("2", "3")}
ADDRESS_CLASSES = {"0", "1", "2"}

MACHINES = ("mailer-daemon", "postmaster", "mail-daemon", "mailadmin")
LONGEST_TEXT = 20_000


@dataclass(frozen=True, kw_only=True)
class Bounce:
    """``delivery`` is the one of ours that came back; ``final``: no further try is under way."""

    delivery: str
    recipient: str
    status: str
    detail: str
    final: bool

    @property
    def address_is_gone(self) -> bool:
        return self.final and says_address_is_gone(self.status, self.detail)


def says_address_is_gone(code: str, text: str) -> bool:
    """Whether a permanent refusal speaks of the address, and not of us or of a full mailbox."""
    if not code.startswith("5"):
        return False
    found = ENHANCED.search(f"{code} {text}")
    if found and found[2] != "0":
        return found[2] in ADDRESS_CLASSES and (found[2], found[3]) not in FULL
    return not NOT_THE_ADDRESS.search(text)


def read_bounce(raw: bytes) -> Bounce | None:
    """What a mail in the mailbox for bounces says; None for one that is no report about a message of ours."""
    mail = message_from_bytes(raw, policy=policy.default)
    delivery = original_of(mail)
    if delivery is None:
        return None
    for told in statuses(mail):
        status, detail = told.get("Status", "").strip(), one_line(told.get("Diagnostic-Code", ""))
        recipient = (told.get("Original-Recipient") or told.get("Final-Recipient") or "").rpartition(";")[2].strip()
        final = told.get("Action", "").strip().lower() == "failed"
        return Bounce(delivery=delivery, recipient=recipient, status=status, detail=detail, final=final)
    return in_words(mail, delivery) if is_from_a_machine(mail) else None


def statuses(mail: Message) -> Iterator[Message]:
    """The blocks of a report that tell of recipients."""
    for part in mail.walk():
        if part.get_content_type() == "message/delivery-status" and part.is_multipart():
            yield from (block for block in part.get_payload() if "Action" in block or "Status" in block)


def in_words(mail: EmailMessage, delivery: str) -> Bounce | None:
    """A report without a form: the first status in its text."""
    text = "\n".join(texts(mail))[:LONGEST_TEXT]
    found = ENHANCED.search(text) or CODE.search(text)
    if found is None:
        return None
    around = one_line(text[max(0, found.start() - 100) : found.end() + 200])
    return Bounce(delivery=delivery, recipient="", status=found[0], detail=around, final=found[0].startswith("5"))


def texts(mail: EmailMessage) -> Iterator[str]:
    for part in mail.walk():
        if part.get_content_maintype() == "text" and part.get_content_subtype() != "rfc822-headers":
            yield decoded(part)


def decoded(part: Message) -> str:
    """The text of a part, whatever is wrong with it."""
    payload = part.get_payload(decode=True) or b""
    try:
        return payload.decode(part.get_content_charset() or "utf-8", "replace")
    except LookupError:
        return payload.decode("utf-8", "replace")


def original_of(mail: EmailMessage) -> str | None:
    """The delivery whose Message-ID the report carries: in the mail it returns, else in its own headers or text."""
    returned = [part for part in mail.walk() if part is not mail and "Message-ID" in part]
    places = [str(part["Message-ID"]) for part in returned]
    places += [decoded(part) for part in mail.walk() if part.get_content_type() == "text/rfc822-headers"]
    places += [str(mail.get(name, "")) for name in ("In-Reply-To", "References", "X-Failed-Message-ID")]
    places += list(texts(mail))
    return next((found[1] for place in places if (found := OUR_ID.search(place[:LONGEST_TEXT]))), None)


def is_from_a_machine(mail: EmailMessage) -> bool:
    sender = str(mail.get("From", "")).lower()
    empty_path = str(mail.get("Return-Path", "")).strip() == "<>"
    automatic = str(mail.get("Auto-Submitted", "no")).lower() not in ("", "no")
    return empty_path or automatic or any(name in sender for name in MACHINES)


def one_line(text: str) -> str:
    return " ".join(str(text).split())[:500]
