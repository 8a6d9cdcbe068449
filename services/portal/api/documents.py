"""The API's description (OpenAPI 3 at /api/openapi.json) and the page that shows it (/api/docs)."""

from http import HTTPStatus
from typing import Any

from apispec.ext.marshmallow import MarshmallowPlugin
from flask import Blueprint, Flask, Response, current_app, render_template
from flask_smorest import Api
from flask_smorest.utils import prepare_response

from services.contracts.messaging import encoding
from services.contracts.schemas import AwareInstant
from services.portal.api import converters, shapes

PROBLEM = "application/problem+json"

blueprint = Blueprint(
    "documents", __name__, url_prefix="/api", template_folder="templates", static_folder="files",
    static_url_path="/docs/files",
)


class Description(Api):
    """flask-smorest with our errors: they are answered in errors.py, and only described here."""

    ERROR_SCHEMA = shapes.Problem

    def _register_error_handlers(self) -> None:
        """None: one place answers all errors, of pages too."""

    def _register_responses(self) -> None:
        """Each error under its number, and under the name by which flask-smorest points at it."""
        for status in HTTPStatus:
            if status >= 400:
                self.describe(str(status.value), status.phrase)
                self.describe(status.name, status.phrase)
        self.describe("DEFAULT_ERROR", "Any other refusal")

    def describe(self, name: str, description: str) -> None:
        response = {"description": description, "schema": self.ERROR_SCHEMA}
        prepare_response(response, self.spec, PROBLEM)
        self.spec.components.response(name, response, lazy=True)


def description(app: Flask) -> Description:
    app.config.update(API_TITLE="Pilot base booking", API_VERSION="v1", OPENAPI_VERSION="3.0.3")
    plugin = MarshmallowPlugin(schema_name_resolver=name_of)
    api = Description(spec_kwargs={"marshmallow_plugin": plugin, "info": {"description": INTRODUCTION}})
    api.register_field(AwareInstant, "string", "date-time")
    for kind, shape in converters.SHAPES.items():
        api.register_converter(kind, shape)
    api.init_app(app)
    components = api.spec.components
    components.security_scheme("token", {"type": "http", "scheme": "bearer"})
    cookie = app.config["SESSION_ID_COOKIE"]
    components.security_scheme("session", {"type": "apiKey", "in": "cookie", "name": cookie})
    components.security_scheme("csrf", {"type": "apiKey", "in": "header", "name": "X-CSRF-Token"})
    components.parameter("IdempotencyKey", "header", IDEMPOTENCY_KEY)
    return api


def name_of(schema: Any) -> str:
    kind = schema if isinstance(schema, type) else type(schema)
    return kind.__name__


INTRODUCTION = """Times are ISO 8601 with an offset. A field that may be left out may be null.
Unknown fields are refused. Errors are application/problem+json in the language of
Accept-Language (zh-Hans, en)."""

IDEMPOTENCY_KEY: dict[str, Any] = {
    "name": "Idempotency-Key",
    "description": (
        "Names this change. The same key with the same body gets the first answer again (with the header "
        "Idempotency-Replayed: true) for 7 days; with another body 422 request_key_reused. Left out, the server "
        "makes one and returns it in the header of the same name: send your own to repeat safely."
    ),
    "required": False,
    "schema": {"type": "string", "pattern": "^[\\x21-\\x7e]{1,255}$"},
}


@blueprint.get("/openapi.json")
def openapi() -> Response:
    return Response(current_app.extensions["openapi"], mimetype="application/json")


@blueprint.get("/docs")
def docs() -> str:
    return render_template("api_docs.html")


def attach(app: Flask, api: Description) -> None:
    app.extensions["openapi"] = encoding.dumps(api.spec.to_dict())
    app.register_blueprint(blueprint)
