"""The people, the facility and the team of the samples, and how one makes a situation of them."""

from dataclasses import replace
from datetime import UTC, datetime

from services.notify.domain.audience import Situation
from services.notify.domain.copies import Facility, Person, Team
from services.notify.domain.deliveries import Cause
from services.notify.domain.preferences import CHANNELS, Preferences
from services.notify.domain.steps import STEPS, Category, step_of

NOW = datetime(2026, 3, 4, 1, tzinfo=UTC)
RESERVATION = "3f2a9c1d-6b1e-4c57-9f0a-2f6f4c8a1b77"
CAUSE = Cause("11111111-2222-4333-8444-555555555555", "thread", NOW)


EVERYTHING = Preferences(switches={each: dict.fromkeys(CHANNELS, True) for each in Category})
"""Of somebody who wants to hear all there is, everywhere."""


def person(code, **more):
    usual = {"name": code, "email": f"{code}@example.test", "language": "zh-Hans", "active": True}
    return Person(person=code, **usual | {"bindings": {"wechat": f"demo-{code}"}} | more)


LEAD = person("lead01", name="陈晓")
MEMBER = person("member01", name="Li Wei", language="en")
MANAGER = person("manager-labs", name="王工", roles=("facility_manager",), manages=("LAB-1", "LAB-2"))
FOREIGN_MANAGER = person("manager-en", name="Anna", language="en", roles=("facility_manager",), manages=("LAB-1",))
BASE_MANAGER = person("base", name="基地", roles=("base_manager",))

LAB = Facility(
    facility="LAB-1",
    names={"zh-Hans": "高低温老化", "en": "High/low-temperature ageing"},
    units={"A": {"zh-Hans": "1 号箱", "en": "Chamber 1"}},
    location="A 座 101",
)
SMT = Facility(facility="LINE-2", names={"zh-Hans": "SMT 贴装中试线", "en": "SMT line"}, units={}, location="")
PEOPLE = {each.person: each for each in (LEAD, MEMBER, MANAGER, FOREIGN_MANAGER, BASE_MANAGER)}
TEAM = Team(
    team="team-01",
    name="芯光团队",
    company_name="芯光科技",
    leads=("lead01",),
    projects={"P-7": "400G 光模块"},
    members=("lead01", "member01"),
)


def text(day, hour):
    return datetime(2026, 3, day, hour, tzinfo=UTC).isoformat()


def step(kind, state, version=2, **more):
    usual = {
        "reservation": RESERVATION,
        "facility": "LAB-1",
        "unit": "A",
        "starts_at": datetime(2026, 3, 5, 1, tzinfo=UTC),
        "ends_at": datetime(2026, 3, 5, 4, 30, tzinfo=UTC),
        "team": "team-01",
        "project": "P-7",
        "purpose": "老化试验 & 数据采集\n第二批 <样品>",
        "requester": "member01",
        "actor": "member01",
    }
    return kind(version=version, state=state, **usual | more)


def situation(event, invited=(), people=(LEAD, MEMBER, MANAGER, FOREIGN_MANAGER, BASE_MANAGER), step=None, **more):
    known = {each.person: each for each in people}
    taken = STEPS[step] if step else step_of(event, event.actor in TEAM.members)
    return Situation(
        event=event, step=taken, facility=LAB, team=TEAM, people=known, at=NOW, invited=frozenset(invited), **more
    )


def told_of_everything(before, **more):
    """The people of a situation, were they to hear of everything everywhere."""
    return all_ears(before.people, **more)


def all_ears(people, **more):
    return {name: replace(each, preferences=EVERYTHING, **more) for name, each in people.items()}
