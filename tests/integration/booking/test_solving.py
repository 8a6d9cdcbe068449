"""The solver's process: it finds plans beside everything, and what it leaves when it dies is taken up again."""

import os
import signal
import subprocess
import sys
import threading
import urllib.request
from functools import partial

import pytest

from services.booking import handlers, queries, solving
from services.booking.domain.replan.greedy import greedy, looked_at
from services.booking.domain.replan.solver import solve
from services.booking.handlers.replan.computing import finish, plan_at_once, take
from services.contracts.commands import AcceptReplan
from tests.integration.processes import free_port
from tests.unit.booking.examples import command, facility_changed, lab_3, on
from tests.unit.booking.replan_instances import an_instance
from tests.unit.booking.test_interruptions import interruption
from tests.waiting import until


@pytest.fixture
def solver_process(booking, tmp_path):
    """solver_process() starts one on the database of ``booking``."""
    started = []

    def start():
        port = free_port()
        url = booking.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        environment = os.environ | {"SOLVER_DATABASE_URL": url, "SOLVER_HTTP_ADDRESS": f"127.0.0.1:{port}"}
        with (tmp_path / "solver.log").open("ab") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "services.booking.solving"], env=environment, stdout=output, stderr=output)
        started.append(process)
        process.address = f"http://127.0.0.1:{port}"
        until(lambda: answers(process.address + "/readyz"), seconds=20,
              why=lambda: (tmp_path / "solver.log").read_text()[-2000:])
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()


def answers(address):
    try:
        return urllib.request.urlopen(address, timeout=2).status == 200
    except OSError:
        return False


def broken(booking, hours=(8, 10, 12)):
    for hour in hours:
        booking.ask("ann", on(1, hour, hour + 1))
    fact = interruption(on(1, 7, 24))
    booking.run(lambda uow, now: handlers.take_fact(fact, uow, now))
    (row,) = booking.rows("SELECT replan::text AS replan FROM replans")
    return row.replan


def state_of(booking, replan):
    return booking.query(queries.replan, actor="mia", replan=replan)


def test_a_search_in_this_process_ends_in_a_proposal(booking):
    replan = broken(booking)
    solver = solving.Solver(booking.transactions)
    assert solver.work_once()
    told = state_of(booking, replan)
    assert (told["state"], told["method"], told["optimal"], told["goals"]["moved"]) == ("proposed", "solver", True, 3)
    assert not solver.work_once()


def test_progress_is_told_and_a_search_that_nobody_wants_is_given_up(booking):
    replan = broken(booking)
    booking.run(plan_at_once)
    taken, instance = booking.run(take)
    work = solving.Work(taken, booking.run)
    assert work.tell({"stage": 1, "of": 2, "name": "cancelled", "best": 0})
    assert state_of(booking, replan)["progress"] | {"elapsed_ms": 0} == {
        "stage": 1, "of": 2, "name": "cancelled", "best": 0, "elapsed_ms": 0}
    booking.run(lambda uow, now: uow.replans.change(taken.revised((), (), ())))
    assert not work.tell({"stage": 2})
    assert not booking.run(partial(finish, taken, instance, taken.plan))


def test_where_the_calendar_is_tight_a_neighbour_makes_room(booking):
    """LAB-4 has time enough, but not in one piece, because of who stands in its midst."""
    for fact in (
        lab_3(version=2, horizon_days=2, longest_minutes=600),
        facility_changed("LAB-4", version=2, horizon_days=2, longest_minutes=600),
    ):
        booking.run(lambda uow, now, fact=fact: handlers.take_fact(fact, uow, now))
    booking.ask("ann", on(1, 9, 15))
    booking.ask("cyd", on(1, 13, 15), "LAB-4")
    booking.ask("cyd", on(0, 9.5, 19.5), "LAB-4")
    booking.ask("cyd", on(2, 9, 18.5), "LAB-4")
    fact = interruption(on(0, 0, 24 * 60))
    booking.run(lambda uow, now: handlers.take_fact(fact, uow, now))
    (row,) = booking.rows("SELECT replan::text AS replan FROM replans")
    booking.run(plan_at_once)
    assert state_of(booking, row.replan)["goals"]["cancelled"] == 1
    solving.Solver(booking.transactions).work_once()
    told = state_of(booking, row.replan)
    assert (told["goals"]["cancelled"], told["goals"]["moved"]) == (0, 2)
    assert [each["reason"] for each in told["items"]].count("made_room") == 1
    answer = booking.give(
        handlers.accept_replan, command(AcceptReplan, "mia", replan=row.replan, version=told["version"]))
    assert answer["state"] == "accepted"


def test_what_a_process_leaves_when_it_is_killed_is_taken_up_by_another(booking, solver_process):
    """By the wall's clock, the only one it knows, the examples may be long over: then there is nothing to propose."""
    replan = broken(booking)
    booking.run(plan_at_once)
    booking.run(take)  # by one that is dead
    booking.rows("UPDATE replans SET taken_until = now() + interval '2 seconds' RETURNING replan")
    first = solver_process()
    first.send_signal(signal.SIGKILL)
    first.wait()
    solver_process()
    until(lambda: state_of(booking, replan)["state"] in ("proposed", "empty"), seconds=20)


def test_its_health_is_told_while_it_works_and_it_stops_at_once(solver_process):
    process = solver_process()
    assert answers(process.address + "/healthz")
    assert answers(process.address + "/metrics")
    assert not answers(process.address + "/else")
    process.terminate()
    assert process.wait(10) == 0


def test_a_search_does_not_hold_up_other_threads():
    """The solver works without the interpreter's lock, so that leases are renewed and probes are answered."""
    instance = an_instance(1, 120, 20)
    choices, obstacles = looked_at(instance)
    ticks, done = [], threading.Event()

    def tick():
        while not done.wait(0.01):
            ticks.append(1)

    thread = threading.Thread(target=tick)
    thread.start()
    solve(instance, choices, obstacles, greedy(instance, choices, obstacles))
    done.set()
    thread.join()
    assert len(ticks) > 3
