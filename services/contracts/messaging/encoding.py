"""JSON as it travels: UTC times with an offset, no NaN, nothing executable.

orjson and not the standard library's: the week's board is a thousand rows, and the
standard encoder alone took longer than the query.
"""

from datetime import UTC, datetime
from typing import Any

import orjson

OPTIONS = orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_NON_STR_KEYS


def plain(value: Any) -> Any:
    """What orjson asks for when it meets something that is not JSON."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return str(value)


def dumps(value: Any) -> bytes:
    return orjson.dumps(value, default=plain, option=OPTIONS)


def loads(data: bytes | str) -> Any:
    """Raises ValueError for anything that is not one JSON document in UTF-8."""
    return orjson.loads(data)
