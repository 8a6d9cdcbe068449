"""What a handler of facilities may touch in its transaction."""

from sqlalchemy import Connection

from services.contracts.messaging.unit_of_work import UnitOfWork
from services.facilities.domain.rights import Person
from services.facilities.storage.interruptions import Interruptions
from services.facilities.storage.qualifications import Holders, Qualifications, Trainings
from services.facilities.storage.quotas import Quotas
from services.facilities.storage.repository import Facilities, People
from services.facilities.storage.sites import Sites


class FacilitiesUnitOfWork(UnitOfWork):
    def __init__(self, connection: Connection):
        super().__init__(connection)
        self.facilities = Facilities(connection)
        self.people = People(connection)
        self.qualifications = Qualifications(connection)
        self.holders = Holders(connection)
        self.trainings = Trainings(connection)
        self.quotas = Quotas(connection)
        self.sites = Sites(connection)
        self.interruptions = Interruptions(connection)

    def person(self, person: str) -> Person | None:
        """Who asks; None when accounts has not told of them."""
        return self.people.get(person)
