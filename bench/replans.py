"""Plans for those whom outages hit: first fit against the solver, on bases of forty units over four weeks.

python -m bench.replans
"""

import time
from collections.abc import Callable
from typing import Any

from services.booking.domain.replan.checker import faults
from services.booking.domain.replan.greedy import greedy, looked_at
from services.booking.domain.replan.instance import Instance
from services.booking.domain.replan.plan import Plan
from services.booking.domain.replan.solver import solve
from tests.unit.booking.replan_instances import an_instance

SIZES = ((200, 30), (500, 30), (500, 80), (1000, 80))
TARGET = "target: a verified plan for 500 reservations with 30 hit within 10 s"


def timed(work: Callable[[], Any]) -> tuple[Any, float]:
    began = time.perf_counter()
    return work(), time.perf_counter() - began


def line(size: tuple[int, int], units: int, name: str, plan: Plan, seconds: float, instance: Instance) -> str:
    goals = plan.goals
    proof = "optimal" if plan.optimal else ""
    verified = "yes" if not faults(instance, plan) else "NO"
    return (
        f"| {size[0]}, {size[1]} | {units} | {name} | {goals.cancelled} (weight {goals.cost}) | {goals.moved} "
        f"| {goals.teams} | {goals.shift_minutes / 60:.1f} | {goals.unit_changes} "
        f"| {seconds:.2f} | {verified} | {proof} |"
    )


def replanning() -> None:
    """Times include looking for the places; what they would be read from the database in is not."""
    print("\n## plans for those who are hit (one core, all others fixed)\n")
    columns = ("reservations, hit", "units", "plan", "cancelled", "moved", "teams", "hours shifted", "other units", "s",
               "verified", "")
    print(f"| {' | '.join(columns)} |\n|{'---|' * len(columns)}", flush=True)
    for size in SIZES:
        instance = an_instance(1, *size)
        units = sum(len(each.units) for each in instance.facilities.values())
        (choices, obstacles), looking = timed(lambda instance=instance: looked_at(instance))
        first, fitting = timed(lambda given=(instance, choices, obstacles): greedy(*given))
        best, solving = timed(lambda given=(instance, choices, obstacles, first): solve(*given))
        print(line(size, units, "first fit", first, looking + fitting, instance), flush=True)
        print(line(size, units, "solver", best, looking + fitting + solving, instance), flush=True)
    print(f"\n{TARGET}")


if __name__ == "__main__":
    replanning()
