"""The messages as they are shown to those who answer for them, and what would be refused of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.standins.wechat.fields import field_error
from services.notify import previews
from services.notify.domain import wechat_fields
from services.notify.rendering.composer import Composer
from services.notify.rendering.templates import FOLDER
from services.notify.rendering.words import LANGUAGES


@pytest.fixture(scope="module")
def composer():
    return Composer("https://booking.example.test", "base@example.test")


def test_nothing_would_be_refused_even_at_its_worst(composer):
    assert {each["sample"]: each["broken"] for each in previews.overview(composer) if each["broken"]} == {}


def test_every_template_is_shown(composer):
    shown = {each["step"] for each in previews.overview(composer)}
    assert shown | {"digest", "layout"} == {folder.name for folder in FOLDER.iterdir()}


TYPED = ("rejected", "series_rejected", "fault_reported")


def test_what_we_write_ourselves_is_never_cut(composer):
    """Names and reasons are typed by people; the rest of a note is ours."""
    for name in (*previews.STEPS, *previews.NOTICES):
        for shown in previews.sample(composer, name):
            note = shown["wechat"]["fields"][-1]
            assert not note["cut"] or name in TYPED, (name, note)


@pytest.mark.parametrize("name", [*previews.STEPS, *previews.NOTICES])
def test_the_stand_in_agrees_with_our_own_rules(composer, name):
    for shown in previews.sample(composer, name):
        for field in (*shown["wechat"]["fields"], *shown["worst"]):
            assert (field_error(field["name"], field["value"]) is None) is not field["broken"]


def test_a_sample_is_shown_in_both_languages_to_each_kind_of_reader(composer):
    shown = previews.sample(composer, "moved_and_waiting")
    assert [(each["part"], each["language"]) for each in shown] == [
        (part, language) for part in ("team", "manager") for language in LANGUAGES
    ]
    assert shown[0]["robot"] is None
    assert "重新审批" in shown[2]["robot"]["markdown"]
    assert previews.sample(composer, "no_such_sample") is None


THINGS = st.text(max_size=60)


@given(THINGS)
def test_a_thing_always_fits(text):
    assert not wechat_fields.is_broken("thing1", wechat_fields.fitted("thing1", text))


@pytest.mark.parametrize(
    ("name", "value", "broken"),
    [
        ("thing1", "字" * 19, False),
        ("thing1", "字" * 20, False),
        ("thing1", "字" * 21, True),
        ("thing1", "", True),
        ("thing1", "a\nb", True),
        ("phrase4", "字" * 5, False),
        ("phrase4", "字" * 6, True),
        ("phrase4", "moved", True),
        ("phrase4", "", True),
        ("time2", "2026年3月5日 09:00~12:00", False),
        ("time2", "2026年3月5日 09:00~2026年3月6日 12:00", False),
        ("time2", "tomorrow", True),
        ("time2", "", True),
    ],
)
def test_rules_at_their_borders(name, value, broken):
    assert wechat_fields.is_broken(name, value) is broken
