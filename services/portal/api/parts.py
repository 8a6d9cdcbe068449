"""The kinds of field from which the answers' shapes are made, and the shape of a list."""

from functools import cache

import marshmallow as ma
from marshmallow import fields

from services.contracts.schemas import AwareInstant


def text() -> fields.String:
    return fields.String(required=True)


def maybe(kind: type[fields.Field] = fields.String) -> fields.Field:
    return kind(required=True, allow_none=True)


def instant() -> AwareInstant:
    return AwareInstant(required=True)


def whole() -> fields.Integer:
    return fields.Integer(required=True)


def truth() -> fields.Boolean:
    return fields.Boolean(required=True)


def texts() -> fields.List:
    return fields.List(fields.String(), required=True)


def many(shape: type[ma.Schema]) -> fields.List:
    return fields.List(fields.Nested(shape), required=True)


def one_of(choices: tuple[str, ...]) -> fields.String:
    return fields.String(required=True, validate=ma.validate.OneOf(choices))


def in_languages() -> fields.Dict:
    return fields.Dict(keys=fields.String(), values=fields.String(), required=True)


def record() -> fields.Dict:
    """An object whose fields the command describes."""
    return fields.Dict(required=True)


def records() -> fields.List:
    return fields.List(fields.Dict(), required=True)


class Shape(ma.Schema):
    class Meta:
        unknown = ma.INCLUDE


@cache
def page(shape: type[Shape]) -> type[Shape]:
    """A list's answer; without a next_cursor it is complete."""
    return type(f"{shape.__name__}Page", (Shape,), {"items": many(shape), "next_cursor": maybe()})
