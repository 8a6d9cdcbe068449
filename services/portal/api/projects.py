"""Projects: the product technologies that teams mature, their priority, and their way over the base."""

from flask import Response, url_for

from services.contracts.commands import SaveProject, SetPriority
from services.contracts.commands.accounts import PRIORITIES, STAGES
from services.portal.api import filters, shapes
from services.portal.api.access import changes, reads
from services.portal.api.answers import answered, ask, created, listed, send
from services.portal.api.bodies import body_of
from services.portal.api.parts import Shape, many, one_of, text, whole
from services.portal.api.reading import ApiBlueprint

blueprint = ApiBlueprint("projects", __name__, description="What teams mature, its priority, its way over the base")


class ProjectOfTeam(Shape):
    code = text()
    name = text()
    team = text()
    team_name = text()
    stage = one_of(STAGES)
    priority = one_of(PRIORITIES)
    priority_reason = text()


class Journey(Shape):
    """A project with its reservations in order of time."""

    code = text()
    name = text()
    team = text()
    stations = many(shapes.Reservation)


class SavedProject(Shape):
    team = text()
    project = text()
    version = whole()


class ProjectsFilter(filters.Filter):
    team = filters.code()


@blueprint.route("/projects")
@reads
@blueprint.arguments(ProjectsFilter, location="query")
@blueprint.response(200, shapes.page(ProjectOfTeam))
@blueprint.alt_response(404, response="404")
def projects(wanted: dict) -> Response:
    """The projects of a team, or of all teams that the caller may see"""
    return listed(ask("accounts", "projects", **wanted))


@blueprint.route("/projects", methods=["POST"])
@changes("reserve", "manage")
@blueprint.arguments(body_of(SaveProject))
@blueprint.response(201, SavedProject, headers=shapes.CREATED)
@blueprint.alt_response(404, response="404")
@blueprint.alt_response(409, response="409")
def save_project(body: dict) -> Response:
    """Add a project to a team that the caller leads, or change the one with this code"""
    step = send(SaveProject, **body)
    return created(step, url_for("projects.journey", team=step["team"], project=step["project"]))


@blueprint.route("/teams/<code:team>/projects/<code:project>")
@reads
@blueprint.response(200, Journey)
@blueprint.alt_response(404, response="404")
def journey(team: str, project: str) -> Response:
    """A project and its way over lines, labs and platforms"""
    return answered(ask("booking", "journey", team=team, project=project))


@blueprint.route("/teams/<code:team>/projects/<code:project>/priority", methods=["POST"])
@changes("manage")
@blueprint.arguments(body_of(SetPriority, without=("team", "project")))
@blueprint.response(200, SavedProject)
@blueprint.alt_response(404, response="404")
@blueprint.alt_response(409, response="409")
def set_priority(body: dict, team: str, project: str) -> Response:
    """Put a project into a class of priority, with a reason"""
    return answered(send(SetPriority, team=team, project=project, **body))
