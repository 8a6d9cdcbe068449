"""The rules of a template's fields hold for every text that a person can have typed."""

import re
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as some

from services.notify.domain import wechat_fields
from services.notify.rendering.marks import PHRASES, WAITS_AGAIN

INSTANTS = some.datetimes(datetime(2020, 1, 1), datetime(2090, 1, 1), timezones=some.just(UTC))  # noqa: DTZ001
DAY = r"\d{4}年\d{1,2}月\d{1,2}日"
RANGE = re.compile(rf"{DAY} \d\d:\d\d~({DAY} )?\d\d:\d\d")


@given(some.text())
def test_a_thing_is_one_line_of_one_to_twenty_characters(text):
    cut = wechat_fields.thing(text)
    assert 1 <= len(cut) <= 20
    assert cut == cut.strip()
    assert all(character.isprintable() and ord(character) <= 0xFFFF for character in cut)


@given(some.text(some.sampled_from("设施abc。1"), min_size=1, max_size=20))
def test_a_text_that_fits_stays_as_it_is(text):
    assert wechat_fields.thing(text) == text


def test_borders():
    assert wechat_fields.thing("字" * 20) == "字" * 20
    assert wechat_fields.thing("字" * 21) == "字" * 19 + "…"
    assert wechat_fields.thing("\n\t ") == wechat_fields.thing("") == wechat_fields.thing("🚀") == "无"
    assert wechat_fields.thing("a\r\nb") == "a b"


@given(INSTANTS, some.timedeltas(timedelta(minutes=1), timedelta(days=40)))
def test_a_time_range_has_one_form(starts_at, length):
    assert RANGE.fullmatch(wechat_fields.time_range(starts_at, starts_at + length))


def test_the_second_date_is_there_when_it_is_another():
    late = datetime(2026, 3, 5, 14, tzinfo=UTC)
    assert wechat_fields.time_range(late, late + timedelta(hours=1)) == "2026年3月5日 22:00~23:00"
    assert wechat_fields.time_range(late, late + timedelta(hours=8)) == "2026年3月5日 22:00~2026年3月6日 06:00"


def test_phrases_are_at_most_five_chinese_characters():
    for phrase in (*PHRASES.values(), WAITS_AGAIN):
        assert re.fullmatch("[\u4e00-\u9fff]{1,5}", phrase)
