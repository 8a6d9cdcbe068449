"""The plan that costs least among the places looked at, by CP-SAT; for the solver's process alone.

One truth value for each place that a reservation might have. Goal by goal (plan.Goals): the least is found, kept as
a limit, and the next one is looked for among what is left. One worker, a fixed seed and a limit that is counted in
work and not in time make the same plan of the same instance; the limit in time only guards it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from ortools.sat.python import cp_model

from services.booking.domain.replan.candidates import Candidate
from services.booking.domain.replan.conflicts import exclusions, limits, options, out_of_order
from services.booking.domain.replan.greedy import planned
from services.booking.domain.replan.instance import Instance
from services.booking.domain.replan.plan import Plan

WORK_PER_GOAL = 3.0
"""Of the solver's own count, about seconds of one core."""

SECONDS_PER_GOAL = 10.0

Progress = Callable[[dict[str, Any]], bool]
"""Is told {stage, of, name, best} as the search goes on; returns whether it is still wanted."""


class Goal(NamedTuple):
    """What is made least: the sum of the weights of what is true, and what is added to that."""

    name: str
    terms: Sequence[tuple[Any, int]]
    constant: int = 0


class Found(NamedTuple):
    chosen: dict[str, Candidate | None]
    is_optimal: bool


def solve(
    instance: Instance, choices: Mapping[str, Sequence[Candidate]], obstacles: Mapping[str, tuple[str, ...]],
    hint: Plan, told: Progress = lambda progress: True,
) -> Plan:
    """A plan that costs no more than ``hint``, which is one for the same instance."""
    found = Search(instance, choices, hint, told).run()
    plan = planned(instance, choices, obstacles, found.chosen, "solver", found.is_optimal)
    return plan if plan.goals <= hint.goals else hint


class Search:
    """One instance in the solver's terms."""

    def __init__(
        self, instance: Instance, choices: Mapping[str, Sequence[Candidate]], hint: Plan, told: Progress,
    ):
        self.instance, self.choices, self.told = instance, choices, told
        self.model = cp_model.CpModel()
        self.options = options(instance, choices)
        self.chosen = {each.key: self.model.new_bool_var(f"{each.key[0]}@{each.key[1]}") for each in self.options}
        self.placed: dict[str, Any] = {}
        self.campaigns: dict[str, Any] = {}
        self.touched: dict[str, Any] = {}
        self.constrain()
        self.values = self.values_of(hint)

    def constrain(self) -> None:
        mine = defaultdict(list)
        for each in self.options:
            mine[each.hit.id].append(self.chosen[each.key])
        for hit in self.instance.hits:
            self.placed[hit.id] = self.model.new_bool_var(f"placed {hit.id}")
            self.model.add(sum(mine[hit.id]) == self.placed[hit.id])
            if hit.is_neighbour:
                self.model.add(self.placed[hit.id] == 1)
        for limit in limits(self.instance, self.options):
            terms = [(self.chosen[key], needs) for key, needs in limit.terms]
            if limit.most == 1 and all(needs == 1 for _, needs in terms):
                self.model.add_at_most_one(variable for variable, _ in terms)
            else:
                self.model.add(sum(needs * variable for variable, needs in terms) <= limit.most)
        for one, other in exclusions(self.instance, self.options):
            self.model.add_bool_or(self.chosen[one].negated(), self.chosen[other].negated())
        for key in out_of_order(self.instance, self.options):
            self.model.add(self.chosen[key] == 0)
        self.tie_campaigns()

    def tie_campaigns(self) -> None:
        """All steps of a campaign that have to go find a place, or none does."""
        for hit in self.instance.hits:
            campaign = hit.reservation.campaign
            if campaign:
                self.model.add(self.placed[hit.id] == self.campaigns.setdefault(campaign, self.placed[hit.id]))

    def values_of(self, plan: Plan) -> dict[str, int]:
        """Where each is in a plan, by the number of its place; -1 where it has none among those looked at."""
        found = {}
        for hit in self.instance.hits:
            placement = plan.of(hit.id)
            after = hit.before if placement is None and hit.is_neighbour else placement and placement.after
            places = [each.place for each in self.choices[hit.id]]
            found[hit.id] = places.index(after) if after in places else -1
        return found

    def run(self) -> Found:
        goals, is_optimal = list(self.goals()), True
        for number, goal in enumerate(goals, start=1):
            stage = {"stage": number, "of": len(goals), "name": goal.name, "best": goal.constant + self.value(goal)}
            if not self.told(stage):
                return Found(self.result(), False)
            # Nothing is less than nothing cancelled, or nothing moved.
            is_proved, best = self.least(goal, stage) if stage["best"] else (True, self.value(goal))
            is_optimal = is_optimal and is_proved
            self.model.add(sum(weight * variable for variable, weight in goal.terms) <= best)
        return Found(self.result(), is_optimal)

    def goals(self) -> Iterator[Goal]:
        """What is cancelled; then what is moved beyond need; then by how far, and to how many other units."""
        hit = [each for each in self.instance.hits if not each.is_neighbour]
        along = self.instance.along(self.campaigns)
        most = len(self.instance.hits) + len(along) + 1
        stays = [(each, self.placed[each.id]) for each in hit]
        stays += [(each, self.campaigns[each.reservation.campaign]) for each in along]
        yield Goal(
            "cancelled", [(variable, -(each.weight * most + 1)) for each, variable in stays],
            sum(each.weight * most + 1 for each, _ in stays),
        )
        if len(hit) < len(self.instance.hits):
            yield Goal("moved", [*self.moved_terms(most)])
        yield Goal("shift", [
            (self.chosen[each.key], each.place.shift_minutes * most + each.place.is_other_unit) for each in self.options
            if each.place.shift_minutes or each.place.is_other_unit
        ])

    def moved_terms(self, most: int) -> Iterator[tuple[Any, int]]:
        """Each that is moved, and, as what matters less, each team that is touched."""
        hit = {each.reservation.team for each in self.instance.hits if not each.is_neighbour}
        for each in self.options:
            if each.place.place == each.hit.before:
                continue
            variable, team = self.chosen[each.key], each.hit.reservation.team
            yield variable, most
            if team not in hit:
                if team not in self.touched:
                    self.touched[team] = self.model.new_bool_var(f"touched {team}")
                self.model.add_implication(variable, self.touched[team])
        for _, variable in sorted(self.touched.items()):
            yield variable, 1

    def value(self, goal: Goal) -> int:
        """What the best so far comes to."""
        taken = {id: number for id, number in self.values.items() if number >= 0}
        moved = {
            hit.reservation.team for hit in self.instance.hits
            if hit.id in taken and self.choices[hit.id][taken[hit.id]].place != hit.before
        }
        known = {self.chosen[each].index for each in taken.items()} | {self.placed[id].index for id in taken}
        known |= {variable.index for team, variable in self.touched.items() if team in moved}
        return sum(weight for variable, weight in goal.terms if variable.index in known)

    def least(self, goal: Goal, stage: dict[str, Any]) -> tuple[bool, int]:
        """Whether it is proved, and the least that was found."""
        self.model.clear_objective()
        self.model.minimize(sum(weight * variable for variable, weight in goal.terms))
        self.hint()
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = 1
        solver.parameters.linearization_level = 2  # what excludes each other makes a nearly whole linear programme
        solver.parameters.max_deterministic_time = WORK_PER_GOAL
        solver.parameters.max_time_in_seconds = SECONDS_PER_GOAL
        status = solver.solve(self.model, Watch(self.told, stage, goal.constant))
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return False, self.value(goal)
        chosen = {key[0]: key[1] for key, variable in self.chosen.items() if solver.value(variable)}
        self.values = {hit.id: chosen.get(hit.id, -1) for hit in self.instance.hits}
        return status == cp_model.OPTIMAL, round(solver.objective_value)

    def hint(self) -> None:
        self.model.clear_hints()
        for each in self.options:
            self.model.add_hint(self.chosen[each.key], self.values[each.key[0]] == each.key[1])
        for id, variable in self.placed.items():
            self.model.add_hint(variable, self.values[id] >= 0)

    def result(self) -> dict[str, Candidate | None]:
        return {id: self.choices[id][number] if number >= 0 else None for id, number in self.values.items()}


class Watch(cp_model.CpSolverSolutionCallback):
    """Tells of each better plan, and ends the search when nobody wants it any more."""

    def __init__(self, told: Progress, stage: dict[str, Any], constant: int):
        super().__init__()
        self.told, self.stage, self.constant = told, stage, constant

    def on_solution_callback(self) -> None:
        if not self.told(self.stage | {"best": round(self.objective_value) + self.constant}):
            self.stop_search()

