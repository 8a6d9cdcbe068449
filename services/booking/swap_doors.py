"""The doors of booking that are about asks between teams, and about trying changes; a part of its service."""

from datetime import UTC, datetime

from services.booking import handlers, queries
from services.contracts.commands import AcceptAsk, AskHolder, DeclineAsk, WithdrawAsk
from services.contracts.messaging.rpc import command, query


class SwapDoors:
    """Mixed into the service, which has the ``store``."""

    @command(AskHolder)
    def ask_holder(self, message):
        return self.store.execute(handlers.ask_holder, message)

    @command(AcceptAsk)
    def accept_ask(self, message):
        return self.store.execute(handlers.accept_ask, message)

    @command(DeclineAsk)
    def decline_ask(self, message):
        return self.store.execute(handlers.decline_ask, message)

    @command(WithdrawAsk)
    def withdraw_ask(self, message):
        return self.store.execute(handlers.withdraw_ask, message)

    @query
    def asks(self, actor, **filters):
        return self.store.read(queries.asks, now=datetime.now(UTC), actor=actor, **filters)

    @query
    def ask(self, actor, ask):
        return self.store.read(queries.ask, now=datetime.now(UTC), actor=actor, ask=ask)

    @query
    def asks_count(self, actor):
        return self.store.read(queries.asks_count, now=datetime.now(UTC), actor=actor)

    @query
    def what_if(self, actor, **asked):
        return self.store.read(queries.what_if, now=datetime.now(UTC), actor=actor, **asked)
