"""What the demo's teams want beside each other, asked for through booking's own handlers.

What the rules do not allow at the moment of the seed is left out: the demo never stands or falls with it.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from deploy.demo.plans import Work
from deploy.demo.replay import REQUEST_KEY, tell
from services.booking import handlers, queries
from services.booking.storage.unit_of_work import BookingUnitOfWork
from services.contracts.commands import AskHolder, JoinWaitList, RequestCampaign
from services.contracts.errors import Refusal
from services.contracts.messaging import tracing

FILE = Path(__file__).with_suffix(".yaml")
SEARCHED = timedelta(days=21)
FROM_NOW = timedelta(days=3)

# Where another unit is free nobody would have to wait, or to ask.
TIMES = """
    SELECT r.facility, r.unit, r.starts_at, r.ends_at FROM reservations r
     WHERE r.state IN ('approved', 'requested') AND r.starts_at > %(earliest)s AND r.campaign IS NULL
       AND (SELECT count(*) FROM units u WHERE u.facility = r.facility AND u.active) = 1
       AND (%(team)s::text IS NULL OR r.team = %(team)s) AND r.team <> %(asking)s
     ORDER BY r.starts_at, r.reservation LIMIT 30"""


def compete(works: Mapping[str, Work], uow: BookingUnitOfWork, now: datetime) -> int:
    """All of the file, as far as it is possible now. Returns how many wishes were kept."""
    told = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    wishes = [lambda: campaign(told["campaign"], works, uow, now)]
    # One after the other, because who joined first is asked first.
    wishes += [
        lambda each=each, second=second: wait(each, uow, now + timedelta(seconds=second))
        for second, each in enumerate(told["waiting"])
    ]
    wishes += [lambda: ask(told["ask"], uow, now)]
    return sum(tried(wish, uow, now) for wish in wishes)


def tried(wish: Callable[[], Any], uow: BookingUnitOfWork, now: datetime) -> bool:
    """Whether it could be done; else nothing of it stays."""
    tracing.begin()
    try:
        with uow.connection.begin_nested():
            wish()
            tell(uow, now)
    except Refusal:
        uow.events.clear()
        return False
    return True


def campaign(told: Mapping[str, Any], works: Mapping[str, Work], uow: BookingUnitOfWork, now: datetime) -> None:
    """Raises Refusal, InvalidInput among others where no plan is found."""
    team, person = f"team-{told['team']:02}", f"member{told['team']:02}"
    steps = [with_family(step, uow) for step in told["steps"]]
    project = works[steps[0]["facility"]].projects[team][0]
    starts_at = now + timedelta(days=told["days"])
    found = queries.find_campaign(
        uow.connection, now, person, steps=steps, team=team, project=project, limit=1,
        starts_at=starts_at.isoformat(), ends_at=(starts_at + SEARCHED).isoformat(),
    )
    plans = [plan["steps"] for plan in found["plans"]] or [[]]
    timed = [
        {name: value for name, value in step.items() if name != "minutes"}
        | {name: place[name] for name in ("unit", "starts_at", "ends_at")}
        for step, place in zip(steps, plans[0], strict=False)
    ]
    handlers.request_campaign(RequestCampaign(
        actor=person, request_key=REQUEST_KEY, team=team, project=project, purpose=told["purpose"], steps=timed,
    ), uow, now)


def with_family(step: Mapping[str, Any], uow: BookingUnitOfWork) -> dict[str, Any]:
    """A line is told which of its product families is run: ``first`` stands for its first one."""
    if step.get("family") != "first":
        return dict(step)
    (facility,) = uow.copies.facilities([step["facility"]])
    return {**step, "family": facility.families[0]["code"] if facility.families else None}


def wait(told: Mapping[str, Any], uow: BookingUnitOfWork, now: datetime) -> None:
    """For the first of the others' times for which it may wait. Raises Refusal when there is none."""
    team, person = f"team-{told['team']:02}", f"member{told['team']:02}"
    first_possible(times(uow, now, team), lambda time: handlers.join_wait_list(JoinWaitList(
        actor=person, request_key=REQUEST_KEY, facility=time.facility, team=team, purpose=told["purpose"],
        starts_at=time.starts_at, ends_at=time.ends_at,
    ), uow, now))


def ask(told: Mapping[str, Any], uow: BookingUnitOfWork, now: datetime) -> None:
    """For the first of the holder's times that might be given. Raises Refusal when there is none."""
    team, person = f"team-{told['team']:02}", f"member{told['team']:02}"
    held = times(uow, now, team, holder=f"team-{told['holder']:02}")
    first_possible(held, lambda time: handlers.ask_holder(AskHolder(
        actor=person, request_key=REQUEST_KEY, kind="give_way", facility=time.facility, unit=time.unit,
        starts_at=time.starts_at, team=team, purpose=told["purpose"], note=told["note"],
        wished_from=time.starts_at, wished_until=time.ends_at,
    ), uow, now))


def first_possible(found: Sequence[Any], wish: Callable[[Any], Any]) -> None:
    """Raises Refusal when none is possible."""
    for number, time in enumerate(found, 1):
        try:
            return wish(time)
        except Refusal:
            if number == len(found):
                raise


def times(uow: BookingUnitOfWork, now: datetime, asking: str, holder: str | None = None) -> list[Any]:
    """What others have from three days on, in order."""
    values = {"earliest": now + FROM_NOW, "team": holder, "asking": asking}
    return uow.connection.exec_driver_sql(TIMES, values).all()
