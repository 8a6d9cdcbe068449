"""Bodies and queries, read strictly: what is not known is refused, and all that is wrong is told at once."""

import json
from typing import Any, NoReturn

import marshmallow as ma
from flask import Request
from flask_smorest import Blueprint
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import UnsupportedMediaType

from services.contracts.errors import InvalidInput
from services.contracts.messaging import encoding
from services.contracts.schemas import flat
from services.portal.errors import Malformed


def refuse_repeated_names(pairs: list[tuple[str, Any]]) -> None:
    """Of two values under one name each reader may take another. Raises ValueError."""
    if len(pairs) > len({name for name, _value in pairs}):
        raise ValueError("a name stands twice in one object")


class StrictParser(FlaskParser):
    """Raises InvalidInput with the field's words, Malformed for a body that is no JSON."""

    DEFAULT_UNKNOWN_BY_LOCATION = {"json": ma.RAISE, "query": ma.RAISE}

    def load_json(self, request: Request, _schema: ma.Schema) -> Any:
        """The body. None at all is an empty one: many commands need nothing more."""
        body = request.get_data()
        if not body:
            return {}
        if request.mimetype != "application/json":
            raise UnsupportedMediaType
        try:
            json.loads(body, object_pairs_hook=refuse_repeated_names)
            return encoding.loads(body)
        except (ValueError, RecursionError) as error:
            raise Malformed(reason="not_json", errors={"body": ["not_json"]}) from error

    def handle_error(self, error: ma.ValidationError, *_args: Any, **_options: Any) -> NoReturn:
        (messages,) = error.messages.values()  # they come under the place where they were found
        raise InvalidInput(errors=flat(messages)) from error


class ApiBlueprint(Blueprint):
    ARGUMENTS_PARSER = StrictParser()
