"""The fields of a WeChat template message: each kind has its rule, and one wrong field loses the whole message.

thing   1 to 20 characters, no line breaks
phrase  1 to 5 Chinese characters, nothing else
time    a date with a 24-hour clock, two of them joined by ~

The platform's test account does not enforce them, so they are checked here.
"""

import re
import unicodedata
from datetime import datetime

from services.notify.domain.local_time import SHANGHAI, clock

THING_LONGEST = 20
NOTHING = "无"


def thing(text: str) -> str:
    """The text cut to the rule, the cut marked by an ellipsis; never empty."""
    cleaned = " ".join("".join(map(plain, text)).split())
    if len(cleaned) > THING_LONGEST:
        cleaned = cleaned[: THING_LONGEST - 1].rstrip() + "…"
    return cleaned or NOTHING


def plain(character: str) -> str:
    """Controls and gaps become a space; emoji, lone marks and unknown characters go."""
    category = unicodedata.category(character)
    if category[0] == "Z" or category == "Cc":
        return " "
    return "" if category[0] in "CM" or category == "So" or ord(character) > 0xFFFF else character


def time_range(starts_at: datetime, ends_at: datetime) -> str:
    """2026年3月5日 09:00~12:00, with the second date when it is another."""
    first, last = chinese_date(starts_at), chinese_date(ends_at)
    until = clock(ends_at) if first == last else f"{last} {clock(ends_at)}"
    return f"{first} {clock(starts_at)}~{until}"


def moment(instant: datetime) -> str:
    """2026年3月5日 09:00."""
    return f"{chinese_date(instant)} {clock(instant)}"


def chinese_date(instant: datetime) -> str:
    local = instant.astimezone(SHANGHAI)
    return f"{local.year}年{local.month}月{local.day}日"


# what the rules are, to check a message before it goes live ---------------------------------

CLOCK = r"(?:[01]?\d|2[0-3]):[0-5]\d"
MOMENT = rf"(?:\d{{4}}年\d{{1,2}}月\d{{1,2}}日 ?)?{CLOCK}"
RULES = {
    "thing": r".{1,20}",
    "phrase": r"[\u3400-\u4dbf\u4e00-\u9fff]{1,5}",
    "time": rf"{MOMENT}(?:~{MOMENT})?",
}


def kind_of(name: str) -> str:
    """The kind of a field: thing1 is a thing."""
    return name.rstrip("0123456789")


def fitted(name: str, text: str) -> str:
    """The value of a field as it may be sent; only things are cut, the others are made to fit."""
    return thing(text) if kind_of(name) == "thing" else text


def is_broken(name: str, value: str) -> bool:
    """Whether the platform would refuse the message for this field."""
    return re.fullmatch(RULES[kind_of(name)], value) is None


def is_cut(text: str, value: str) -> bool:
    """Whether something of the text is missing that a reader might want."""
    return " ".join(text.split()) != value
