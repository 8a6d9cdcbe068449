"""Files that belong to a reservation: what may be attached, told by its content and not by its name.

    PDF, PNG, JPEG             by their first bytes
    XLSX, DOCX                 archives with the parts of such a document, without macros
    CSV, TXT                   text in UTF-8 or GB 18030, without control characters
"""

import hashlib
import re
import zipfile
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

from services.booking.domain.facility import Facility

LARGEST = 700_000
MOST = 5
OFFICE = "application/vnd.openxmlformats-officedocument."
SIGNATURES = {b"%PDF-": "application/pdf", b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}
PARTS = {
    "xl/workbook.xml": f"{OFFICE}spreadsheetml.sheet",
    "word/document.xml": f"{OFFICE}wordprocessingml.document",
}
ENDINGS = {
    "application/pdf": (".pdf",), "image/png": (".png",), "image/jpeg": (".jpg", ".jpeg"),
    PARTS["xl/workbook.xml"]: (".xlsx",), PARTS["word/document.xml"]: (".docx",), "text/csv": (".csv",),
    "text/plain": (".txt",),
}
"""The types that may be attached, each with the endings of its names."""

CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """A file without its content; ``size`` in bytes."""

    id: str
    reservation: str
    name: str
    type: str
    size: int
    sha256: str
    added_by: str
    added_at: datetime


def wrong_with(facility: Facility, content: bytes, name: str, present: int) -> dict[str, list[str]]:
    """What is wrong, by field; words: not_taken, too_large, unknown_type, too_many."""
    errors: dict[str, list[str]] = {}
    if facility.attachments == "none":
        errors["content"] = ["not_taken"]
    elif len(content) > LARGEST:
        errors["content"] = ["too_large"]
    elif type_of(content, name) is None:
        errors["content"] = ["unknown_type"]
    if present >= MOST:
        errors["attachments"] = ["too_many"]
    return errors


def described(name: str, content: bytes) -> dict[str, Any]:
    """What is kept of a file beside its content; its name ends as its type says."""
    kind = type_of(content, name)
    name = re.split(r"[/\\]", name)[-1].strip() or "file"
    if not name.lower().endswith(ENDINGS[kind]):
        name += ENDINGS[kind][0]
    return {"name": name, "type": kind, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def type_of(content: bytes, name: str) -> str | None:
    """The type of a file; None for what is not taken."""
    for signature, kind in SIGNATURES.items():
        if content.startswith(signature):
            return kind
    if content.startswith(b"PK\x03\x04"):
        return type_of_archive(content)
    if not is_text(content):
        return None
    return "text/csv" if name.lower().endswith(".csv") else "text/plain"


def type_of_archive(content: bytes) -> str | None:
    """Only the list of parts is read, nothing is unpacked."""
    try:
        parts = set(zipfile.ZipFile(BytesIO(content)).namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return None
    if "[Content_Types].xml" not in parts or any(part.endswith("vbaProject.bin") for part in parts):
        return None
    return next((kind for part, kind in PARTS.items() if part in parts), None)


def is_text(content: bytes) -> bool:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return bool(text.strip()) and not CONTROL.search(text)
    return False
