"""Saving a facility: decide by the rights and rules, keep the change, record the fact."""

from services.contracts import schemas
from services.contracts.errors import InvalidInput, NotFound, StaleVersion
from services.facilities.domain import opening_hours, requests, rights, rules
from services.facilities.domain.facility import Facility, Unit
from services.facilities.domain.opening_hours import DateException
from services.facilities.domain.requests import Choice, Question, Stage
from services.facilities.handlers.capacity import wrong_capacity


def save_facility(message, uow, now):
    """Create or change a facility. Raises NotAllowed, NotFound, StaleVersion, InvalidInput."""
    known = uow.facilities.get(message.facility)
    rights.require_may_save(uow.person(message.actor), message.facility, is_new=known is None)
    require_version(message.version, known)
    before = known or Facility(facility=message.facility)
    after = revised(before, message, knows_site=uow.sites.knows(message.site))
    if set(after.qualifications) - set(before.qualifications) - set(uow.qualifications.codes()):
        raise InvalidInput(errors={"qualifications": ["unknown"]})
    if after is not before:
        uow.facilities.save(after)
        uow.record(after.fact())
    return {"facility": after.facility, "version": after.version}


def require_version(version, known):
    """The version that was read is the present one; none is given for what is not there yet."""
    if known is None and version is not None:
        raise NotFound
    if known is not None and version != known.version:
        raise StaleVersion(version=known.version)


def revised(before, message, knows_site=True):
    """The facility as the command wants it. Raises InvalidInput with everything that is wrong."""
    after = before.revised(message)
    wrong = {
        **rules.wrong_with(after),
        **(wrong_in_shape(after.units) or rules.wrong_in_units(after.units)),
        **wrong_in_exceptions(after.date_exceptions),
        **(wrong_in_shape_of_questions(after.questions) or requests.wrong_in_questions(after.questions)),
        **(wrong_in_shape(after.stages, Stage, "stages") or requests.wrong_in_stages(after)),
    }
    if not knows_site:
        wrong["site"] = ["unknown"]
    wrong |= wrong_capacity(after)
    if wrong:
        raise InvalidInput(errors=wrong)
    return after


def wrong_in_exceptions(exceptions):
    return wrong_in_shape(exceptions, DateException, "date_exceptions") or opening_hours.wrong_in_exceptions(exceptions)


def wrong_in_shape_of_questions(questions):
    wrong = wrong_in_shape(questions, Question, "questions")
    for number, question in enumerate(() if wrong else questions):
        wrong |= wrong_in_shape(question.get("choices") or (), Choice, f"questions.{number}.choices")
    return wrong


def wrong_in_shape(entries, kind=Unit, field="units"):
    """The contract leaves lists of dictionaries open; here each is held against its own fields."""
    wrong = {}
    for number, entry in enumerate(entries):
        try:
            schemas.load(kind, entry)
        except InvalidInput as refused:
            wrong |= {f"{field}.{number}.{name}": words for name, words in refused.facts["errors"].items()}
    return wrong


def republish(uow, now):
    """Everything once more as facts, in the present versions, for readers that start afresh."""
    subjects = (uow.sites, uow.facilities, uow.qualifications, uow.holders, uow.quotas)
    found = [each for subject in subjects for each in subject.all()]
    facts = [*(each.fact() for each in found), *(each.fact(each.actor) for each in uow.interruptions.all())]
    for fact in facts:
        uow.record(fact)
    return {"facts": len(facts)}
