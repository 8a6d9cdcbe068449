"""Reservations of another system from a table: read at the door, looked at row by row, then all or none."""

import pytest

from services.contracts.errors import InvalidInput
from services.portal.pages.importing import read

HEAD = "facility,starts_at,ends_at,team,requester,purpose"
ROW = "LAB-3,2026-12-01 08:00,2026-12-01 10:00,team-05,lead05,85 ℃"
TAKEN = ROW.replace("LAB-3", "LAB-4")
TABLE = f"{HEAD}\n{ROW}\n"
ADDRESS = "/manage/import"


def test_a_row_is_what_booking_is_asked_for():
    [row] = read(f"{HEAD},people,answers.material,unit\n{ROW},3,glass,\n")
    assert row == {
        "facility": "LAB-3", "starts_at": "2026-12-01T08:00:00+08:00", "ends_at": "2026-12-01T10:00:00+08:00",
        "team": "team-05", "requester": "lead05", "purpose": "85 ℃", "people": 3, "answers": {"material": "glass"},
    }


@pytest.mark.parametrize(("written", "read_as"), [
    ("2026/12/1 8:00", "2026-12-01T08:00:00+08:00"), ("2026-12-01T08:00:00Z", "2026-12-01T08:00:00Z"),
    ("2026-02-30 08:00", "2026-02-30 08:00"), ("soon", "soon"), ("2026.12.01 08:00", "2026-12-01T08:00:00+08:00"),
    ("9999999-01-01 08:00", "9999999-01-01 08:00"), ("0000-01-01 08:00", "0000-01-01 08:00"),
])
def test_times_are_the_bases_unless_they_say_otherwise(written, read_as):
    assert read(TABLE.replace("2026-12-01 08:00", written))[0]["starts_at"] == read_as


@pytest.mark.parametrize("separator", [";", "\t", ","])
def test_spreadsheets_separate_in_their_own_ways(separator):
    assert read("\ufeff" + TABLE.replace(",", separator)) == read(TABLE)


@pytest.mark.parametrize(("text", "errors"), [
    ("", {"facility": ["required"]}), (TABLE.replace("purpose", "colour"), {"colour": ["not_a_column"]}),
    (f"{HEAD}\n\"LAB", {"file": ["not_a_table"]}),
    (TABLE.replace("team,", "answers.,"), {"answers.": ["not_a_column"]}),
])
def test_what_is_no_such_table_is_refused_at_the_door(text, errors):
    with pytest.raises(InvalidInput) as refused:
        read(text)
    assert refused.value.facts["errors"] | errors == refused.value.facts["errors"]


def test_every_row_is_looked_at_before_any_is_imported(admin, services):
    looked = admin.post(ADDRESS, {"text": TABLE})
    assert looked.status_code == 200
    assert "可以批准" in looked.text
    assert services.taken_over == []
    done = admin.post(ADDRESS, {"text": TABLE, "step": "import"})
    assert done.status_code == 303
    assert [row["facility"] for row in services.taken_over] == ["LAB-3"]


@pytest.mark.parametrize("step", ["", "import"])
def test_a_row_that_cannot_be_had_says_why_and_what_is_near_and_nothing_is_imported(admin, services, step):
    answer = admin.post(ADDRESS, {"text": f"{TABLE}{TAKEN}\n", "step": step})
    assert answer.status_code == (409 if step else 200)
    assert "该时段已被占用" in answer.text
    assert "最近的可行方案" in answer.text
    assert 'value="import"' not in answer.text
    assert services.taken_over == []


def test_what_cannot_be_read_is_named_with_the_table_kept(admin):
    answer = admin.post(ADDRESS, {"text": "colour\nred"})
    assert answer.status_code == 422
    assert "没有这一列" in answer.text
    assert "colour\nred" in answer.text


@pytest.mark.parametrize("language", ["zh-Hans", "en"])
def test_the_page_is_sound_in_both_languages(as_person, language):
    as_person("admin", language).page(ADDRESS)


def test_it_is_for_base_management(manager):
    assert manager.get(ADDRESS).status_code == 403
    assert manager.post(ADDRESS, {"text": TABLE}).status_code == 403
