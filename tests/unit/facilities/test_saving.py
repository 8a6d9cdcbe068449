"""SaveFacility and the facts: who may, which rules make sense, what is kept and told."""

import pytest

from services.contracts.errors import InvalidInput, NotAllowed, NotFound, StaleVersion
from services.contracts.events import FacilityChanged, TeamChanged
from services.facilities import handlers
from tests.unit.facilities.fakes import NOW, a_base, a_facility, a_person, save


@pytest.fixture
def uow():
    return a_base()


def give(uow, actor="admin", **fields):
    return handlers.save_facility(save(actor, **fields), uow, NOW)


def errors_of(uow, **fields):
    with pytest.raises(InvalidInput) as refused:
        give(uow, facility="LAB-3", **fields)
    return refused.value.facts["errors"]


class TestSaving:
    def test_a_new_facility_is_kept_and_told(self, uow):
        assert give(uow, facility="LAB-3") == {"facility": "LAB-3", "version": 1}
        kept = uow.facilities.get("LAB-3")
        assert uow.events == [kept.fact()]
        assert isinstance(kept.fact(), FacilityChanged)
        assert (kept.fact().aggregate_id, kept.fact().units) == ("LAB-3", kept.units)

    def test_a_change_is_the_next_version(self, uow):
        assert give(uow, version=1, location="2 楼")["version"] == 2
        assert (uow.events[0].version, uow.events[0].location) == (2, "2 楼")

    def test_saving_the_same_again_tells_nothing(self, uow):
        assert give(uow, version=1)["version"] == 1
        assert uow.events == []

    @pytest.mark.parametrize("version", [None, 2])
    def test_another_version_than_the_present_one_is_stale(self, uow, version):
        with pytest.raises(StaleVersion) as refused:
            give(uow, version=version, location="2 楼")
        assert refused.value.facts == {"version": 1}

    def test_what_is_not_there_cannot_be_changed(self, uow):
        with pytest.raises(NotFound):
            give(uow, facility="LAB-3", version=1)


class TestRights:
    def test_a_manager_changes_what_they_manage(self, uow):
        assert give(uow, "keeper", version=1, location="2 楼")["version"] == 2

    @pytest.mark.parametrize("actor", ["former", "member", "gone", "nobody"])
    def test_others_change_nothing(self, uow, actor):
        with pytest.raises(NotAllowed):
            give(uow, actor, version=1)

    @pytest.mark.parametrize("actor", ["admin", "chief"])
    def test_the_base_changes_and_adds(self, uow, actor):
        assert give(uow, actor, version=1, location="2 楼")["version"] == 2
        assert give(uow, actor, facility="LAB-2")["version"] == 1

    @pytest.mark.parametrize("facility", ["LAB-2", "LAB-9"])
    def test_a_manager_adds_no_facility(self, uow, facility):
        with pytest.raises(NotAllowed):
            give(uow, "keeper", facility=facility)

    def test_rights_follow_what_accounts_tells(self, uow):
        handlers.take_fact(a_person("member", ["facility_manager"], ["LAB-1"], version=2), uow, NOW)
        assert give(uow, "member", version=1, location="2 楼")["version"] == 2
        handlers.take_fact(a_person("member", version=3), uow, NOW)
        with pytest.raises(NotAllowed):
            give(uow, "member", version=2)

    def test_teams_are_of_no_interest(self, uow):
        team = TeamChanged(version=1, team="t", name="t", company="c", company_name="c", members=[], projects=[])
        handlers.take_fact(team, uow, NOW)
        assert uow.events == []


class TestRules:
    @pytest.mark.parametrize("field", ["names", "descriptions"])
    @pytest.mark.parametrize("texts", [{"zh-Hans": "甲"}, {"zh-Hans": "甲", "en": "  "}])
    def test_both_languages_are_needed(self, uow, field, texts):
        assert errors_of(uow, **{field: texts}) == {f"{field}.en": ["required"]}

    def test_a_third_language_is_refused(self, uow):
        texts = {"zh-Hans": "甲", "en": "A", "fr": "A"}
        assert errors_of(uow, names=texts) == {"names.fr": ["unknown_language"]}

    def test_at_least_one_unit_is_needed(self, uow):
        assert errors_of(uow, units=[]) == {"units": ["required"]}

    def test_there_is_an_end_to_units(self, uow):
        names = {"zh-Hans": "甲", "en": "A"}
        units = [{"code": str(number), "names": names} for number in range(101)]
        assert errors_of(uow, units=units) == {"units": ["too_many"]}

    def test_unit_codes_are_unique_and_named_in_both_languages(self, uow):
        names = {"zh-Hans": "甲", "en": "A"}
        units = [{"code": "A", "names": names}, {"code": "A", "names": {"en": "B"}}]
        assert errors_of(uow, units=units) == {"units.1.code": ["duplicate"], "units.1.names.zh-Hans": ["required"]}

    @pytest.mark.parametrize(
        ("unit", "expected"),
        [
            ({"code": "一", "names": {}}, {"units.0.code": ["malformed"]}),
            ({"names": {}}, {"units.0.code": ["required"]}),
            ({"code": "A", "names": {"en": "A\n"}}, {"units.0.names.en.value": ["control_characters"]}),
            ({"code": "A", "names": {}, "size": 3}, {"units.0.size": ["unknown_field"]}),
        ],
    )
    def test_a_unit_has_its_own_fields(self, uow, unit, expected):
        assert errors_of(uow, units=[unit]) == expected

    @pytest.mark.parametrize(
        ("fields", "expected"),
        [
            ({"shortest_minutes": 45}, {"shortest_minutes": ["not_on_grid"]}),
            ({"longest_minutes": 490}, {"longest_minutes": ["not_on_grid"]}),
            ({"shortest_minutes": 240, "longest_minutes": 180}, {"longest_minutes": ["shorter_than_shortest"]}),
            ({"longest_minutes": 31}, {"longest_minutes": ["not_on_grid", "shorter_than_shortest"]}),
            (
                {"granularity_minutes": 7, "shortest_minutes": 7, "longest_minutes": 70},
                {"granularity_minutes": ["not_part_of_a_day"]},
            ),
        ],
    )
    def test_lengths_fit_the_grid_and_each_other(self, uow, fields, expected):
        assert errors_of(uow, **fields) == expected

    def test_everything_wrong_is_told_at_once(self, uow):
        found = errors_of(uow, names={}, units=[{"code": ""}], opening_hours=[], shortest_minutes=45)
        assert set(found) == {
            "names.zh-Hans", "names.en", "units.0.code", "units.0.names", "opening_hours", "shortest_minutes",
        }  # fmt: skip

    def test_equivalents_may_be_told_before_they_exist(self, uow):
        assert give(uow, facility="LAB-3", equivalents=["LAB-99"])["version"] == 1


    def test_a_site_that_is_not_known(self, uow):
        assert errors_of(uow, site="NORTH") == {"site": ["unknown"]}

    @pytest.mark.parametrize(("exceptions", "expected"), [
        ([{"date": "2026-02-30", "hours": []}], {"date_exceptions.0.date": ["not_a_date"]}),
        ([{"date": "tomorrow", "hours": []}], {"date_exceptions.0.date": ["malformed"]}),
        ([{"date": "2026-02-03"}], {"date_exceptions.0.hours": ["required"]}),
        ([{"date": "2026-02-03", "hours": [[600, 500]]}], {"date_exceptions.0.hours": ["ends_before_start"]}),
        ([{"date": "2026-02-03", "hours": []}] * 2, {"date_exceptions.1.date": ["duplicate"]}),
    ])
    def test_exceptions_are_dates_with_hours(self, uow, exceptions, expected):
        assert errors_of(uow, date_exceptions=exceptions) == expected

    def test_an_exception_may_say_why(self, uow):
        entry = {"date": "2026-12-24", "hours": [[600, 720]], "names": {"zh-Hans": "盘点"}}
        assert give(uow, version=1, date_exceptions=[entry])["version"] == 2
        assert uow.events[-1].date_exceptions == [entry]


def test_republishing_repeats_the_present_versions(uow):
    assert handlers.republish(uow, NOW) == {"facts": 2}
    assert uow.events == [uow.sites.get("BASE").fact(), a_facility().fact()]


def test_differences_are_named():
    assert a_facility().differences(a_facility(location="2 楼")) == {"location": ("", "2 楼")}
