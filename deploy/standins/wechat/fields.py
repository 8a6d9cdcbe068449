"""What a template field may hold, by the kind in its key: `thing1` is a thing. Lengths count characters."""

import re
from datetime import date

HAN = r"\u3400-\u4dbf\u4e00-\u9fff"
CLOCK = r"(?:[01]?\d|2[0-3])[:：][0-5]\d(?:[:：][0-5]\d)?"
DAY = r"\d{4}(?:年\d{1,2}月\d{1,2}日|-\d{1,2}-\d{1,2}|/\d{1,2}/\d{1,2}|\.\d{1,2}\.\d{1,2})"
TIME = rf"(?:{DAY}\s*)?{CLOCK}"
DATE = rf"{DAY}(?:\s*{CLOCK})?"
PATTERNS = {
    "thing": r".{1,20}",
    "character_string": rf"[^{HAN}]{{1,32}}",
    "number": r"[+-]?(?=.{1,32}$)\d+(?:\.\d+)?",
    "letter": r"[A-Za-z]{1,32}",
    "symbol": r"[^\w\s]{1,5}",
    "time": rf"{TIME}(?:\s*~\s*{TIME})?",
    "date": rf"{DATE}(?:\s*~\s*{DATE})?",
    "amount": r"[^\w\s.]?\d{1,10}(?:\.\d+)?元?",
    "phone_number": r"[\d+()*# -]{1,17}",
    "car_number": r".{1,8}",
    "name": rf"(?=.*[{HAN}]).{{1,10}}|[A-Za-z .'-]{{1,20}}",
    "phrase": rf"[{HAN}]{{1,5}}",
    "enum": r".+",
    "const": r".+",
}


def field_error(key: str, value: object) -> str | None:
    """Why the field is refused, or None when it is fine."""
    kind = re.sub(r"\d+$", "", key)
    if not isinstance(value, str) or not value.strip():
        return "empty"
    if "\n" in value or "\r" in value:
        return "line_break"
    if kind not in PATTERNS:
        return "unknown_kind"
    if not re.fullmatch(PATTERNS[kind], value):
        return "not_a_" + kind
    if kind in ("time", "date") and not all(map(_is_a_day, re.findall(DAY, value))):
        return "no_such_day"
    return None


def _is_a_day(text: str) -> bool:
    try:
        date(*map(int, re.findall(r"\d+", text)))
    except ValueError:
        return False
    return True
