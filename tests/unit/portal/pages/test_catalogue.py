"""The catalogue as a file: exported, compared, read in; and the history of a thing."""

import pytest
import yaml

from services.contracts.errors import InvalidInput
from services.portal.pages.catalogue import read

BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 10)}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


def test_the_file_is_the_catalogue(admin):
    answer = admin.get("/manage/catalogue.yaml")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="catalogue.yaml"'
    assert yaml.safe_load(answer.text)["facilities"][0]["facility"] == "LAB-3"


def test_the_differences_come_before_the_change(admin, services):
    looked = admin.post("/manage/catalogue", {"text": "facilities: [{facility: LAB-3}]"})
    assert looked.status_code == 200
    assert "2 层" in looked.text
    assert services.imported == []
    done = admin.post("/manage/catalogue", {"text": "facilities: [{facility: LAB-3}]", "step": "import"})
    assert done.status_code == 303
    assert services.imported == [{"facilities": [{"facility": "LAB-3"}]}]


def test_what_changes_nothing_says_so(admin):
    assert "与文件一致" in admin.post("/manage/catalogue", {"text": "facilities: []"}).text


@pytest.mark.parametrize(("text", "place"), [
    ("facilities: [", "line 1"), ("- a\n- b", "file"), ("a: !!python/object:os.system x", "line 1"), (BOMB, "file"),
    ("just words", "file"), ("[" * 5000, "file"), ("1: [a]", "file"), ("a: \x01", "file"),
])
def test_what_is_no_catalogue_is_refused_at_the_door(text, place):
    with pytest.raises(InvalidInput) as refused:
        read(text)
    assert list(refused.value.facts["errors"]) == [place]


def test_a_date_stays_the_text_that_it_is():
    assert read("calendar: [{days: [{date: 2027-01-01}]}]") == {"calendar": [{"days": [{"date": "2027-01-01"}]}]}


@pytest.mark.parametrize("address", ["/manage/catalogue", "/manage/catalogue.yaml"])
def test_it_is_for_base_management(manager, address):
    assert manager.get(address).status_code == 403


def test_the_history_tells_who_changed_what(manager):
    text = manager.page("/history/facility/LAB-3").text
    assert "系统管理员" in text
    assert text.index("旧名") < text.index("新名")
    assert "系统运维人员" in text


@pytest.mark.parametrize("address", ["/history/facility/LAB-99", "/history/secrets/lead01"])
def test_what_has_no_history_is_not_found(manager, address):
    assert manager.get(address).status_code == 404
