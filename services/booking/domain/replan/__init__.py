"""Plans for reservations that cannot stay where they are, with the least disruption.

    instance.py     what is given: those who have to go, what stands, the rules of use
    candidates.py   the places that each of them might have
    settling.py     taking up places one after the other, by the one rule function
    greedy.py       a plan at once
    solver.py       a better one (CP-SAT); the only module that knows the solver, for its own process alone
    checker.py      whether a plan keeps every rule; shares nothing with those that make plans
    plan.py         what a plan is, and what it costs
"""
