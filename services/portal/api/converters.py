"""What may stand in an address: anything else is no address of ours."""

from flask import Flask
from werkzeug.routing import BaseConverter


class CodeConverter(BaseConverter):
    """The code of a facility or a team."""

    regex = r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}"


class IdentifierConverter(BaseConverter):
    """A UUID, kept as text."""

    regex = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"

    def to_python(self, value: str) -> str:
        return value.lower()


def code_shape(_converter: CodeConverter) -> dict[str, str]:
    return {"type": "string", "pattern": f"^{CodeConverter.regex}$"}


def identifier_shape(_converter: IdentifierConverter) -> dict[str, str]:
    return {"type": "string", "format": "uuid"}


SHAPES = {CodeConverter: code_shape, IdentifierConverter: identifier_shape}


def attach(app: Flask) -> None:
    app.url_map.converters |= {"code": CodeConverter, "identifier": IdentifierConverter}
