"""What every unit of work of facilities must do: the fake here, the real one in the integration ring."""

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest

from services.contracts.errors import StaleVersion
from services.facilities.domain.interruption import HORIZON, TOP_UP, Interruption
from services.facilities.domain.qualifications import Holder, Qualification, Training
from services.facilities.domain.quotas import Quota
from services.facilities.domain.rights import Person
from services.facilities.domain.site import Site
from services.facilities.domain.spans import Span
from tests.unit.facilities.fakes import NOW, a_facility, a_person, save

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
DAYS = [
    {"date": "2027-02-06", "kind": "holiday", "names": {"zh-Hans": "春节", "en": "Spring Festival"}},
    {"date": "2027-01-01", "kind": "holiday", "names": {"zh-Hans": "元旦", "en": "New Year"}},
]


def an_interruption(**fields):
    return Interruption(**{
        "interruption": str(uuid.uuid4()), "version": 1, "kind": "outage", "site": "BASE", "facility": "LAB-1",
        "unit": "A", "starts_at": NOW, "ends_at": NOW + HOUR, "rule": "", "open_end": False, "spans": (),
        "known_until": None, "reason": {"en": "Leak"}, "note": "", "actor": "keeper", **fields,
    })


class RepositoryCases:
    """The fixture ``uow`` gives an empty one."""

    def test_a_facility_comes_back_as_saved(self, uow):
        uow.facilities.save(a_facility())
        assert uow.facilities.get("LAB-1") == a_facility()
        assert uow.facilities.get("LAB-2") is None

    def test_all_come_in_the_order_of_their_codes(self, uow):
        for code in ("PLAT-01", "LAB-1"):
            uow.facilities.save(a_facility(facility=code))
        assert [each.facility for each in uow.facilities.all()] == ["LAB-1", "PLAT-01"]

    def test_a_facility_is_written_only_on_top_of_the_former_version(self, uow):
        uow.facilities.save(a_facility())
        second = a_facility().revised(save(location="2 楼"))
        uow.facilities.save(second)
        for late in (second, a_facility()):
            with pytest.raises(StaleVersion):
                uow.facilities.save(late)
        assert uow.facilities.get("LAB-1") == second

    def test_people_are_kept_as_last_told(self, uow):
        uow.people.keep(a_person("keeper", ["facility_manager"], ["LAB-1"], version=2))
        uow.people.keep(a_person("keeper", version=1))
        assert uow.person("keeper") == Person(
            person="keeper", roles=frozenset({"facility_manager"}), manages=frozenset({"LAB-1"})
        )
        uow.people.keep(a_person("keeper", active=False, version=3))
        assert not uow.person("keeper").active
        assert uow.person("nobody") is None

    def test_a_base_is_there_from_the_start_and_keeps_every_revision_of_its_years(self, uow):
        base = uow.sites.get("BASE")
        assert (base.version, base.years, uow.sites.knows("BASE"), uow.sites.knows("NORTH")) == (1, (), True, False)
        first = base.with_year(2027, "hand", [DAYS[1]])
        second = first.with_year(2027, "hand", DAYS)
        for site in (first, second):
            uow.sites.save(site)
            uow.sites.add_year("BASE", site.year(2027), "chief", NOW)
        assert uow.sites.get("BASE") == second
        assert [day["date"] for day in uow.sites.get("BASE").year(2027).days] == ["2027-01-01", "2027-02-06"]
        with pytest.raises(StaleVersion):
            uow.sites.save(first)
        north = Site(site="NORTH").named({"zh-Hans": "北区", "en": "North"})
        uow.sites.save(north)
        assert uow.sites.all() == [second, north]

    def test_an_interruption_comes_back_as_saved(self, uow):
        kept = an_interruption(spans=(Span(NOW, NOW + HOUR), Span(NOW + DAY, NOW + DAY + HOUR)))
        uow.interruptions.save(kept)
        assert uow.interruptions.get(kept.interruption) == kept
        assert uow.interruptions.get(str(uuid.uuid4())) is None
        ended = replace(kept, version=2, spans=())
        uow.interruptions.save(ended)
        assert uow.interruptions.all() == [ended]
        with pytest.raises(StaleVersion):
            uow.interruptions.save(replace(kept, version=4))

    def test_what_is_due(self, uow):
        near = an_interruption(open_end=True, spans=(Span(NOW - HOUR, NOW + HOUR / 4),))
        far = an_interruption(open_end=True, spans=(Span(NOW, NOW + DAY),))
        certain = an_interruption(spans=(Span(NOW - HOUR, NOW + HOUR / 4),))
        repeated = an_interruption(
            kind="maintenance", rule="FREQ=DAILY", spans=(Span(NOW, NOW + HOUR),), known_until=NOW + HORIZON - TOP_UP)
        for each in (near, far, certain, repeated):
            uow.interruptions.save(each)
        assert uow.interruptions.to_move_on(NOW, 9) == [near]
        assert uow.interruptions.to_top_up(NOW, 9) == [repeated]
        assert uow.interruptions.to_top_up(NOW - HOUR, 9) == []

    def test_trainings_come_back_as_saved_and_only_the_next_version_is_written(self, uow):
        save_qualifications(uow, "ESD", "EMC")
        assert [each.qualification for each in uow.qualifications.all()] == ["EMC", "ESD"]
        second = EMC.revised(EMC.names, active=False)
        uow.qualifications.save(second)
        with pytest.raises(StaleVersion):
            uow.qualifications.save(second)
        assert (uow.qualifications.get("EMC"), uow.qualifications.codes()) == (second, ["ESD"])
        assert uow.qualifications.get("none") is None

    def test_who_holds_what_until_when(self, uow):
        save_qualifications(uow, "ESD", "EMC")
        first = Holder(holder="li").with_grant("EMC", NOW).with_grant("ESD", NOW + DAY)
        uow.holders.save(replace(first, version=1))
        assert uow.holders.get("li") == replace(first, version=1)
        second = uow.holders.get("li").with_grant("EMC", None)
        uow.holders.save(second)
        assert uow.holders.get("li").grants == {"ESD": NOW + DAY}
        with pytest.raises(StaleVersion):
            uow.holders.save(second)
        assert uow.holders.get("nobody") is None

    def test_warnings_are_due_in_their_steps_and_anew_for_a_new_end(self, uow):
        save_qualifications(uow, "EMC")
        uow.holders.save(Holder(holder="li").with_grant("EMC", NOW + 40 * DAY))

        def due(days):
            return [(person, kept.qualification, until, told)
                    for person, kept, until, told in uow.holders.due_for_warning(NOW + days * DAY, 9)]

        assert (due(9), due(10)) == ([], [("li", "EMC", NOW + 40 * DAY, None)])
        uow.holders.warned("li", "EMC", 30)
        assert (due(32), due(33)) == ([], [("li", "EMC", NOW + 40 * DAY, 30)])
        uow.holders.warned("li", "EMC", 0)
        assert due(99) == []
        uow.holders.save(uow.holders.get("li").with_grant("EMC", NOW + 50 * DAY))
        assert due(20) == [("li", "EMC", NOW + 50 * DAY, None)]

    def test_a_wish_for_a_training_waits_until_it_is_settled(self, uow):
        save_qualifications(uow, "EMC")
        asked = Training(training=str(uuid.uuid4()), person="li", qualification="EMC", facility=None, note="")
        uow.trainings.save(asked, NOW)
        assert uow.trainings.waiting("li", "EMC") == asked == uow.trainings.get(asked.training)
        settled = asked.settled("refused", "keeper", "full")
        uow.trainings.save(settled, NOW)
        with pytest.raises(StaleVersion):
            uow.trainings.save(settled, NOW)
        assert uow.trainings.waiting("li", "EMC") is None
        assert uow.trainings.get(asked.training) == settled

    def test_which_facilities_require_a_training(self, uow):
        uow.facilities.save(a_facility(qualifications=["EMC", "ESD"]))
        uow.facilities.save(a_facility(facility="LAB-2"))
        assert (uow.facilities.requiring("ESD"), uow.facilities.requiring("X")) == ({"LAB-1"}, set())

    def test_of_whom_accounts_has_told(self, uow):
        uow.people.keep(a_person("li"))
        assert uow.people.known({"li", "nobody"}) == {"li"}


EMC = Qualification(qualification="EMC").revised({"zh-Hans": "电磁兼容", "en": "EMC"}, active=True)


def save_qualifications(uow, *codes):
    for code in codes:
        uow.qualifications.save(replace(EMC, qualification=code))

    def test_a_quota_comes_back_as_saved_and_follows_on_its_former_version(self, uow):
        quota = Quota(quota="HOURS", scope="team", per="week", limit=2400, peak_hours=[[480, 1200]], version=1)
        uow.quotas.save(quota)
        uow.quotas.save(replace(quota, quota="A", kind="lab", subject="team-01"))
        assert uow.quotas.get("HOURS") == quota
        assert uow.quotas.get("NONE") is None
        assert [each.quota for each in uow.quotas.all()] == ["A", "HOURS"]
        with pytest.raises(StaleVersion):
            uow.quotas.save(replace(quota, version=3))
