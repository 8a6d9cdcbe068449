"""Programs that are told of reservations, for those who manage the base."""

from flask import Response, url_for

from services.contracts.commands import AddWebhook, ReplayWebhook, RotateWebhookSecret, SwitchWebhook
from services.portal.api import bodies, filters, message_shapes, shapes
from services.portal.api.access import changes, reads
from services.portal.api.answers import answered, ask, created, listed, send
from services.portal.api.reading import ApiBlueprint

blueprint = ApiBlueprint("webhooks", __name__, description="Programs that are told of reservations")

ONE = "/webhooks/<identifier:webhook>"


@blueprint.route("/webhooks")
@reads
@blueprint.response(200, shapes.page(message_shapes.Webhook))
def webhooks() -> Response:
    """All webhooks, without their secrets"""
    return listed(ask("notify", "webhooks"))


@blueprint.route("/webhooks", methods=["POST"])
@changes("manage")
@blueprint.arguments(bodies.WEBHOOK)
@blueprint.response(201, message_shapes.WebhookSecret, headers=shapes.CREATED)
def add_webhook(body: dict) -> Response:
    """Tell a program of the reservations of a team, or of all; its secret is shown in this answer only"""
    made = send(AddWebhook, **body)
    return created(made, url_for("webhooks.webhook", webhook=made["webhook"]))


@blueprint.route(ONE)
@reads
@blueprint.response(200, message_shapes.Webhook)
@blueprint.alt_response(404, response="404")
def webhook(webhook: str) -> Response:
    """One webhook"""
    return answered(ask("notify", "webhook", webhook=webhook))


@blueprint.route(f"{ONE}/deliveries")
@reads
@blueprint.arguments(filters.WebhookDeliveriesFilter, location="query")
@blueprint.response(200, shapes.page(message_shapes.WebhookDelivery))
def webhook_deliveries(wanted: dict, webhook: str) -> Response:
    """What it was told lately, with every try"""
    return listed(ask("notify", "webhook_deliveries", webhook=webhook, **wanted))


@blueprint.route(f"{ONE}/enable", methods=["POST"])
@changes("manage")
@blueprint.response(200, message_shapes.WebhookState)
@blueprint.alt_response(404, response="404")
def enable_webhook(webhook: str) -> Response:
    """Tell it again, from now on"""
    return answered(send(SwitchWebhook, webhook=webhook, active=True))


@blueprint.route(f"{ONE}/disable", methods=["POST"])
@changes("manage")
@blueprint.response(200, message_shapes.WebhookState)
@blueprint.alt_response(404, response="404")
def disable_webhook(webhook: str) -> Response:
    """Tell it nothing more"""
    return answered(send(SwitchWebhook, webhook=webhook, active=False))


@blueprint.route(f"{ONE}/rotate", methods=["POST"])
@changes("manage")
@blueprint.response(200, message_shapes.WebhookSecret)
@blueprint.alt_response(404, response="404")
def rotate_webhook_secret(webhook: str) -> Response:
    """Make a new secret; for a day messages are signed with the former one as well"""
    return answered(send(RotateWebhookSecret, webhook=webhook))


@blueprint.route(f"{ONE}/replay", methods=["POST"])
@changes("manage")
@blueprint.arguments(bodies.REPLAY, required=False)
@blueprint.response(200, message_shapes.Replayed)
@blueprint.alt_response(404, response="404")
@blueprint.alt_response(409, response="409")
def replay_webhook(body: dict, webhook: str) -> Response:
    """Send one delivery again, or all that could not be delivered"""
    return answered(send(ReplayWebhook, webhook=webhook, **body))
