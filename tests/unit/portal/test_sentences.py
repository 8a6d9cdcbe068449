"""Rules and errors as sentences, with their facts, in both languages."""

import ast
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from services.contracts.errors import BY_CODE, NotAllowed, WrongState
from services.portal import sentences, wording
from services.portal.sentences import field_sentence, sentence
from tests.unit.portal.conftest import TRANSLATIONS

FAMILIES = [
    {"code": "board", "names": {"zh-Hans": "主板", "en": "Boards"}},
    {"code": "module", "names": {"zh-Hans": "模组", "en": "Modules"}},
]
VIOLATIONS = {
    "not_whole_grid": ({"granularity_minutes": 30}, "grid of 30 min", "30 分钟"),
    "too_short": ({"shortest_minutes": 90}, "At least 1 h 30 min are needed.", "1 小时 30 分钟"),
    "too_long": ({"longest_minutes": 2 * 1440 + 60}, "At most 2 days 1 h are possible.", "2 天 1 小时"),
    "too_elastic": ({"elastic_minutes": 2880}, "at most 2 days later", "2 天"),
    "in_the_past": ({}, "This time has already begun.", "已"),
    "too_little_notice": (
        {"notice_minutes": 1440, "earliest": "2026-11-26T01:30:00+00:00"},
        "is Thu 26 Nov 2026 09:30", "11月26日 周四 09:30",
    ),
    "beyond_horizon": (
        {"horizon_days": 90, "latest": "2026-11-26T16:00:00+00:00"}, "Fri 27 Nov 2026 00:00", "11月27日",
    ),
    "outside_opening_hours": ({"opens": [[480, 720], [780, 1320]]}, "(08:00–12:00, 13:00–22:00)", "08:00–12:00"),
    "interrupted": (
        {"kind": "outage", "reason": {"zh-Hans": "压缩机故障。", "en": "Compressor failure."}, "open_end": True,
         "until": "2026-11-26T16:00:00+00:00"},
        "Out of order, probably until Fri 27 Nov 2026 00:00: Compressor failure.", "故障停用，预计至2026年11月27日",
    ),
    "facility_inactive": ({}, "no reservations at present", "预约"),
    "unit_not_choosable": ({}, "leave it open", "机位"),
    "not_qualified": (
        {"qualification": "EMC", "names": {"en": "EMC operation", "zh-Hans": "电磁兼容上机"}},
        "requires the training “EMC operation”", "需要“电磁兼容上机”培训",
    ),
    "qualification_ends": (
        {"qualification": "EMC", "names": {}, "until": "2026-11-26T01:30:00+00:00"},
        "“EMC” ends on Thu 26 Nov 2026 09:30", "“EMC”培训将于2026年11月26日 周四 09:30到期",
    ),
    "family_missing": ({"families": FAMILIES}, "family is run: Boards, Modules.", "主板、模组"),
    "unknown_family": ({"families": FAMILIES}, "choose one of: Boards, Modules.", "主板、模组"),
    "profile_missing": (
        {"missing": ["temperature", "ramp"]}, "Missing: temperature, temperature ramp.", "温度、升降温速率",
    ),
    "unknown_contamination": ({"classes": ["clean", "salt"]}, "clean, salt", "污染类别"),
    "too_late_to_change": (
        {"notice_minutes": 120, "until": "2026-11-26T01:30:00+00:00"}, "until Thu 26 Nov 2026 09:30", "提前 2 小时",
    ),
    "too_late_to_cancel": (
        {"notice_minutes": 1440, "until": "2026-11-26T01:30:00+00:00"}, "Ask the facility's manager", "联系设施管理员",
    ),
    "too_many_people": ({"most_people": 6, "left": 2}, "room for 2", "最多 6 人"),
    "answer_missing": (
        {"questions": [{"code": "m", "names": {"en": "Material", "zh-Hans": "材料"}}]},
        "Please answer: Material", "请填写：材料",
    ),
    "attachment_missing": ({}, "A file has to be attached", "附件"),
    "quota_exceeded": (
        {
            "quota": "HOURS", "scope": "team", "subject": "team-01", "per": "week", "limit": 2400, "used": 2190,
            "asked": 240, "starts_at": "2026-11-22T16:00:00+00:00", "ends_at": "2026-11-29T16:00:00+00:00",
        },
        "The team team-01 may use 40 h a week (from 23 Nov); 36.5 h are used, and this takes 4 h.",
        "团队 team-01 每周（自11月23日起）可用 40 小时，已用 36.5 小时，本次需要 4 小时。",
    ),
    "campaign_order": (
        {"step": 2, "starts_at": "2026-11-26T01:30:00+00:00", "ends_at": "2026-11-26T03:30:00+00:00"},
        "step 2 is from Thu 26 Nov 2026 09:30", "第 2 步",
    ),
    "gap_too_short": (
        {"step": 1, "starts_at": "2026-11-26T01:30:00+00:00", "ends_at": "2026-11-26T03:30:00+00:00",
         "least_gap_minutes": 90}, "At least 1 h 30 min must lie between this and step 1", "至少须间隔 1 小时 30 分钟",
    ),
    "gap_too_long": (
        {"step": 1, "starts_at": "2026-11-26T01:30:00+00:00", "ends_at": "2026-11-26T03:30:00+00:00",
         "most_gap_minutes": 2880}, "At most 2 days may lie between this and step 1", "最多可间隔 2 天",
    ),
    "no_room_there": ({}, "does not fit there", "放不下"),
    "impossible_for_other": ({}, "for the other team", "对方团队"),
    "still_collected": (
        {"until": "2026-11-26T01:30:00+00:00", "hours": 24}, "until Thu 26 Nov 2026 09:30", "11月26日 周四 09:30",
    ),
    "too_many_rivals": ({"most": 10}, "10 requests and more", "10 个以上"),
    "too_many_places": ({"places": 4}, "at most 4 places", "4 个位置"),
}


@pytest.fixture(autouse=True)
def request_context(app):
    with app.test_request_context():
        yield


def test_every_rule_has_a_case():
    assert set(VIOLATIONS) == set(sentences.VIOLATIONS)


@pytest.mark.parametrize("rule", VIOLATIONS)
def test_a_violation_names_its_facts(rule):
    facts, english, chinese = VIOLATIONS[rule]
    violation = {"rule": rule, "facts": facts, "waivable_by": []}
    assert english in sentence(violation, "en")
    assert chinese in sentence(violation, "zh-Hans")


def test_closed_days_and_lists_per_day():
    closed = {"rule": "outside_opening_hours", "facts": {"opens": []}}
    days = {"rule": "outside_opening_hours", "facts": {"opens": [[[480, 1320]], [[480, 1320]], [], [[0, 1440]]]}}
    assert "(closed)" in sentence(closed, "en")
    assert "(08:00–22:00, 00:00–24:00)" in sentence(days, "en")


def test_days_with_hours_of_their_own_are_named():
    days = [{"date": "2027-01-01", "kind": "holiday", "names": {"zh-Hans": "元旦"}},
            {"date": "2027-01-02", "kind": "exception", "names": {}}]
    told = sentence({"rule": "outside_opening_hours", "facts": {"opens": [], "special": days}}, "en")
    assert told.endswith("Days with hours of their own: 2027-01-01 元旦, 2027-01-02 hours of its own.")


def test_planned_time_has_a_certain_end_and_a_reason_in_one_language_is_shown_in_both():
    facts = {"kind": "maintenance", "reason": {"zh-Hans": "年度校准"}, "until": "2026-11-26T16:00:00+00:00"}
    told = sentence({"rule": "interrupted", "facts": facts}, "en")
    assert told == "Maintenance until Fri 27 Nov 2026 00:00: 年度校准."


def test_open_reservations_are_told_by_number():
    facts = {"scope": "person", "subject": "lead01", "per": "open", "limit": 3, "used": 3, "asked": 1}
    violation = {"rule": "quota_exceeded", "facts": facts}
    assert sentence(violation, "en") == "The person lead01 may have 3 reservations open at a time, and has them."
    assert "最多可同时持有 3 个未结束的预约" in sentence(violation, "zh-Hans")


def test_a_rule_of_tomorrow_is_a_rule():
    assert sentence({"rule": "phase_of_the_moon", "facts": {}}, "en") == "A rule of use does not allow this time."


@pytest.mark.parametrize("code", BY_CODE)
def test_every_refusal_has_a_sentence(code):
    assert code in wording.REFUSALS
    assert sentence(BY_CODE[code](), "zh-Hans") != sentence(BY_CODE[code](), "en")


def test_a_reason_says_more():
    assert sentence(NotAllowed(reason="scope"), "en") == "This token's scopes do not allow it."


def test_a_state_is_named():
    told = sentence(WrongState(state="cancelled", action="move"), "zh-Hans")
    assert "已取消" in told
    assert "改期" in told
    assert "Cancelled" in sentence(WrongState(state="cancelled"), "en")


def test_every_word_of_the_contracts_is_known():
    """The words that the schemas put under a field."""
    source = (Path(sentences.__file__).parents[1] / "contracts/schemas.py").read_text(encoding="utf-8")
    raised = {
        node.args[0].value
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "ValidationError" and
        isinstance(node.args[0], ast.Constant)
    }
    assert raised
    assert raised <= set(wording.FIELDS)
    assert field_sentence("too_long", "zh-Hans") != field_sentence("too_long", "en")


def test_all_wording_is_translated():
    with (TRANSLATIONS / "zh_Hans_CN/LC_MESSAGES/messages.po").open("rb") as source:
        translated = {message.id for message in read_po(source) if message.string}
    tables = (
        wording.REFUSALS, wording.DETAILS, wording.FIELDS, wording.STATES, wording.ACTIONS, wording.PROFILE,
        wording.QUOTA_SCOPES, wording.QUOTA_PERIODS,
    )
    assert {text for table in tables for text in table.values()} <= translated
