"""Bases and their calendars: who may, what the library knows, what is kept and told."""

from datetime import date

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contracts.commands import ImportCalendarYear, SaveCalendarYear, SaveSite
from services.contracts.errors import InvalidInput, NotAllowed, NotFound, StaleVersion
from services.facilities import handlers
from services.facilities.domain import holidays
from services.facilities.domain.site import differences
from tests.unit.facilities.fakes import NOW, a_base

NAMES = {"zh-Hans": "春节", "en": "Spring Festival"}
DAYS = [{"date": "2027-02-06", "kind": "holiday", "names": NAMES}]


@pytest.fixture
def uow():
    return a_base()


def give(uow, kind, handler, actor="chief", **fields):
    return handler(kind(actor=actor, request_key="k", **fields), uow, NOW)


def import_year(uow, year=2026, version=1, site="BASE", **more):
    return give(uow, ImportCalendarYear, handlers.import_calendar_year, site=site, year=year, version=version, **more)


def save_year(uow, days=DAYS, year=2027, version=1, **more):
    return give(
        uow, SaveCalendarYear, handlers.save_calendar_year, site="BASE", year=year, days=days, version=version, **more)


def save_site(uow, site="NORTH", names=NAMES, **more):
    return give(uow, SaveSite, handlers.save_site, site=site, names=names, **more)


def errors_of(call, *arguments, **fields):
    with pytest.raises(InvalidInput) as refused:
        call(*arguments, **fields)
    return refused.value.facts["errors"]


class TestSites:
    def test_a_second_base_is_added_without_code(self, uow):
        assert save_site(uow) == {"site": "NORTH", "version": 1}
        assert (uow.events[0].site, uow.events[0].days, uow.events[0].known_years) == ("NORTH", [], [])

    def test_renaming_is_the_next_version_and_the_same_again_none(self, uow):
        assert save_site(uow, "BASE", version=1)["version"] == 2
        assert save_site(uow, "BASE", version=2)["version"] == 2
        assert len(uow.events) == 1

    @pytest.mark.parametrize("actor", ["keeper", "member", "gone", "nobody"])
    def test_bases_and_their_calendars_are_the_base_managers(self, uow, actor):
        for call in (save_site, import_year, save_year):
            with pytest.raises(NotAllowed):
                call(uow, actor=actor)

    def test_both_names_are_needed(self, uow):
        assert errors_of(save_site, uow, names={"en": "North"}) == {"names.zh-Hans": ["required"]}

    def test_versions(self, uow):
        with pytest.raises(StaleVersion):
            save_site(uow, "BASE")
        with pytest.raises(StaleVersion):
            import_year(uow, version=2)
        with pytest.raises(NotFound):
            import_year(uow, site="SOUTH")


class TestImporting:
    def test_a_year_is_kept_with_its_source_and_told(self, uow):
        assert import_year(uow) == {"site": "BASE", "version": 2, "year": 2026, "revision": 1}
        (fact,) = uow.events
        assert (fact.known_years, len(fact.days)) == ([2026], 39)
        ((site, year, actor),) = uow.sites.years
        assert (site, year.year, year.source, actor) == ("BASE", 2026, holidays.SOURCE, "chief")

    def test_importing_again_changes_nothing(self, uow):
        import_year(uow)
        assert import_year(uow, version=2) == {"site": "BASE", "version": 2, "year": 2026, "revision": 1}
        assert (len(uow.events), len(uow.sites.years)) == (1, 1)

    def test_a_year_that_nobody_published(self, uow):
        assert errors_of(import_year, uow, 2098) == {"year": ["not_published"]}

    def test_years_add_up_and_a_correction_is_the_next_revision(self, uow):
        import_year(uow)
        assert save_year(uow, version=2)["revision"] == 1
        assert uow.events[-1].known_years == [2026, 2027]
        corrected = [*DAYS, {"date": "2027-01-30", "kind": "working_day", "names": NAMES}]
        assert save_year(uow, corrected, version=3)["revision"] == 2
        assert [day["date"] for day in uow.events[-1].days[-2:]] == ["2027-01-30", "2027-02-06"]

    @given(st.dates(date(2026, 1, 1), date(2026, 12, 31)))
    def test_2026_is_what_the_state_council_published(self, day):
        told = {each["date"]: each["kind"] for each in holidays.published(2026)}
        works = {"holiday": False, "working_day": True}.get(told.get(day.isoformat()), day.weekday() < 5)
        assert works == chinese_calendar.is_workday(day)

    def test_days_are_named_in_both_languages(self):
        told = {each["date"]: each["names"] for each in holidays.published(2026)}
        assert told["2026-10-01"] == {"zh-Hans": "国庆节", "en": "National Day"}
        assert told["2026-10-10"] == {"zh-Hans": "国庆节调休上班", "en": "Make-up working day (National Day)"}


class TestByHand:
    @pytest.mark.parametrize(("day", "expected"), [
        ({"date": "2026-02-06"}, {"days.0.date": ["not_in_the_year"]}),
        ({"date": "2027-02-30"}, {"days.0.date": ["not_a_date"]}),
        ({"kind": "strike"}, {"days.0.kind": ["unknown_choice"]}),
        ({"names": {"en": "x"}}, {"days.0.names.zh-Hans": ["required"]}),
        ({"paid": True}, {"days.0.paid": ["unknown_field"]}),
    ])
    def test_a_day_has_its_own_fields(self, uow, day, expected):
        assert errors_of(save_year, uow, [DAYS[0] | day]) == expected

    def test_a_date_is_there_once(self, uow):
        assert errors_of(save_year, uow, DAYS * 2) == {"days.1.date": ["duplicate"]}

    def test_differences_are_told_by_date(self, uow):
        save_year(uow)
        year = uow.sites.get("BASE").year(2027)
        renamed = DAYS[0] | {"names": {"zh-Hans": "除夕", "en": "Eve"}}
        added = {"date": "2027-01-01", "kind": "holiday", "names": NAMES}
        assert differences(year, DAYS) == []
        assert differences(year, [renamed, added]) == [
            {"date": "2027-01-01", "before": None, "after": {"kind": "holiday", "names": NAMES}},
            {"date": "2027-02-06", "before": {"kind": "holiday", "names": NAMES},
             "after": {"kind": "holiday", "names": renamed["names"]}},
        ]
        assert differences(None, DAYS)[0]["before"] is None
