"""The way of many workers to one database: what they bring and want at the same moment is one transaction.

    worker ─┐ hand in a report, ask for more        ┌─► settle all reports, claim for all who ask
    worker ─┼──────────────────────► whoever has the turn serves all that wait
    worker ─┘                                       └─► each gets the next delivery, or none

While one transaction runs, the reports of the others gather, and when there is much to do it waits
a moment for more of them: the more there is to do the less each delivery costs. A worker holds
no delivery but the one that it is sending.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from services.notify.domain.deliveries import Claimed
from services.notify.storage.queue import Report

MOMENT = 0.005
"""Seconds: about as long as a transaction takes."""


@dataclass(eq=False)
class Slip:
    """One worker's report and wish, and what came of it."""

    report: Report | None
    wants: bool
    claimed: Claimed | None = None
    error: BaseException | None = None
    served: threading.Event = field(default_factory=threading.Event)


class Desk:
    """``serve(reports, count)`` does the work in one transaction and returns at most ``count`` deliveries."""

    def __init__(self, serve: Callable[[list[Report], int], list[Claimed]]):
        self.serve = serve
        self.waiting: list[Slip] = []
        self.turn = threading.Lock()
        self.is_busy = False

    def exchange(self, report: Report | None, wants: bool) -> Claimed | None:
        """Hand in a report, and get the next delivery if one is wanted and due. Raises what serving raised."""
        slip = Slip(report, wants)
        self.waiting.append(slip)
        with self.turn:
            if not slip.served.is_set():
                if self.is_busy:
                    time.sleep(MOMENT)
                self.serve_all()
        if slip.error:
            raise slip.error
        return slip.claimed

    def serve_all(self) -> None:
        slips, self.waiting = self.waiting, []
        self.is_busy = len(slips) > 1
        try:
            asking = [slip for slip in slips if slip.wants]
            claimed = self.serve([slip.report for slip in slips if slip.report], len(asking))
            for slip, each in zip(asking, claimed, strict=False):
                slip.claimed = each
        except BaseException as error:
            for slip in slips:
                slip.error = error
            raise
        finally:
            for slip in slips:
                slip.served.set()
