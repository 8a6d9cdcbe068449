"""Companies, teams and people as data: complete, and each entry a command that accounts takes."""

from collections import Counter
from pathlib import Path

import pytest
import yaml

from services.accounts.domain import people as people_rules
from services.accounts.operations import SECTIONS
from services.contracts import schemas

BASE = Path(__file__).parents[3] / "deploy" / "base"
FILES = ("companies.yaml", "people.yaml")
DATA = {
    section: entries
    for name in FILES
    for section, entries in yaml.safe_load((BASE / name).read_text(encoding="utf-8")).items()
}
FACILITIES = yaml.safe_load((BASE / "facilities.yaml").read_text(encoding="utf-8"))["facilities"]
NUMBERS = [f"{number:02}" for number in range(1, 51)]


def codes(section, field):
    return [entry[field] for entry in DATA[section]]


@pytest.mark.parametrize("section", SECTIONS)
def test_each_entry_is_a_command(section):
    for entry in DATA[section]:
        schemas.load(SECTIONS[section][0], entry | {"actor": "operator", "request_key": "k"})


@pytest.mark.parametrize(
    ("section", "field"),
    [("companies", "company"), ("companies", "name"), ("teams", "team"), ("teams", "name"), ("projects", "project"),
     ("people", "person"), ("people", "name"), ("people", "email")],
)  # fmt: skip
def test_codes_and_names_are_unique(section, field):
    assert [code for code, count in Counter(codes(section, field)).items() if count > 1] == []


def test_there_are_fifty_teams_of_companies_that_exist():
    assert codes("teams", "team") == [f"team-{number}" for number in NUMBERS]
    assert set(codes("teams", "company")) == set(codes("companies", "company"))
    assert max(Counter(codes("teams", "company")).values()) == 2


def test_each_team_has_its_lead_its_member_and_a_project_or_two():
    for number in NUMBERS:
        team = f"team-{number}"
        members = {entry["person"]: entry["role"] for entry in DATA["memberships"] if entry["team"] == team}
        assert members == {f"lead{number}": "lead", f"member{number}": "member"}
        assert codes("projects", "team").count(team) in (1, 2)
    assert set(codes("projects", "team")) == set(codes("teams", "team"))


def test_every_facility_has_one_manager():
    managed = Counter(facility for person in DATA["people"] for facility in person.get("manages", ()))
    assert managed == Counter(entry["facility"] for entry in FACILITIES)
    assert [person["person"] for person in DATA["people"] if "manages" in person] == [
        "manager-lines", "manager-labs", "manager-platforms",
    ]  # fmt: skip


def test_roles_are_sound_and_the_rest_have_none():
    for person in DATA["people"]:
        assert people_rules.wrong_in(person.get("roles", []), person.get("manages", [])) == {}
    assert {person["person"]: person["roles"] for person in DATA["people"] if person.get("roles")} == {
        "admin": ["admin"],
        "base-manager": ["base_manager"],
        **{f"manager-{what}": ["facility_manager"] for what in ("lines", "labs", "platforms")},
    }


def test_nobody_can_be_reached_by_accident_and_every_tenth_reads_english():
    assert all(email.endswith(".example") for email in codes("people", "email"))
    english = {person["person"] for person in DATA["people"] if person.get("language") == "en"}
    assert english == {f"{role}{number}0" for role in ("lead", "member") for number in range(1, 6)}
    assert not any("password" in person for person in DATA["people"])
