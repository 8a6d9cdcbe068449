"""The doors of booking that are about wait lists; a part of its service."""

from services.booking import handlers, queries
from services.contracts.commands import AcceptOffer, DeclineOffer, JoinWaitList, LeaveWaitList
from services.contracts.messaging.rpc import command, query


class WaitingDoors:
    """Mixed into the service, which has the ``store``."""

    @command(JoinWaitList)
    def join_wait_list(self, message):
        return self.store.execute(handlers.join_wait_list, message)

    @command(LeaveWaitList)
    def leave_wait_list(self, message):
        return self.store.execute(handlers.leave_wait_list, message)

    @command(AcceptOffer)
    def accept_offer(self, message):
        return self.store.execute(handlers.accept_offer, message)

    @command(DeclineOffer)
    def decline_offer(self, message):
        return self.store.execute(handlers.decline_offer, message)

    @query
    def wait_list(self, actor, **filters):
        return self.store.read(queries.wait_list, actor=actor, **filters)

    @query
    def wait_entry(self, actor, wait_entry):
        return self.store.read(queries.wait_entry, actor=actor, wait_entry=wait_entry)
