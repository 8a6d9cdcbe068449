"""The doors of booking that are about re-plans; a part of its service."""

from datetime import UTC, datetime

from services.booking import handlers, queries
from services.contracts.commands import (
    AcceptReplan,
    ConfirmReplanned,
    DiscardReplan,
    ReviseReplan,
    StartReplan,
)
from services.contracts.errors import PlanRepaired
from services.contracts.messaging.rpc import command, query


class ReplanDoors:
    """Mixed into the service, which has the ``store``."""

    @command(StartReplan)
    def start_replan(self, message):
        return self.store.execute(handlers.start_replan, message)

    @command(ReviseReplan)
    def revise_replan(self, message):
        return self.store.execute(handlers.revise_replan, message)

    @command(AcceptReplan)
    def accept_replan(self, message):
        """A repair is kept, and told as the refusal that it is."""
        answer = self.store.execute(handlers.accept_replan, message)
        if "repaired" in answer.value:
            raise PlanRepaired(version=answer.value["version"], changed=answer.value["repaired"])
        return answer

    @command(DiscardReplan)
    def discard_replan(self, message):
        return self.store.execute(handlers.discard_replan, message)

    @command(ConfirmReplanned)
    def confirm_replanned(self, message):
        return self.store.execute(handlers.confirm_replanned, message)

    @query
    def replans(self, actor, **filters):
        return self.store.read(queries.replans, actor=actor, **filters)

    @query
    def replans_count(self, actor):
        return self.store.read(queries.replans_count, actor=actor)

    @query
    def replan(self, actor, replan):
        return self.store.read(queries.replan, actor=actor, replan=replan)

    @query
    def replanned(self, actor, reservation=None):
        return self.store.read(queries.replanned, now=datetime.now(UTC), actor=actor, reservation=reservation)
