"""Which values of a template field the stand-in takes, by the kind in its key."""

import pytest

from deploy.standins.wechat.fields import field_error

HAN, EMOJI = "好", "🔧"


@pytest.mark.parametrize(
    ("key", "character", "limit"),
    [
        ("thing1", HAN, 20),
        ("thing1", EMOJI, 20),
        ("thing1", "a", 20),
        ("character_string1", "a", 32),
        ("number1", "7", 32),
        ("letter1", "x", 32),
        ("symbol1", "#", 5),
        ("phone_number1", "1", 17),
        ("car_number1", "A", 8),
        ("name1", HAN, 10),
        ("name1", "x", 20),
        ("phrase1", HAN, 5),
        ("amount1", "9", 10),
    ],
)
def test_the_limit_is_the_last_length_that_passes(key, character, limit):
    assert [field_error(key, character * length) is None for length in (limit - 1, limit, limit + 1)] == [
        True,
        True,
        False,
    ]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("time2", "09:30"),
        ("time2", "09:30~17:30"),
        ("time2", "2026年11月24日 09:30"),
        ("time2", "2026-11-24 09:30~2026-11-25 08:00"),
        ("time2", "2026年11月24日 22:00~2026年11月25日 06:00"),
        ("date3", "2026年11月24日"),
        ("date3", "2026-11-24 09:30~2026-11-25 09:30"),
        ("amount4", "￥128.50"),
        ("amount4", "128元"),
        ("number5", "-3.14"),
        ("name6", "李明 Li"),
        ("car_number7", "渝A12345"),
        ("character_string8", "R-2026/001#A"),
    ],
)
def test_good_values(key, value):
    assert field_error(key, value) is None


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("thing1", ""),
        ("thing1", "   "),
        ("thing1", "一\n二"),
        ("thing1", "一\r二"),
        ("thing1", None),
        ("thing1", 5),
        ("time2", "24:00"),
        ("time2", "9点半"),
        ("time2", "2026年11月31日 09:30"),
        ("time2", "2026年11月24日"),
        ("time2", "周二 09:30"),
        ("date3", "11月24日"),
        ("date3", "2026-02-30"),
        ("phrase4", "OK"),
        ("phrase4", "已批准!"),
        ("phrase4", f"好{EMOJI}"),
        ("character_string5", "预约-001"),
        ("letter6", "a1"),
        ("symbol7", "a"),
        ("number8", "1,000"),
        ("name9", "李明 Li Ming 博士后"),
        ("riddle1", "什么"),
        ("thing1", HAN * 10 + EMOJI * 11),
    ],
)
def test_bad_values(key, value):
    assert field_error(key, value)
