"""The solver's process: finds the plans that cost least, apart from everything that somebody waits for.

    python -m services.booking.solving

It takes re-plans from booking's database and writes plans back, and knows no broker. While the solver works, its
lease is renewed by a thread of its own; when the process dies, the lease lapses and another one takes the work.
"""

import logging
import os
import signal
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST, Histogram, generate_latest

from services.booking.domain.replan.candidates import candidate_at
from services.booking.domain.replan.greedy import looked_at, planned
from services.booking.domain.replan.instance import Instance
from services.booking.domain.replan.plan import Plan
from services.booking.domain.replan.replan import Replan
from services.booking.handlers.replan.computing import (
    finish,
    plan_at_once,
    take,
    tell_progress,
    with_neighbours,
)
from services.booking.storage.unit_of_work import BookingUnitOfWork
from services.contracts.messaging import structured_log
from services.contracts.messaging.configuration import read_config
from services.contracts.messaging.database import connect, is_outage
from services.contracts.messaging.unit_of_work import Transactions

log = logging.getLogger(__name__)

PAUSE_SECONDS = 0.3
RENEW_SECONDS = 2.0
TELL_SECONDS = 0.5

SOLVED = Histogram(
    "replan_seconds", "How long the search for a plan took.", ["optimal"], buckets=(0.1, 0.3, 1, 3, 10, 30))


class Work:
    """One re-plan in hand. Its progress is told at most twice a second, and renews the lease."""

    def __init__(self, replan: Replan, run: Callable[[Any], Any]):
        self.replan, self.run = replan, run
        self.began = time.monotonic()
        self.told_at = 0.0
        self.progress: dict[str, Any] = {}
        self.is_wanted, self.is_done = True, threading.Event()
        self.turn = threading.Lock()

    def tell(self, progress: dict[str, Any]) -> bool:
        is_new = progress.get("stage") != self.progress.get("stage")
        self.progress = progress
        if is_new or time.monotonic() - self.told_at >= TELL_SECONDS:
            self.renew()
        return self.is_wanted

    def renew(self) -> None:
        with self.turn:
            self.told_at = time.monotonic()
            told = self.progress | {"elapsed_ms": round(1000 * (self.told_at - self.began))}
            self.is_wanted = self.run(partial(tell_progress, self.replan, told)) and self.is_wanted

    def keep(self) -> None:
        """Renew the lease until it is done, however long the solver finds nothing better."""
        while not self.is_done.wait(RENEW_SECONDS):
            try:
                self.renew()
            except Exception as error:  # the lease may lapse; the work itself goes on
                log.warning("a lease could not be renewed", extra={"error": type(error).__name__})


class Solver:
    """Works off the re-plans that wait, one at a time."""

    def __init__(self, transactions: Transactions):
        self.transactions = transactions

    def work_once(self) -> bool:
        """Whether there was anything to do."""
        found = self.transactions.run(plan_at_once)
        taken = self.transactions.run(take)
        if taken:
            self.improve(*taken)
        return bool(found or taken)

    def improve(self, replan: Replan, instance: Instance) -> None:
        work = Work(replan, self.transactions.run)
        keeper = threading.Thread(target=work.keep, daemon=True)
        keeper.start()
        try:
            instance, plan = self.best(replan, instance, work)
            self.transactions.run(partial(finish, replan, instance, plan))
            SOLVED.labels(str(plan.optimal).lower()).observe(time.monotonic() - work.began)
            log.info("a plan is proposed", extra={"replan": replan.id, "method": plan.method, **plan.goals._asdict()})
        finally:
            work.is_done.set()
            keeper.join()

    def best(self, replan: Replan, instance: Instance, work: Work) -> tuple[Instance, Plan]:
        """The plan with all others fixed; where somebody would be cancelled, one in which neighbours may move."""
        # Loaded when it is first wanted: it takes more memory than all the rest of the process.
        from services.booking.domain.replan.solver import solve

        choices, obstacles = looked_at(instance)
        plan = solve(instance, choices, obstacles, planned(instance, choices, obstacles, {}), work.tell)
        if not plan.goals.cancelled or not work.is_wanted:
            return instance, plan
        wider = self.transactions.run(partial(with_neighbours, replan, instance, plan))
        if wider is None:
            return instance, plan
        choices, obstacles = looked_at(wider)
        wanted = {
            each.reservation: candidate_at(wider.by_id[each.reservation], each.after)
            for each in plan.placements if each.is_moved and each.reservation in wider.by_id
        }
        hint = planned(wider, choices, obstacles, wanted)
        better = solve(wider, choices, obstacles, hint, lambda told: work.tell(told | {"wider": True}))
        return (wider, better) if better.goals < plan.goals else (instance, plan)


class Health(BaseHTTPRequestHandler):
    """GET /healthz, /readyz and /metrics, as every service answers them."""

    ready: Callable[[], Any]

    def do_GET(self) -> None:
        if self.path == "/metrics":
            self.answer(200, generate_latest(), CONTENT_TYPE_LATEST)
        elif self.path == "/healthz":
            self.answer(200, b"ok\n")
        elif self.path == "/readyz":
            try:
                type(self).ready()
            except Exception:  # whatever it is, it cannot work now
                self.answer(503, b"database\n")
            else:
                self.answer(200, b"ready\n")
        else:
            self.answer(404, b"not found\n")

    def answer(self, status: int, body: bytes, kind: str = "text/plain; charset=utf-8") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: Any) -> None:
        """Probes are no news."""


def work_on(solver: Solver, stopping: threading.Event) -> None:
    """Until told to stop; what goes wrong is logged and tried again after a while."""
    while not stopping.is_set():
        try:
            pause = 0.0 if solver.work_once() else PAUSE_SECONDS
        except Exception as error:
            pause = 2.0
            if is_outage(error):
                log.warning("database away", extra={"error": type(error).__name__})
            else:
                log.exception("a plan could not be found")
        stopping.wait(pause)


def listen(address: str, ready: Callable[[], Any]) -> ThreadingHTTPServer:
    host, _, port = address.rpartition(":")
    server = ThreadingHTTPServer((host, int(port)), type("Answering", (Health,), {"ready": staticmethod(ready)}))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def main() -> None:
    config = read_config(Path(__file__).with_name("solver.yml").read_text(encoding="utf-8"), os.environ)
    structured_log.configure(config["LOG_LEVEL"])
    engine = connect(config["DATABASE_URL"], connections=4)
    transactions = Transactions(
        engine, partial(BookingUnitOfWork, time_scale=float(config["TIME_SCALE"])), clock=lambda: datetime.now(UTC))
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    server = listen(
        config["WEB_SERVER_ADDRESS"],
        lambda: transactions.read(lambda connection: connection.exec_driver_sql("SELECT 1")),
    )
    # A search cannot be interrupted; what it would have found is left to the next process.
    worker = threading.Thread(target=work_on, args=(Solver(transactions), stopping), daemon=True)
    worker.start()
    stopping.wait()
    server.shutdown()
    worker.join(2)


if __name__ == "__main__":
    main()
