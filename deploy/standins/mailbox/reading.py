"""A mail as it came over SMTP, read into a plain dict."""

from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses


def read_mail(raw: bytes, sender: str, recipients: list[str], received_at: str) -> dict:
    """`from` and `to` are bare addresses; `to` is whom the mail was handed in for, several joined by a comma."""
    message = message_from_bytes(raw)
    headers = _headers(message)
    parts = [part for part in message.walk() if not part.is_multipart()]
    inline = [part for part in parts if part.get_content_disposition() != "attachment"]
    calendar = _first(inline, "text/calendar")
    written_by = [address for _, address in getaddresses([headers.get("From", "")]) if address]
    return {
        "from": written_by[0] if written_by else sender,
        "to": ", ".join(recipients),
        "subject": headers.get("Subject", ""),
        "headers": headers,
        "text": _lines(_first(inline, "text/plain")) or "",
        "html": _lines(_first(inline, "text/html")),
        "calendar": None if calendar is None else _content(calendar),
        "calendar_content_type": None if calendar is None else _decoded(str(calendar["Content-Type"])),
        "attachments": [_attachment(part) for part in parts if part not in inline],
        "envelope": {"from": sender, "to": recipients},
        "eight_bit": not raw.isascii(),  # we do not offer 8BITMIME, so a careful sender never does this
        "size": len(raw),
        "received_at": received_at,
    }


def _headers(message: Message) -> dict[str, str]:
    headers: dict[str, str] = {}
    for name, value in message.items():
        text = _decoded(str(value))
        headers[name] = f"{headers[name]}\n{text}" if name in headers else text
    return headers


def _decoded(value: str) -> str:
    value = value.replace("\r\n", "").replace("\n", "")
    if "=?" not in value:
        return value
    try:
        return str(make_header(decode_header(value)))
    except (ValueError, LookupError):
        return value  # shown as it came: a wrongly encoded header is something to see


def _first(parts: list[Message], content_type: str) -> Message | None:
    return next((part for part in parts if part.get_content_type() == content_type), None)


def _content(part: Message) -> str:
    content = part.get_payload(decode=True) or b""
    try:
        return content.decode(part.get_content_charset() or "utf-8", "replace")
    except LookupError:
        return content.decode("utf-8", "replace")


def _lines(part: Message | None) -> str | None:
    return None if part is None else _content(part).replace("\r\n", "\n")


def _attachment(part: Message) -> dict:
    name = _decoded(str(part.get_filename() or ""))
    return {"name": name, "content_type": part.get_content_type(), "size": len(part.get_payload(decode=True) or b"")}
