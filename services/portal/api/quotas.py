"""How much may be reserved, and how much of it has been used."""

from flask import Response, url_for

from services.contracts.commands import SaveQuota
from services.portal.api import bodies, filters, quota_shapes, shapes
from services.portal.api.access import changes, reads
from services.portal.api.answers import ask, created, listed, send
from services.portal.api.reading import ApiBlueprint

blueprint = ApiBlueprint("quotas", __name__, description="How much may be reserved, and what is left of it")


@blueprint.route("/quotas")
@reads
@blueprint.response(200, shapes.page(quota_shapes.Quota))
def quotas() -> Response:
    """All quotas, for base management"""
    return listed(ask("facilities", "quotas"))


@blueprint.route("/quotas/usage")
@reads
@blueprint.arguments(filters.QuotaUsageFilter, location="query")
@blueprint.response(200, shapes.page(quota_shapes.QuotaUsage))
@blueprint.alt_response(404, response="404")
def quota_usage(wanted: dict) -> Response:
    """What binds the caller's teams, or one of them, and what is used and left

    Minutes are weighted: off-peak time counts a part. Give `at` for another week and month than this one.
    """
    return listed(ask("booking", "quota_usage", **wanted))


@blueprint.route("/quotas", methods=["POST"])
@changes("manage")
@blueprint.arguments(bodies.QUOTA)
@blueprint.response(201, quota_shapes.SavedQuota, headers=shapes.CREATED)
@blueprint.alt_response(404, response="404")
@blueprint.alt_response(409, response="409")
def save_quota(body: dict) -> Response:
    """Create a quota, or change the one with this code

    To change one, send all of its fields with the `version` that was read.
    """
    return created(send(SaveQuota, **body), url_for("quotas.quotas"))
