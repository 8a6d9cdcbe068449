"""What is taken and what is free, over all facilities."""

from datetime import UTC, datetime, timedelta

from flask import Response

from services.contracts.errors import InvalidInput
from services.portal.api import filters, offer_shapes, shapes
from services.portal.api.access import reads
from services.portal.api.answers import answered, ask, listed
from services.portal.api.reading import ApiBlueprint
from services.portal.errors import broken

blueprint = ApiBlueprint("board", __name__, description="What is taken and what is free")

USUAL_WINDOW = timedelta(days=14)


@blueprint.route("/board")
@reads
@blueprint.arguments(filters.BoardFilter, location="query")
@blueprint.response(200, shapes.Board)
def board(wanted: dict) -> Response:
    """All facilities with what is taken; others' time shows as taken and no more"""
    return answered(ask("booking", "board", **wanted))


@blueprint.route("/free-slots")
@reads
@blueprint.arguments(filters.FreeSlotsFilter, location="query")
@blueprint.response(200, shapes.page(shapes.Alternative))
def free_slots(wanted: dict) -> Response:
    """The first free times of a length, at a facility or a kind; two weeks from now unless said otherwise"""
    return listed(ask("booking", "free_slots", **with_window(wanted)))


@blueprint.route("/find-times")
@reads
@blueprint.arguments(filters.FindTimesFilter, location="query")
@blueprint.response(200, offer_shapes.Times)
def find_times(wanted: dict) -> Response:
    """The best times for a team by all rules of use; where there are none, what stands in the way"""
    found = ask("booking", "find_times", **with_window(wanted))
    return answered(found | {"in_the_way": [each | {"violations": broken(each["violations"])}
                                            for each in found["in_the_way"]]})


def with_window(wanted: dict) -> dict:
    """Both ends of the window. Raises InvalidInput when the one given leaves no room for the other."""
    starts_at = datetime.fromisoformat(wanted["starts_at"]) if "starts_at" in wanted else datetime.now(UTC)
    ends_at = datetime.fromisoformat(wanted["ends_at"]) if "ends_at" in wanted else starts_at + USUAL_WINDOW
    if not timedelta() < ends_at - starts_at <= filters.LONGEST_WINDOW:
        raise InvalidInput(errors={"to": ["out_of_range"]})
    return wanted | {"starts_at": starts_at.isoformat(), "ends_at": ends_at.isoformat()}
