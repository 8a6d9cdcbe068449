"""Trainings: what they are, who is qualified, who asks for one, and whose qualification ends."""

import uuid
from collections import defaultdict

from services.contracts import schemas
from services.contracts.errors import InvalidInput, NotAllowed, NotFound, StaleVersion
from services.facilities.domain import rights, rules
from services.facilities.domain.qualifications import (
    MOST_GRANTS,
    Grant,
    Holder,
    Qualification,
    Training,
    expiring,
    warning_due,
    wrong_in_grants,
)

BATCH = 100


def save_qualification(message, uow, now):
    """Create a training or change it. Raises NotAllowed, NotFound, StaleVersion, InvalidInput."""
    rights.require_base(uow.person(message.actor))
    known = uow.qualifications.get(message.qualification)
    if known is None and message.version is not None:
        raise NotFound
    if known is not None and message.version != known.version:
        raise StaleVersion(version=known.version)
    if wrong := rules.wrong_in_languages("names", message.names):
        raise InvalidInput(errors=wrong)
    before = known or Qualification(qualification=message.qualification)
    after = before.revised(message.names, message.active)
    if after is not before:
        uow.qualifications.save(after)
        uow.record(after.fact())
    return {"qualification": after.qualification, "version": after.version}


def grant_qualifications(message, uow, now):
    """Qualify people, all or none of the lines. Raises NotAllowed, InvalidInput with every line that is wrong."""
    actor = uow.person(message.actor)
    grants = read_grants(message.grants)
    known = set(uow.qualifications.codes())
    wrong = wrong_in_grants(grants, uow.people.known({grant.person for grant in grants}), known)
    if wrong:
        raise InvalidInput(errors=wrong)
    for qualification in sorted({grant.qualification for grant in grants}):
        rights.require_may_grant(actor, uow.facilities.requiring(qualification))
    by_person = defaultdict(list)
    for grant in grants:
        by_person[grant.person].append(grant)
    for person in sorted(by_person):
        keep_grants(person, by_person[person], uow, now)
    return {"grants": len(grants)}


def read_grants(lines):
    """Raises InvalidInput with every line that is malformed."""
    if not 0 < len(lines) <= MOST_GRANTS:
        raise InvalidInput(errors={"grants": ["too_many" if lines else "required"]})
    read, wrong = [], {}
    for number, line in enumerate(lines):
        try:
            read.append(schemas.load(Grant, line))
        except InvalidInput as refused:
            wrong |= {f"grants.{number}.{name}": words for name, words in refused.facts["errors"].items()}
    if wrong:
        raise InvalidInput(errors=wrong)
    return read


def keep_grants(person, grants, uow, now):
    before = uow.holders.get(person) or Holder(holder=person)
    after = before
    for grant in grants:
        after = after.with_grant(grant.qualification, grant.until)
    if after != before:
        after = Holder(holder=person, grants=after.grants, version=before.version + 1)
        uow.holders.save(after)
        uow.record(after.fact())


def request_training(message, uow, now):
    """Ask for a training; asking again while one waits changes nothing. Raises NotAllowed, InvalidInput."""
    person = uow.person(message.actor)
    if person is None or not person.active:
        raise NotAllowed
    qualification = uow.qualifications.get(message.qualification)
    wrong = {} if qualification and qualification.active else {"qualification": ["unknown"]}
    if message.facility is not None and uow.facilities.get(message.facility) is None:
        wrong["facility"] = ["unknown"]
    if wrong:
        raise InvalidInput(errors=wrong)
    training = uow.trainings.waiting(message.actor, message.qualification)
    if training is None:
        training = Training(
            training=str(uuid.uuid4()), person=message.actor, qualification=message.qualification,
            facility=message.facility, note=message.note, actor=message.actor,
        )
        uow.trainings.save(training, now)
        uow.record(training.fact(qualification.names))
    return {"training": training.training, "state": training.state}


def decide_training(message, uow, now):
    """Grant a training that was asked for, or refuse it. Raises NotFound, NotAllowed, WrongState, InvalidInput."""
    training = opened(message, uow)
    qualification = uow.qualifications.get(training.qualification)
    rights.require_may_grant(uow.person(message.actor), uow.facilities.requiring(training.qualification))
    if message.until is None and not message.reason.strip():
        raise InvalidInput(errors={"reason": ["required"]})
    if message.until is not None and message.until <= now:
        raise InvalidInput(errors={"until": ["in_the_past"]})
    settled = training.settled("granted" if message.until else "refused", message.actor, message.reason)
    if message.until:
        grant = Grant(person=training.person, qualification=training.qualification, until=message.until)
        keep_grants(training.person, [grant], uow, now)
    return settle(settled, qualification, uow, now)


def withdraw_training(message, uow, now):
    """Take the wish back. Raises NotFound (also for somebody else's), WrongState."""
    training = opened(message, uow)
    if training.person != message.actor:
        raise NotFound
    return settle(
        training.settled("withdrawn", message.actor), uow.qualifications.get(training.qualification), uow, now
    )


def opened(message, uow):
    training = uow.trainings.get(message.training)
    if training is None:
        raise NotFound
    return training


def settle(training, qualification, uow, now):
    uow.trainings.save(training, now)
    uow.record(training.fact(qualification.names))
    return {"training": training.training, "state": training.state}


def warn_of_expiry(uow, now):
    """Tell people whose qualifications end soon, or have ended, once for each step. Returns how many."""
    due = uow.holders.due_for_warning(now, BATCH)
    for holder, qualification, until, warned in due:
        days = warning_due(until, warned, now)
        uow.holders.warned(holder, qualification.qualification, days)
        uow.record(expiring(holder, qualification, until, days))
    return len(due)
