"""Trainings that facilities require: what there is, who has passed them until when, and asking for one."""

from flask import Response, url_for

from services.contracts.commands import (
    DecideTraining,
    GrantQualifications,
    RequestTraining,
    SaveQualification,
    WithdrawTraining,
)
from services.contracts.schemas import AwareInstant
from services.portal.api import filters, shapes
from services.portal.api.access import changes, reads
from services.portal.api.answers import answered, ask, created, listed, send
from services.portal.api.bodies import body_of
from services.portal.api.parts import Shape, in_languages, instant, maybe, one_of, text, texts, truth, whole
from services.portal.api.reading import ApiBlueprint

blueprint = ApiBlueprint("trainings", __name__, description="Trainings, who has passed them, and asking for one")

STATES = ("requested", "granted", "refused", "withdrawn")


class Qualification(Shape):
    """``held_until`` is the caller's own; ``decides`` tells whether the caller may grant it."""

    code = text()
    names = in_languages()
    active = truth()
    version = whole()
    facilities = texts()
    held_until = maybe(AwareInstant)
    decides = truth()


class Holder(Shape):
    person = text()
    qualification = text()
    until = instant()


class Training(Shape):
    id = text()
    person = text()
    qualification = text()
    facility = maybe()
    note = text()
    state = one_of(STATES)
    reason = text()
    decides = truth()


class SavedQualification(Shape):
    qualification = text()
    version = whole()


class Granted(Shape):
    grants = whole()


class TrainingStep(Shape):
    training = text()
    state = one_of(STATES)


class HoldersFilter(filters.Filter):
    qualification = filters.code()


class TrainingsFilter(filters.Filter):
    state = filters.choice(STATES)



@blueprint.route("/qualifications")
@reads
@blueprint.response(200, shapes.page(Qualification))
def qualifications() -> Response:
    """All trainings, with the caller's own"""
    return listed(ask("facilities", "qualifications"))


@blueprint.route("/qualifications", methods=["POST"])
@changes("manage")
@blueprint.arguments(body_of(SaveQualification))
@blueprint.response(201, SavedQualification, headers=shapes.CREATED)
@blueprint.alt_response(404, response="404")
@blueprint.alt_response(409, response="409")
def save_qualification(body: dict) -> Response:
    """Add a training, or change the one with this code (with the version that was read)"""
    return created(send(SaveQualification, **body), url_for("trainings.qualifications"))


@blueprint.route("/qualifications/holders")
@reads
@blueprint.arguments(HoldersFilter, location="query")
@blueprint.response(200, shapes.page(Holder))
def holders(wanted: dict) -> Response:
    """Who is qualified until when, for the trainings that the caller decides about"""
    return listed(ask("facilities", "holders", **wanted))


@blueprint.route("/qualifications/grants", methods=["POST"])
@changes("manage")
@blueprint.arguments(body_of(GrantQualifications))
@blueprint.response(200, Granted)
def grant_qualifications(body: dict) -> Response:
    """Qualify up to 500 people at once, all or none; until null takes a qualification away"""
    return answered(send(GrantQualifications, **body))


@blueprint.route("/trainings")
@reads
@blueprint.arguments(TrainingsFilter, location="query")
@blueprint.response(200, shapes.page(Training))
def trainings(wanted: dict) -> Response:
    """The caller's own wishes, and those that the caller decides about"""
    return listed(ask("facilities", "trainings", **wanted))


@blueprint.route("/trainings", methods=["POST"])
@changes("reserve")
@blueprint.arguments(body_of(RequestTraining))
@blueprint.response(201, TrainingStep, headers=shapes.CREATED)
def request_training(body: dict) -> Response:
    """Ask for a training; asking again while one waits is the same wish"""
    return created(send(RequestTraining, **body), url_for("trainings.trainings"))


@blueprint.route("/trainings/<identifier:training>/decide", methods=["POST"])
@changes("manage")
@blueprint.arguments(body_of(DecideTraining, without=("training",)))
@blueprint.response(200, TrainingStep)
@blueprint.alt_response(404, response="404")
@blueprint.alt_response(409, response="409")
def decide_training(body: dict, training: str) -> Response:
    """Qualify the person until an instant, or refuse with a reason"""
    return answered(send(DecideTraining, training=training, **body))


@blueprint.route("/trainings/<identifier:training>/withdraw", methods=["POST"])
@changes("reserve")
@blueprint.response(200, TrainingStep)
@blueprint.alt_response(404, response="404")
@blueprint.alt_response(409, response="409")
def withdraw_training(training: str) -> Response:
    """Take one's own wish back"""
    return answered(send(WithdrawTraining, training=training))
