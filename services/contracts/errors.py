"""Every way in which a service refuses, with its code.

    Refusal
    ├── InvalidInput          a field is wrong, or the request is
    ├── RuleBroken            rules of use; all of them listed
    ├── SlotTaken             somebody holds the time; alternatives listed
    ├── DatesClash            dates of a series cannot be had; each listed with alternatives
    ├── StepsClash            steps of a campaign cannot be had; each listed, with whole plans
    ├── RowsRefused           rows of an import cannot be had; each listed with all that is wrong
    ├── PlanRepaired          a re-plan no longer fitted; the repaired one waits for another look
    ├── WrongState            the transition is not allowed from this state
    ├── StaleVersion          somebody changed it in between
    ├── RequestKeyReused      the same request key came with another body
    ├── Unauthenticated       who is asking is not known
    ├── NotAllowed            known, but without the right
    ├── NotFound              it is not there, or you may not see it
    ├── TooManyRequests       wait, then repeat
    └── Unavailable           a service did not answer in time; safe to repeat with the same key

The docstring of a class is its default detail. Details are texts, numbers, lists and
dictionaries, so that a refusal crosses the broker unchanged. The portal alone knows the
HTTP statuses and the sentences in the reader's language.
"""

from typing import Any, ClassVar


class Refusal(Exception):
    """The request was refused."""

    code: ClassVar[str] = "refused"

    def __init__(self, detail: str = "", **facts: Any):
        self.detail = detail or (type(self).__doc__ or "").strip()
        self.facts = facts
        super().__init__(self.detail)

    def to_dict(self) -> dict[str, Any]:
        return {"code": self.code, "detail": self.detail, "facts": self.facts}

    @staticmethod
    def from_dict(data: dict[str, Any]) -> "Refusal":
        """Build the refusal that a service answered with; an unknown code is Unavailable."""
        found = BY_CODE.get(data.get("code", ""), Unavailable)
        return found(data.get("detail", ""), **data.get("facts", {}))


class InvalidInput(Refusal):
    """Some fields are wrong."""

    # facts: errors = {field: [sentence, ...]}
    code = "invalid_input"


class RuleBroken(Refusal):
    """The request breaks rules of use."""

    # facts: violations = [{rule, facts, waivable_by}], alternatives = [...]
    code = "rule_broken"


class SlotTaken(Refusal):
    """The time is taken."""

    # facts: alternatives = [{facility, unit, starts_at, ends_at, why, pieces?}]
    code = "slot_taken"


class DatesClash(Refusal):
    """Some dates of the series cannot be had as they are."""

    # facts: clashes = [{date, facility, unit, starts_at, ends_at, taken, violations, alternatives}]
    code = "dates_clash"


class StepsClash(Refusal):
    """The campaign cannot be had as it is."""

    # facts: steps = [{step, facility, unit, starts_at, ends_at, ok, taken, violations}],
    #        plans = [{why, starts_at, ends_at, steps: [{step, facility, unit, starts_at, ends_at}]}]
    code = "steps_clash"


class RowsRefused(Refusal):
    """Some of the reservations cannot be had as they are; none was imported."""

    # facts: rows = [{row, ok, errors, violations, taken, alternatives}], counted from 0 on
    code = "rows_refused"


class PlanRepaired(Refusal):
    """Something has changed since the plan was made. It was repaired: look at it again before you accept it."""

    # facts: version (the present one), changed = [reservation, ...]
    code = "plan_repaired"


class WrongState(Refusal):
    """This is not possible in the present state."""

    # facts: state, action
    code = "wrong_state"


class StaleVersion(Refusal):
    """It was changed in the meantime; read it again."""

    # facts: version (the present one)
    code = "stale_version"


class RequestKeyReused(Refusal):
    """This request key was used for another request."""

    code = "request_key_reused"


class Unauthenticated(Refusal):
    """Sign in first."""

    code = "unauthenticated"


class NotAllowed(Refusal):
    """You may not do this."""

    code = "not_allowed"


class NotFound(Refusal):
    """There is no such thing, or you may not see it."""

    code = "not_found"


class TooManyRequests(Refusal):
    """Too many requests; wait a little."""

    # facts: retry_after (seconds)
    code = "too_many_requests"


class Unavailable(Refusal):
    """A service did not answer in time; it is safe to repeat with the same key."""

    # facts: retry_after (seconds)
    code = "unavailable"


BY_CODE: dict[str, type[Refusal]] = {kind.code: kind for kind in Refusal.__subclasses__()}
