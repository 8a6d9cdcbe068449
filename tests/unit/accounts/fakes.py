"""Accounts' unit of work in memory; repository_cases.py holds it and the real one to the same."""

import copy
from dataclasses import replace
from datetime import UTC, datetime

from services.accounts.domain.people import Person
from services.accounts.domain.rights import Actor
from services.accounts.domain.sign_in import Tries
from services.accounts.domain.teams import Project, Team
from services.contracts.errors import StaleVersion, Unauthenticated

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


class Versioned:
    """Things by code, each written only on top of its former version."""

    def __init__(self, code):
        self.code = code
        self.kept = {}

    def get(self, code):
        return self.kept.get(code)

    def all(self):
        return [self.kept[code] for code in sorted(self.kept)]

    def save(self, thing):
        former = self.kept.get(getattr(thing, self.code))
        if former and former.version != thing.version - 1:
            raise StaleVersion
        self.kept[getattr(thing, self.code)] = thing


class FakePeople(Versioned):
    def __init__(self, teams):
        super().__init__("person")
        self.teams = teams
        self.hashes = {}

    def actor(self, person):
        found = self.active(person)
        if found is None:
            raise Unauthenticated
        return found

    def active(self, person):
        known = self.kept.get(person)
        if known is None or not known.active:
            return None
        own = {team.team: team.members[person] for team in self.teams.all() if person in team.members}
        return Actor(person=person, roles=frozenset(known.roles), teams=own)

    def password_hash(self, person):
        return self.hashes.get(person) if person in self.kept and self.kept[person].active else None

    def set_password(self, person, password_hash, now):
        self.hashes[person] = password_hash

    def renew_hash(self, person, former, renewed):
        if self.hashes.get(person) == former:
            self.hashes[person] = renewed


class FakeTeams(Versioned):
    def __init__(self):
        super().__init__("team")
        self.companies = {}

    def save(self, team):
        if any(self.team_of_project(project) not in (None, team.team) for project in team.projects):
            raise StaleVersion
        super().save(team)

    def company_name(self, company):
        return self.companies.get(company)

    def save_company(self, company, name):
        self.companies[company] = name

    def of_company(self, company):
        return [team for team in self.all() if team.company == company]

    def team_of_project(self, project):
        return next((team.team for team in self.all() if project in team.projects), None)


class FakeTokens:
    def __init__(self):
        self.kept = {}
        self.used = {}

    def add(self, token):
        self.kept[token.token] = token

    def owner(self, token):
        return self.kept[token].person if token in self.kept else None

    def revoke(self, token, now):
        ended = self.kept[token].revoked_at or now
        self.kept[token] = replace(self.kept[token], revoked_at=ended)

    def mark_used(self, token, now):
        self.used[token] = now


class FakeDevices:
    def __init__(self):
        self.kept = {}

    def get(self, device):
        return self.kept.get(device)

    def by_code(self, code_hash):
        return next((each for each in self.kept.values() if each.code_hash == code_hash), None)

    def save(self, device):
        self.kept[device.device] = device

    def revoke(self, device, now):
        self.kept[device] = replace(self.kept[device], revoked_at=now)


class FakeSignIns:
    def __init__(self):
        self.kept = {}

    def get(self, person, address, now):
        new = Tries(person=person, address=address, failures=0, last_at=now, forget_at=now)
        return self.kept.setdefault((person, address), new)

    def is_known(self, person, address):
        return (person, address) in self.kept

    def save(self, tries):
        self.kept[tries.person, tries.address] = tries

    def take_back(self, address):
        tries = self.kept.get(("", address))
        if tries:
            self.kept["", address] = replace(tries, failures=tries.failures - 1)

    def forget(self, person, address):
        self.kept.pop((person, address), None)

    def forget_person(self, person):
        self.kept = {key: tries for key, tries in self.kept.items() if key[0] != person}

    def forget_old(self, now):
        old = [key for key, tries in self.kept.items() if tries.forget_at < now]
        for key in old:
            del self.kept[key]
        return len(old)


class FakeUnitOfWork:
    def __init__(self):
        self.teams = FakeTeams()
        self.people = FakePeople(self.teams)
        self.tokens = FakeTokens()
        self.devices = FakeDevices()
        self.sign_ins = FakeSignIns()
        self.events, self.notes = [], []

    def record(self, event):
        self.events.append(event)

    def note(self, chain, **told):
        self.notes.append((chain, told))

    def actor(self, person):
        return self.people.actor(person)


class FakeStore:
    """Runs a handler at a time that the test sets; what it did is undone when it raises."""

    def __init__(self, uow, now=NOW, time_scale=1):
        self.uow = uow
        self.now = now
        self.time_scale = time_scale

    def run(self, handler):
        before = copy.deepcopy(self.uow.__dict__)
        try:
            return handler(self.uow, self.now)
        except Exception:
            self.uow.__dict__.update(before)
            raise


class FakePasswords:
    """Hashes that one can read; ``parameters`` change when they are raised."""

    def __init__(self, parameters="old"):
        self.parameters = parameters

    def hash(self, password):
        return f"{self.parameters}:{password}"

    def verify(self, password_hash, password):
        return password_hash is not None and password_hash.partition(":")[2] == password

    def renewed(self, password_hash, password):
        return None if password_hash.startswith(self.parameters) else self.hash(password)


def a_base():
    """An admin, a base manager, two companies with a team each, and somebody who is in none."""
    uow = FakeUnitOfWork()
    uow.teams.companies = {"c1": "光电公司", "c2": "智造公司"}
    for person, roles in (("admin", ("admin",)), ("chief", ("base_manager",))):
        uow.people.save(Person(person=person, name=person, email=f"{person}@example.com", roles=roles, version=1))
    for person in ("lead01", "member01", "lead02", "newcomer"):
        uow.people.save(Person(person=person, name=person, email=f"{person}@example.com", version=1))
    uow.teams.save(Team(
        team="team-01", name="光电一队", company="c1", company_name="光电公司",
        members={"lead01": "lead", "member01": "member"}, projects={"p1": Project(name="光芯片")}, version=1,
    ))
    uow.teams.save(Team(
        team="team-02", name="智造二队", company="c2", company_name="智造公司", members={"lead02": "lead"}, version=1,
    ))
    return uow
