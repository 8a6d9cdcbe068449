"""The caller's own API tokens."""

from flask import Response, g, url_for

from services.contracts.commands import CreateToken, RevokeToken
from services.contracts.errors import NotAllowed
from services.portal.api import bodies, shapes
from services.portal.api.access import changes, reads
from services.portal.api.answers import ask, created, listed, send
from services.portal.api.reading import ApiBlueprint

blueprint = ApiBlueprint("tokens", __name__, description="The caller's own API tokens")


@blueprint.route("/tokens")
@reads
@blueprint.response(200, shapes.page(shapes.Token))
def tokens() -> Response:
    """The caller's tokens, without their secrets"""
    return listed(ask("accounts", "tokens"))


@blueprint.route("/tokens", methods=["POST"])
@changes("reserve", "manage")
@blueprint.arguments(bodies.TOKEN)
@blueprint.response(201, shapes.NewToken, headers=shapes.CREATED)
def create_token(body: dict) -> Response:
    """Make a token; its secret is shown in this answer only"""
    refuse_more_than_own(body["scopes"])
    return created(send(CreateToken, **body), url_for("tokens.tokens"))


@blueprint.route("/tokens/<identifier:token>", methods=["DELETE"])
@changes("reserve", "manage")
@blueprint.response(204)
@blueprint.alt_response(404, response="404")
def revoke_token(token: str) -> Response:
    """End a token at once"""
    send(RevokeToken, token=token)
    return Response(status=204)


def refuse_more_than_own(scopes: list[str]) -> None:
    """A token cannot make a stronger one. Raises NotAllowed."""
    if "scopes" in g and not g.scopes.issuperset(scopes):
        raise NotAllowed(reason="scope")
