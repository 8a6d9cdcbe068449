"""The same samples with the longest and oddest that people can have typed: what survives this may go live."""

from dataclasses import fields, is_dataclass, replace
from typing import Any

from services.notify.domain.audience import Situation
from services.notify.domain.copies import Facility, Person, Team
from services.notify.domain.notices import Notice

NAME = "第二代宽禁带半导体功率器件高加速寿命与失效机理联合试验平台🔬 ​(2026\t版)" * 2
ENGLISH = "Joint platform for highly accelerated life and failure analysis of wide-bandgap power devices 🔬" * 1
REASON = "设备校准未完成，需要等待外部计量机构复核。\n" * 20
PURPOSE = "<b>老化</b> & 数据采集 " * 120
NAMES = {"zh-Hans": NAME, "en": ENGLISH}


def worst(thing: Situation | Notice) -> Situation | Notice:
    people = {name: replace(each, name=NAME) for name, each in thing.people.items()}
    changed = {"people": people, "facility": worst_facility(thing.facility), "team": worst_team(thing.team)}
    if isinstance(thing, Situation):
        former = worst_facility(thing.former_facility)
        return replace(thing, event=worst_event(thing.event), former_facility=former, **changed)
    return replace(thing, details={name: worst_value(name, value) for name, value in thing.details.items()}, **changed)


def worst_facility(facility: Facility | None) -> Facility | None:
    units = {"A": NAMES, "1": NAMES}
    return facility and replace(facility, names=NAMES, units=units, location=NAME)


def worst_team(team: Team | None) -> Team | None:
    return team and replace(team, name=NAME, company_name=NAME, projects={"P-7": NAME})


def worst_event(event: Any) -> Any:
    typed = {"purpose": PURPOSE, "reason": REASON}
    known = {each.name for each in fields(event)}
    return replace(event, **{name: text for name, text in typed.items() if name in known})


def worst_value(name: str, value: Any) -> Any:
    """What is typed by people grows; times, numbers and codes stay."""
    if is_dataclass(value) and not isinstance(value, Person):
        return worst_event(value)
    if name in ("reason", "names") and isinstance(value, dict):
        return NAMES
    if name in ("note", "reason"):
        return REASON
    if name in ("places", "facilities"):
        return {code: worst_facility(each) for code, each in value.items()}
    return value
