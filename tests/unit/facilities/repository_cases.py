"""What every unit of work of facilities must do: the fake here, the real one in the integration ring."""

import pytest

from services.contracts.errors import StaleVersion
from services.facilities.domain.rights import Person
from tests.unit.facilities.fakes import a_facility, a_person, save


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
