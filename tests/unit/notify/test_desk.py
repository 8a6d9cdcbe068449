"""Many workers, one transaction at a time."""

import threading

import pytest

from services.notify.desk import Desk
from tests.waiting import until


class Database:
    """Serves slowly, so that workers gather before it."""

    def __init__(self):
        self.rounds, self.left, self.open = [], list(range(1000)), threading.Event()

    def serve(self, reports, count):
        self.rounds.append((list(reports), count))
        self.open.wait(5)
        taken, self.left = self.left[:count], self.left[count:]
        return taken


def gather(desk, database, count):
    found = []
    threads = [
        threading.Thread(target=lambda n=n: found.append(desk.exchange(f"report {n}", True))) for n in range(count)
    ]
    for thread in threads:
        thread.start()
    until(lambda: len(desk.waiting) == count - 1 and database.rounds)
    database.open.set()
    for thread in threads:
        thread.join()
    return found


def test_those_who_wait_are_served_together_and_each_gets_another():
    database = Database()
    found = gather(Desk(database.serve), database, 9)
    assert sorted(found) == list(range(9))
    assert [count for _, count in database.rounds] == [1, 8]
    assert sorted(each for reports, _ in database.rounds for each in reports) == [f"report {n}" for n in range(9)]


def test_who_wants_nothing_gets_nothing_and_who_is_too_late_neither():
    database = Database()
    database.open.set()
    database.left = [7]
    desk = Desk(database.serve)
    assert desk.exchange("report", wants=False) is None
    assert desk.exchange(None, wants=True) == 7
    assert desk.exchange(None, wants=True) is None


def test_an_error_reaches_all_whose_reports_were_in_it_and_the_desk_works_on():
    def serve(reports, count):
        if reports:
            raise RuntimeError("broken")
        return [1]

    desk = Desk(serve)
    with pytest.raises(RuntimeError):
        desk.exchange("report", wants=True)
    assert desk.exchange(None, wants=True) == 1
