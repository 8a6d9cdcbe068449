"""Files on their way through the portal: from a form to a command, and from booking to somebody's disk."""

import base64
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from flask import Response
from werkzeug.datastructures import FileStorage

ANY = "application/octet-stream"
"""What every file is sent as, whatever it is: a browser shall keep it and not show it."""


def download(file: Mapping[str, Any]) -> Response:
    """An attached file as booking gave it."""
    response = Response(base64.b64decode(file["content"]), mimetype=ANY)
    name = quote(file["name"], safe="")
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def uploaded(file: FileStorage | None) -> dict[str, str]:
    """A file of a form as the fields of AddAttachment."""
    content = file.read() if file else b""
    return {"name": (file.filename if file else "") or "", "content": base64.b64encode(content).decode()}
