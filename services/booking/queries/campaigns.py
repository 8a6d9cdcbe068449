"""One campaign with its steps, and the plans by which one might run, or run at another time."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Annotated, Any

from services.booking.domain.campaign import MINUTE, Campaign, state_of, wrong_gaps
from services.booking.domain.campaign_search import Plan, Sought, hindrances
from services.booking.domain.reservation import Reservation, allowed_actions
from services.booking.domain.rights import Person, known, sees
from services.booking.domain.run import run_of
from services.booking.domain.spans import Span
from services.booking.domain.states import State
from services.booking.domain.wish import Wish
from services.booking.handlers.campaigns import planning
from services.booking.handlers.campaigns.moving import movable
from services.booking.handlers.campaigns.planning import at_step, found_plans, loaded, search_window, wrong_with
from services.booking.handlers.campaigns.recording import is_seen, is_to_come
from services.booking.handlers.moving import leaving, wish_of
from services.booking.handlers.placing import refuse
from services.booking.handlers.requesting import wrong_party
from services.booking.queries.arguments import asking, load, window_of
from services.booking.queries.reservations import NAMED, WITH_NAMES, known_id, plain
from services.booking.storage.campaigns import CAMPAIGN, campaign_of
from services.booking.storage.rows import reservation_of
from services.booking.storage.unit_of_work import BookingUnitOfWork
from services.contracts.commands.campaigns import SoughtStep
from services.contracts.errors import NotFound
from services.contracts.values import Between, Code, Instant, Text

ONE = f"""
    SELECT {CAMPAIGN}, t.name AS team_name, q.name AS requester_name,
           (SELECT each.value ->> 'name' FROM jsonb_array_elements(t.projects) AS each
             WHERE each.value ->> 'code' = c.project) AS project_name
      FROM campaigns c LEFT JOIN teams t ON t.team = c.team LEFT JOIN persons q ON q.person = c.requester
     WHERE c.campaign = %(campaign)s"""
MEMBERS = f"SELECT {NAMED} FROM {WITH_NAMES} WHERE r.campaign = %(campaign)s ORDER BY r.campaign_step"
SHOWN_FIELDS = ("id", "version", "team", "team_name", "project", "project_name", "purpose", "requester",
                "requester_name")
OF_OTHERS = ("state", "facility", "facility_names", "unit_names", "unit", "starts_at", "ends_at", "awaits")
"""What the manager of one facility sees of a step on another one: enough to understand the order and the gaps."""


@dataclass(frozen=True, kw_only=True)
class CampaignSought:
    """SoughtSteps as dictionaries; ``wished`` is when the first should start, the earliest unless it is given."""

    steps: list[dict[str, Any]] = field(default_factory=list)
    starts_at: Instant
    ends_at: Instant
    team: Code | None = None
    project: Code | None = None
    wished: Instant | None = None
    limit: Annotated[int, Between(1, 5)] = 3


@dataclass(frozen=True, kw_only=True)
class CampaignMoving:
    campaign: Annotated[str, Text(40)]
    wished: Instant | None = None
    limit: Annotated[int, Between(1, 5)] = 3


def campaign(connection: Any, now: datetime, actor: str, campaign: str) -> dict[str, Any]:
    """One with its steps in order, what it waits for, and what the actor may do with it.

    Raises NotFound, NotAllowed.
    """
    person = asking(connection, actor)
    row, rows, kept, members = found(connection, known_id(campaign), person)
    return {name: row._mapping[name] for name in SHOWN_FIELDS} | {
        "state": state_of(str(each.state) for each in members), "mine": kept.team in person.teams,
        "waiting_for": [
            {"step": each.campaign_step, "facility": each.facility, "awaits": each.awaits, "decide_by": each.decide_by}
            for each in members if each.state is State.REQUESTED
        ],
        "allowed_actions": allowed(person, kept, members, now),
        "steps": [shown(row, member, kept, person, now) for row, member in zip(rows, members, strict=True)],
    }


def found(connection: Any, campaign: str, person: Person) -> tuple[Any, list[Any], Campaign, list[Reservation]]:
    """A campaign's row, those of its members, and the values of both. Raises NotFound."""
    row = connection.exec_driver_sql(ONE, {"campaign": campaign}).first()
    rows = connection.exec_driver_sql(MEMBERS, {"campaign": campaign}).all()
    members = [reservation_of(each) for each in rows]
    if row is None or not is_seen(person, campaign_of(row), members):
        raise NotFound
    return row, rows, campaign_of(row), members


def shown(row: Any, member: Reservation, campaign: Campaign, person: Person, now: datetime) -> dict[str, Any]:
    """A step as somebody may see it, with the gap that it keeps; ``seen`` if its reservation is theirs to open."""
    asked = campaign.steps[member.campaign_step - 1]
    gaps = {"least_gap_minutes": asked.least_gap_minutes, "most_gap_minutes": asked.most_gap_minutes}
    told = {"step": member.campaign_step, "minutes": asked.minutes, **gaps}
    if not sees(person, member.team, member.facility):
        return told | {name: row._mapping[name] for name in OF_OTHERS} | {"seen": False, "allowed_actions": []}
    return told | plain(row, person) | {"seen": True, "allowed_actions": allowed_actions(person, member, now)}


def allowed(person: Person, campaign: Campaign, members: Sequence[Reservation], now: datetime) -> list[str]:
    """What a person may do with the campaign as a whole."""
    coming = [each for each in members if is_to_come(each, now)]
    actions = [set(allowed_actions(person, each, now)) for each in coming]
    possible = set().union(*actions)
    found = [action for action in ("approve", "reject") if action in possible]
    movable = [each for each, member in zip(actions, coming, strict=True) if member.span.starts_at > now]
    found += ["move"] if movable and all("move" in each for each in movable) else []
    return found + (["cancel"] if possible & {"cancel", "withdraw"} else [])


def find_campaign(connection: Any, now: datetime, actor: str, **sought: Any) -> dict[str, Any]:
    """Whole ``plans`` within a window, the best first; where there is none, what stands in the way of single steps.

    Nothing is changed or locked. Raises InvalidInput, NotAllowed.
    """
    given = load(CampaignSought, **sought)
    window, steps = window_of(given), loaded(SoughtStep, given.steps)
    refuse(wrong_gaps(steps))
    uow = BookingUnitOfWork(connection)
    who = [uow.copies.asking(str(actor), given.team, each.facility, each.operator) for each in steps]
    person = known(who[0].person)
    errors = wrong_party(given, person, who[0].team) if given.team else {}
    for number, (step, there) in enumerate(zip(steps, who, strict=True)):
        errors |= at_step(number, wrong_with(step, there))
    refuse(errors)
    wanted = [
        sought_step(number, step, there, given) for number, (step, there) in enumerate(zip(steps, who, strict=True), 1)
    ]
    window = Span(max(now, window.starts_at), window.ends_at)
    plans = found_plans(wanted, window, given.wished or window.starts_at, uow, now, most=given.limit)
    return {
        "plans": [each.to_dict() for each in plans],
        "hindrances": [] if plans else hindrances(*planning.known(wanted, window, uow, now), window, now),
    }


def sought_step(number: int, step: SoughtStep, who: Any, given: CampaignSought) -> Sought:
    span = Span(given.starts_at, given.starts_at + step.minutes * MINUTE)
    return Sought(
        number=number, facility=who.facility, least_gap_minutes=step.least_gap_minutes,
        most_gap_minutes=step.most_gap_minutes,
        wish=Wish(span=span, unit=step.unit, run=run_of(step), party=who.party(given.project), at_once=True),
    )


def find_campaign_move(connection: Any, now: datetime, actor: str, **sought: Any) -> dict[str, Any]:
    """Other plans for the steps of a campaign that have not begun, those nearest to ``wished`` first.

    Raises InvalidInput, NotFound, NotAllowed, WrongState.
    """
    given = load(CampaignMoving, **sought)
    person = asking(connection, actor)
    _, _, kept, members = found(connection, known_id(given.campaign), person)
    uow = BookingUnitOfWork(connection)
    coming = movable(members, now)
    steps = [moving_step(kept, each, person, uow, now) for each in coming.values()]
    first, last = next(iter(coming.values())), list(coming.values())[-1]
    spans = {each.campaign_step: each.span for each in members}
    starts_at = given.wished or first.span.starts_at
    whole = Span(starts_at, starts_at + (last.span.ends_at - first.span.starts_at))
    wished, window = search_window(whole, [each.facility for each in steps], now)
    plans = found_plans(
        steps, window, wished, uow, now,
        moving=[each.id for each in coming.values()], before=kept.chain(steps[0].number, spans).before,
        most=given.limit + 1,
    )
    return {"plans": [each.to_dict() for each in plans if not stays(each, spans)][:given.limit]}


def moving_step(
    campaign: Campaign, member: Reservation, person: Person, uow: BookingUnitOfWork, now: datetime,
) -> Sought:
    operator = member.run.operator or member.requester
    who = uow.copies.asking(person.person, member.team, member.facility, operator)
    wish = wish_of(member, who.facility, member.span, None, who.party(member.project))
    asked = campaign.steps[member.campaign_step - 1]
    return Sought(
        number=member.campaign_step, facility=who.facility, reservation=member.id,
        wish=replace(wish, former_unit=None, left=leaving(member, who.facility, person, uow, now)),
        least_gap_minutes=asked.least_gap_minutes, most_gap_minutes=asked.most_gap_minutes,
    )


def stays(plan: Plan, spans: dict[int, Span]) -> bool:
    """Whether a plan is what is held already."""
    return all(spans[each.wanted.step] == each.wanted.wish.span for each in plan.verdicts)
