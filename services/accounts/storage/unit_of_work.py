"""What a handler of accounts may touch in its transaction."""

from sqlalchemy import Connection

from services.accounts.domain.rights import Actor
from services.accounts.storage.devices import Devices
from services.accounts.storage.repository import People, SignIns, Teams, Tokens
from services.contracts.messaging.unit_of_work import UnitOfWork


class AccountsUnitOfWork(UnitOfWork):
    def __init__(self, connection: Connection):
        super().__init__(connection)
        self.people = People(connection)
        self.teams = Teams(connection)
        self.tokens = Tokens(connection)
        self.devices = Devices(connection)
        self.sign_ins = SignIns(connection)

    def actor(self, person: str) -> Actor:
        """Who asks. Raises Unauthenticated."""
        return self.people.actor(person)
