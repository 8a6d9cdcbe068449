"""The life of a reservation, whole: each state, each action, and where it leads.

    requested ─┬─► approved ─┬─► in_use ──► finished
               ├─► rejected  ├─► no_show
               ├─► withdrawn └─► cancelled
               └─► expired

    competing ──► requested or approved (allocated), rejected (passed over), withdrawn, expired
    offered   ──► requested or approved (accepted), declined, expired
"""

from enum import StrEnum


class State(StrEnum):
    REQUESTED = "requested"
    APPROVED = "approved"
    IN_USE = "in_use"
    FINISHED = "finished"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    NO_SHOW = "no_show"
    COMPETING = "competing"
    OFFERED = "offered"
    DECLINED = "declined"


class Action(StrEnum):
    REQUEST = "request"
    APPROVE = "approve"
    REJECT = "reject"
    WITHDRAW = "withdraw"
    CANCEL = "cancel"
    MOVE = "move"
    DESCRIBE = "describe"
    ATTACH = "attach"
    DETACH = "detach"
    ESCALATE = "escalate"
    EXPIRE = "expire"
    CHECK_IN = "check_in"
    EXTEND = "extend"
    OVERRUN = "overrun"
    CHECK_OUT = "check_out"
    MARK_NO_SHOW = "mark_no_show"
    COMPETE = "compete"
    ALLOCATE = "allocate"
    PASS_OVER = "pass_over"
    OFFER = "offer"
    ACCEPT = "accept"
    DECLINE = "decline"
    SWAP = "swap"
    REPLAN = "replan"
    CONFIRM = "confirm"


TRANSITIONS: dict[tuple[State, Action], frozenset[State]] = {
    (State.REQUESTED, Action.APPROVE): frozenset({State.REQUESTED, State.APPROVED}),
    (State.REQUESTED, Action.REJECT): frozenset({State.REJECTED}),
    (State.REQUESTED, Action.WITHDRAW): frozenset({State.WITHDRAWN}),
    (State.REQUESTED, Action.ESCALATE): frozenset({State.REQUESTED}),
    (State.REQUESTED, Action.EXPIRE): frozenset({State.EXPIRED}),
    (State.REQUESTED, Action.MOVE): frozenset({State.REQUESTED, State.APPROVED}),
    (State.REQUESTED, Action.DESCRIBE): frozenset({State.REQUESTED, State.APPROVED}),
    (State.REQUESTED, Action.ATTACH): frozenset({State.REQUESTED}),
    (State.REQUESTED, Action.DETACH): frozenset({State.REQUESTED}),
    (State.APPROVED, Action.ATTACH): frozenset({State.APPROVED}),
    (State.APPROVED, Action.MOVE): frozenset({State.REQUESTED, State.APPROVED}),
    (State.APPROVED, Action.CANCEL): frozenset({State.CANCELLED}),
    (State.APPROVED, Action.CHECK_IN): frozenset({State.IN_USE}),
    (State.APPROVED, Action.MARK_NO_SHOW): frozenset({State.NO_SHOW}),
    (State.APPROVED, Action.EXTEND): frozenset({State.APPROVED}),
    (State.IN_USE, Action.EXTEND): frozenset({State.IN_USE}),
    (State.IN_USE, Action.OVERRUN): frozenset({State.IN_USE}),
    (State.IN_USE, Action.CHECK_OUT): frozenset({State.FINISHED}),
    (State.COMPETING, Action.ALLOCATE): frozenset({State.REQUESTED, State.APPROVED}),
    (State.COMPETING, Action.PASS_OVER): frozenset({State.REJECTED}),
    (State.COMPETING, Action.WITHDRAW): frozenset({State.WITHDRAWN}),
    (State.COMPETING, Action.EXPIRE): frozenset({State.EXPIRED}),
    (State.OFFERED, Action.ACCEPT): frozenset({State.REQUESTED, State.APPROVED}),
    (State.OFFERED, Action.DECLINE): frozenset({State.DECLINED}),
    (State.OFFERED, Action.EXPIRE): frozenset({State.EXPIRED}),
    (State.REQUESTED, Action.SWAP): frozenset({State.REQUESTED, State.APPROVED}),
    (State.APPROVED, Action.SWAP): frozenset({State.REQUESTED, State.APPROVED}),
    (State.REQUESTED, Action.REPLAN): frozenset({State.REQUESTED, State.CANCELLED}),
    (State.APPROVED, Action.REPLAN): frozenset({State.APPROVED, State.CANCELLED}),
    (State.REQUESTED, Action.CONFIRM): frozenset({State.REQUESTED}),
    (State.APPROVED, Action.CONFIRM): frozenset({State.APPROVED}),
}
"""What is not here is not allowed. Where two states are possible, the rules of the facility decide.

A request that one stage of approval agreed to waits on for the next one (approval.py)."""

HELD = frozenset({State.REQUESTED, State.APPROVED, State.IN_USE, State.OFFERED})
"""In these a reservation keeps its unit and time to itself. Rivals that compete hold nothing yet."""

WAITING = frozenset({State.REQUESTED, State.OFFERED, State.COMPETING})
"""In these something has to be decided until ``decide_by``."""

SHOWN = HELD | {State.FINISHED}
"""In these the board shows it."""

WHILE_IT_LASTS = frozenset({
    Action.APPROVE, Action.MOVE, Action.CANCEL, Action.CHECK_IN, Action.ALLOCATE, Action.ACCEPT, Action.SWAP,
    Action.REPLAN,
})
"""Actions that make no sense once the time is over: what was, stays as it was."""
