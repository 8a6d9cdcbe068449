"""Questions and stages of a facility: what is taken, and every mistake by its field."""

import pytest

from services.contracts.errors import InvalidInput
from services.facilities import handlers
from tests.unit.facilities.fakes import NOW, a_base, save

NAMES = {"zh-Hans": "材料", "en": "Material"}


def question(**changes):
    return {"code": "material", "names": NAMES, "kind": "text"} | changes


def choices(*codes):
    return [{"code": code, "names": NAMES} for code in codes]


def wrong(**fields):
    try:
        handlers.save_facility(save("admin", facility="LAB-3", **fields), a_base(), NOW)
    except InvalidInput as refusal:
        return refusal.facts["errors"]
    return {}


@pytest.mark.parametrize(("questions", "errors"), [
    ([question(), question(code="b", kind="choice", choices=choices("x", "y"), hazard=["x"], required=True)], {}),
    ([question(kind="yes_no", hazard=["yes"]), question(code="n", kind="number")], {}),
    ([question(), question()], {"questions.1.code": ["duplicate"]}),
    ([question(names={"en": "Material"})], {"questions.0.names.zh-Hans": ["required"]}),
    ([question(kind="colour")], {"questions.0.kind": ["unknown_choice"]}),
    ([question(extra=1)], {"questions.0.extra": ["unknown_field"]}),
    ([question(kind="choice", choices=choices("x"))], {"questions.0.choices": ["required"]}),
    ([question(choices=choices("x", "y"))], {"questions.0.choices": ["only_for_choices"]}),
    ([question(kind="choice", choices=choices("x", "x"))], {"questions.0.choices": ["duplicate"]}),
    ([question(kind="choice", choices=[{"code": "x"}, {"code": "y", "names": NAMES}])],
     {"questions.0.choices.0.names": ["required"]}),
    ([question(hazard=["yes"])], {"questions.0.hazard": ["unknown_choice"]}),
    ([question(code=f"q{number}") for number in range(21)], {"questions": ["too_many"]}),
])
def test_questions(questions, errors):
    assert wrong(questions=questions) == errors


@pytest.mark.parametrize(("fields", "errors"), [
    ({"approval": "stages", "stages": [{"by": "lead"}, {"by": "base", "above_minutes": 600, "on_hazard": True}]}, {}),
    ({"approval": "stages"}, {"stages": ["required"]}),
    ({"stages": [{"by": "base"}, {"by": "lead"}]}, {"stages": ["not_in_order"]}),
    ({"stages": [{"by": "lead"}, {"by": "lead"}]}, {"stages": ["not_in_order"]}),
    ({"stages": [{"by": "king"}]}, {"stages.0.by": ["unknown_choice"]}),
    ({"stages": [{"by": "lead", "above_minutes": -1}]}, {"stages.0.above_minutes": ["out_of_range"]}),
    ({"approval": "automatic", "attachments": "required"}, {"attachments": ["needs_a_decision"]}),
    ({"approval": "stages", "stages": [{"by": "base", "on_hazard": True}], "attachments": "required"},
     {"attachments": ["needs_a_decision"]}),
    ({"approval": "stages", "stages": [{"by": "manager"}], "attachments": "required"}, {}),
])
def test_stages(fields, errors):
    assert wrong(**fields) == errors
