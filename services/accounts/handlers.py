"""What is done for each command: decide by the rights, keep the change, record the fact.

The store runs a handler in one transaction; what it returns is the answer.
"""

import uuid
from dataclasses import replace
from datetime import timedelta
from functools import partial

from services.accounts.domain import passwords as password_rules
from services.accounts.domain import people, rights, sign_in, tokens
from services.accounts.domain.devices import is_reserved
from services.accounts.domain.people import Person
from services.accounts.domain.teams import Project, Team
from services.accounts.domain.tokens import Token
from services.contracts.errors import InvalidInput, NotFound, Unauthenticated

NEW = Project(name="")

# companies and teams -------------------------------------------------------------------


def save_company(message, uow, now):
    rights.require_admin(uow.actor(message.actor))
    uow.teams.save_company(message.company, message.name)
    uow.note(f"company:{message.company}", company=message.company, name=message.name)
    for team in uow.teams.of_company(message.company):
        keep(uow, uow.teams, team, team.revised(company_name=message.name))
    return {"company": message.company}


def save_team(message, uow, now):
    rights.require_admin(uow.actor(message.actor))
    company_name = uow.teams.company_name(message.company)
    refuse({"company": ["unknown"]} if company_name is None else {})
    before = uow.teams.get(message.team) or Team(team=message.team)
    after = before.revised(name=message.name, company=message.company, company_name=company_name)
    keep(uow, uow.teams, before, after)
    return {"team": after.team, "version": after.version}


def save_project(message, uow, now):
    rights.require_lead(uow.actor(message.actor), message.team)
    before = uow.teams.get(message.team)
    wrong = {} if before else {"team": ["unknown"]}
    if uow.teams.team_of_project(message.project) not in (None, message.team):
        wrong["project"] = ["taken"]
    refuse(wrong)
    project = replace(before.projects.get(message.project, NEW), name=message.name, stage=message.stage)
    after = before.with_project(message.project, project)
    keep(uow, uow.teams, before, after)
    return {"team": after.team, "project": message.project, "version": after.version}


def set_priority(message, uow, now):
    """Put a project into a class. Raises NotAllowed, InvalidInput."""
    rights.require_base(uow.actor(message.actor))
    before = uow.teams.get(message.team)
    wrong = {} if before and message.project in before.projects else {"project": ["unknown"]}
    if message.priority != "normal" and not message.reason.strip():
        wrong["reason"] = ["required"]
    refuse(wrong)
    project = replace(
        before.projects[message.project], priority=message.priority, priority_reason=message.reason.strip()
    )
    after = before.with_project(message.project, project)
    keep(uow, uow.teams, before, after)
    return {"team": after.team, "project": message.project, "version": after.version}


def set_membership(message, uow, now):
    actor = uow.actor(message.actor)
    rights.require_lead(actor, message.team)
    before = uow.teams.get(message.team)
    wrong = {} if before else {"team": ["unknown"]}
    if uow.people.get(message.person) is None:
        wrong["person"] = ["unknown"]
    refuse(wrong)
    rights.require_may_set(actor, message.team, before.members.get(message.person), message.role)
    after = before.with_member(message.person, message.role)
    keep(uow, uow.teams, before, after)
    return {"team": after.team, "person": message.person, "role": message.role, "version": after.version}


# people --------------------------------------------------------------------------------


def save_person(message, uow, now, passwords):
    """A new password also ends what earlier failures to sign in have led to."""
    rights.require_admin(uow.actor(message.actor))
    wrong = people.wrong_in(message.roles, message.manages)
    if is_reserved(message.person):
        wrong["person"] = ["taken"]
    if message.password is not None and (reasons := password_rules.wrong_with(message.password, message.person)):
        wrong["password"] = reasons
    refuse(wrong)
    before = uow.people.get(message.person) or Person(person=message.person)
    after = before.revised(
        name=message.name, email=message.email, language=message.language, active=message.active,
        roles=tuple(sorted(set(message.roles))), manages=tuple(sorted(set(message.manages))),
    )
    keep(uow, uow.people, before, after)
    if message.password is not None:
        uow.people.set_password(message.person, passwords.hash(message.password), now)
        uow.note(f"secrets:{message.person}", password="set")
        uow.sign_ins.forget_person(message.person)
    return {"person": after.person, "version": after.version}


def choose_language(message, uow, now):
    before = uow.people.get(uow.actor(message.actor).person)
    after = before.revised(language=message.language)
    keep(uow, uow.people, before, after)
    return {"person": after.person, "version": after.version}


def set_leave(message, uow, now):
    """Name who decides for the actor while they are on leave, or end it. Raises InvalidInput."""
    actor = uow.actor(message.actor)
    before = uow.people.get(actor.person)
    leave = {"delegate": None, "away_from": None, "away_until": None}
    if message.delegate is not None:
        wrong = people.wrong_in_leave(message.starts_at, message.ends_at, now)
        refuse(wrong | people.wrong_in_delegate(actor, uow.people.active(message.delegate)))
        leave = {"delegate": message.delegate, "away_from": message.starts_at, "away_until": message.ends_at}
    after = before.revised(**leave)
    keep(uow, uow.people, before, after)
    return {"person": after.person, "version": after.version}


# tokens --------------------------------------------------------------------------------


def create_token(message, uow, now, secret):
    """The answer is without the secret, because answers are stored; ``shown_once`` adds it."""
    actor = uow.actor(message.actor)
    if not message.scopes:
        refuse({"scopes": ["required"]})
    refuse({"scopes": ["beyond_your_rights"]} if set(message.scopes) - rights.scopes_of(actor) else {})
    token = Token(
        token=str(uuid.uuid4()), person=actor.person, name=message.name,
        prefix=tokens.prefix_of(secret), hash=tokens.hash_of(secret), scopes=tuple(sorted(set(message.scopes))),
        created_at=now, expires_at=now + timedelta(days=message.days),
    )
    uow.tokens.add(token)
    uow.note(f"secrets:{actor.person}", token=token.token, name=token.name, scopes=list(token.scopes), revoked=False)
    return {
        "token": token.token, "name": token.name, "prefix": token.prefix, "scopes": list(token.scopes),
        "created_at": token.created_at, "expires_at": token.expires_at,
    }


def shown_once(answer, secret):
    """The answer to CreateToken with its secret; a repeated request gets it without."""
    return answer if answer.replayed else answer._replace(value=answer.value | {"secret": secret})


def revoke_token(message, uow, now):
    owner = uow.tokens.owner(message.token)
    if owner is None:
        raise NotFound
    rights.require_own(uow.actor(message.actor), owner)
    uow.tokens.revoke(message.token, now)
    uow.note(f"secrets:{owner}", token=message.token, revoked=True)
    return {"token": message.token}


def note_use(identity, store):
    """Remember that the token was used; at most once an hour, because a write costs more than the question."""
    if identity.pop("use_is_news"):
        store.run(lambda uow, now: uow.tokens.mark_used(identity["token"], now))
    return identity


# sign-in -------------------------------------------------------------------------------


def sign_in_person(message, store, passwords):
    """Who signs in with this name and password: the sign-in name.

    The slow hash is computed between two short transactions, so that it holds no row.
    Unknown and disabled people cost the same time and get the same words.

    Raises:
        Unauthenticated, TooManyRequests.
    """
    row, known_hash = store.run(partial(count_try, message=message, time_scale=store.time_scale))
    if not passwords.verify(known_hash, message.password):
        raise Unauthenticated("The name or the password is wrong.")
    renewed = passwords.renewed(known_hash, message.password)
    store.run(partial(settle_try, message=message, counted=row, former=known_hash, renewed=renewed))
    return message.name


def count_try(uow, now, message, time_scale):
    """Count it as failed before it is judged. Returns where it was counted, and the password's hash if there is one."""
    is_known = uow.sign_ins.is_known(message.name, message.address)
    place = (message.name, message.address if is_known else "")
    for person, address in (("", message.address), place):
        uow.sign_ins.save(sign_in.count(uow.sign_ins.get(person, address, now), now, time_scale))
    return place, uow.people.password_hash(message.name)


def settle_try(uow, now, message, counted, former, renewed):
    """It has succeeded: the failures in a row end here, and the address is known from now on."""
    uow.sign_ins.take_back(message.address)
    uow.sign_ins.forget(*counted)
    uow.sign_ins.save(sign_in.known(message.name, message.address, now))
    if renewed:
        uow.people.renew_hash(message.name, former, renewed)


def forget_tries(uow, now):
    return uow.sign_ins.forget_old(now)


# operators -----------------------------------------------------------------------------


def republish(uow, now):
    """Every person and team once more as a fact, in the present version, for readers that start afresh."""
    things = [*uow.people.all(), *uow.teams.all()]
    for thing in things:
        uow.record(thing.fact())
    return {"facts": len(things)}


# what the handlers share ---------------------------------------------------------------


def keep(uow, repository, before, after):
    """Store the next version and tell it; nothing when it is the same one."""
    if after is not before:
        repository.save(after)
        uow.record(after.fact())


def refuse(wrong):
    """Raises InvalidInput when any field is wrong."""
    if wrong:
        raise InvalidInput(errors=wrong)
