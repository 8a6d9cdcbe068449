"""Fill an empty local stack with the demo base: people, facilities, WeChat bindings, three weeks of reservations.

    python -m deploy.demo.seed

The addresses come from the environment (deploy/env.example): <SERVICE>_DATABASE_URL and STATE_DIR;
the services have to be running, because they learn of each other by their facts. A stack that
has reservations, or people who are not of the demo base, is left as it is; one on which this
was interrupted is completed. Exit codes: 0 done or nothing to do; 1 it did not work, and why.
"""

import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from os import environ
from typing import Any

import yaml
from sqlalchemy import Engine

from deploy.demo import copies, interruptions, rivals
from deploy.demo.conflicts import compete
from deploy.demo.plans import plans_around, works
from deploy.demo.repeats import repeat
from deploy.demo.replay import replay
from deploy.demo.signs_of_use import with_faults, with_one_overrunning
from deploy.local.settings import ROOT, Settings, ensure_demo_password
from services.accounts import operations as accounts
from services.booking.storage.unit_of_work import BookingUnitOfWork
from services.contracts.messaging.database import connect
from services.contracts.messaging.topology import SERVICES
from services.contracts.messaging.unit_of_work import Transactions
from services.facilities import operations as facilities
from services.notify import operations as notify
from services.notify.storage.unit_of_work import NotifyUnitOfWork

BASE = ROOT / "deploy" / "base"
WORK = ROOT / "deploy" / "demo" / "work.yaml"
COPIES_SECONDS = 60


class Failed(Exception):
    """A step did not work; what it was has been printed."""


def main() -> int:
    settings = Settings.from_environment()
    engines = {service: connect(environ[f"{service.upper()}_DATABASE_URL"], 1) for service in SERVICES}
    demo = read(BASE / "companies.yaml") | read(BASE / "people.yaml")
    if reason := why_not(engines, demo):
        print(reason)
        return 0
    try:
        fill(settings, engines, demo, datetime.now(UTC))
    except (Failed, TimeoutError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def read(path: Any) -> dict[str, Any]:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def why_not(engines: Mapping[str, Engine], demo: Mapping[str, Any]) -> str | None:
    """Why there is nothing to do, if so."""
    with engines["accounts"].connect() as connection:
        people = set(connection.exec_driver_sql("SELECT person FROM persons").scalars())
    if people - {person["person"] for person in demo["people"]}:
        return "there are people of another base here: nothing is loaded"
    with engines["booking"].connect() as connection:
        if connection.exec_driver_sql("SELECT 1 FROM reservations LIMIT 1").first():
            return "the demo base is loaded already"
    return None


def fill(settings: Settings, engines: Mapping[str, Engine], demo: Mapping[str, Any], now: datetime) -> None:
    """Raises Failed, TimeoutError."""
    settings.make_folders()
    ensure_demo_password(settings)
    files = [str(BASE / "companies.yaml"), str(BASE / "people.yaml")]
    done(accounts.main(["import", *files, "--shared-password-file", str(settings.demo_password)]), "people")
    done(facilities.main(["import", str(BASE / "facilities.yaml")]), "facilities")
    done(facilities.main(["holidays", str(now.year), str(now.year + 1)]), "public holidays")
    bindings = [(person["person"], "wechat", f"demo-{person['person']}") for person in demo["people"]]
    done(notify.bind_all(bindings, Transactions(engines["notify"], NotifyUnitOfWork)), "WeChat bindings")
    copies.wait(engines, COPIES_SECONDS)
    done(0, "copies of people and facilities")
    reservations, series, wishes = reserve(engines["booking"], demo, now)
    done(0, f"reservations: {reservations}, {series} series, and {wishes} wishes beside each other")
    done(0, f"out of use: {interruptions.declare(engines['facilities'], now)}")
    collected = rivals.told()
    rivals.collect(engines["facilities"], collected)
    copies.wait(engines, COPIES_SECONDS)
    done(0, f"rivals for the same time: {rivals.compete(engines['booking'], collected, now)}")


def done(code: int, step: str) -> None:
    if code:
        raise Failed(f"{step} could not be loaded")
    print("demo base:", step, flush=True)


def reserve(engine: Engine, demo: Mapping[str, Any], now: datetime) -> tuple[int, int, int]:
    """Three weeks of reservations, what repeats, and what teams want beside each other. Returns how many of each."""
    managers = {facility: person["person"] for person in demo["people"] for facility in person.get("manages", ())}
    work = read(WORK)
    by_facility = works(work, demo["projects"])
    with engine.begin() as connection:
        uow = BookingUnitOfWork(connection)
        facilities = uow.copies.facilities(list(by_facility))
        plans = [plan for each in facilities for plan in plans_around(now, each, by_facility[each.code])]
        replay(with_faults(with_one_overrunning(plans, now), work["faults"], now), managers, uow, now)
        repeated = repeat(work["series"], by_facility, managers, uow, now)
        return len(plans), repeated, compete(by_facility, uow, now)


if __name__ == "__main__":
    sys.exit(main())
