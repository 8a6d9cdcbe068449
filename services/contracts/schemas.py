"""One marshmallow schema per command and event, derived from its dataclass.

Writing a schema by hand beside each dataclass would say everything twice; the annotations
of ``commands/`` and ``events/`` are the one source. ``load`` raises InvalidInput with
*every* field that is wrong. The words under a field are stable: the portal translates them.
"""

import re
import types
import typing
from dataclasses import MISSING, fields
from datetime import UTC, datetime
from functools import cache
from typing import Any, TypeVar

import marshmallow as ma

from services.contracts import commands, events
from services.contracts.errors import InvalidInput
from services.contracts.values import Between, OneOf, Pattern, Text

T = TypeVar("T")

# C0, DEL and C1 controls, and lone surrogates: no text that a person means to write has them.
# The second form allows line breaks and tabs.
FORBIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029]")
FORBIDDEN_IN_PARAGRAPH = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


class StrictText(ma.fields.String):
    """A text; numbers and lists are refused rather than turned into one."""

    default_error_messages = {"invalid": "not_a_text", "required": "required", "null": "required"}


class WholeNumber(ma.fields.Integer):
    """A whole number; ``"3"``, ``3.0`` and ``true`` are refused."""

    default_error_messages = {"invalid": "not_a_number", "required": "required", "null": "required"}

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> int:
        if type(value) is not int:
            raise self.make_error("invalid")
        return value


class Truth(ma.fields.Boolean):
    """true or false, nothing that merely looks like it."""

    default_error_messages = {"invalid": "not_a_boolean", "required": "required", "null": "required"}
    truthy = {True}
    falsy = {False}


class AwareInstant(ma.fields.Field):
    """An ISO 8601 time with an offset, kept as UTC; the years 2000 to 2100."""

    default_error_messages = {
        "invalid": "not_a_time",
        "naive": "naive_time",
        "range": "out_of_range",
        "required": "required",
        "null": "required",
    }

    def _serialize(self, value: datetime, attr: Any, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else value.astimezone(UTC).isoformat()

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> datetime:
        try:
            instant = value if isinstance(value, datetime) else datetime.fromisoformat(value)
        except (TypeError, ValueError) as error:
            raise self.make_error("invalid") from error
        if instant.tzinfo is None:
            raise self.make_error("naive")
        if not 2000 < instant.year < 2100:
            raise self.make_error("range")
        return instant.astimezone(UTC)


def check_text(limit: Text) -> Any:
    forbidden = FORBIDDEN_IN_PARAGRAPH if limit.lines else FORBIDDEN

    def check(value: str) -> None:
        if forbidden.search(value):
            raise ma.ValidationError("control_characters")
        if len(value) > limit.longest:
            raise ma.ValidationError("too_long")
        if len(value.strip()) < limit.shortest:
            raise ma.ValidationError("required" if limit.shortest == 1 else "too_short")

    return check


def check_pattern(limit: Pattern) -> Any:
    expression = re.compile(limit.expression)

    def check(value: str) -> None:
        if not expression.fullmatch(value):
            raise ma.ValidationError("malformed")

    return check


def check_of(limit: Any) -> Any:
    """The check that one limit of ``values.py`` stands for."""
    if isinstance(limit, Text):
        return check_text(limit)
    if isinstance(limit, Pattern):
        return check_pattern(limit)
    if isinstance(limit, OneOf):
        return ma.validate.OneOf(limit.choices, error="unknown_choice")
    if isinstance(limit, Between):
        return ma.validate.Range(limit.least, limit.greatest, error="out_of_range")
    raise TypeError(f"no check for {limit!r}")


SIMPLE = {str: StrictText, int: WholeNumber, bool: Truth, datetime: AwareInstant}


def field_of(annotation: Any, **options: Any) -> ma.fields.Field:
    """The marshmallow field for a type annotation."""
    origin = typing.get_origin(annotation)
    if origin is typing.Annotated:
        inner, *limits = typing.get_args(annotation)
        checks = [check_of(limit) for limit in limits]
        return field_of(inner, validate=checks, **options)
    if origin in (types.UnionType, typing.Union):
        inner = next(part for part in typing.get_args(annotation) if part is not type(None))
        return field_of(inner, allow_none=True, **options)
    if origin is list:
        return ma.fields.List(
            field_of(typing.get_args(annotation)[0]), error_messages=WORDS | {"invalid": "not_a_list"}, **options
        )
    if origin is dict:
        key, value = typing.get_args(annotation)
        values = None if value is Any else field_of(value)
        return ma.fields.Dict(
            keys=field_of(key), values=values, error_messages=WORDS | {"invalid": "not_an_object"}, **options
        )
    return SIMPLE[annotation](**options)


WORDS = {"required": "required", "null": "required"}


class StrictSchema(ma.Schema):
    """Unknown fields are refused, so that a misspelt one is not silently lost."""

    class Meta:
        unknown = ma.RAISE

    error_messages = {"unknown": "unknown_field", "type": "not_an_object"}


@cache
def schema_of(kind: type) -> ma.Schema:
    """The schema of a dataclass; a field with a default may be left out, or null if it is None."""
    hints = typing.get_type_hints(kind, include_extras=True)
    described = {}
    for item in fields(kind):
        optional = item.default is not MISSING or item.default_factory is not MISSING
        described[item.name] = field_of(hints[item.name], required=not optional)
    return type(f"{kind.__name__}Schema", (StrictSchema,), described)()


def load(kind: type[T], data: Any) -> T:
    """Build a command or event from plain JSON values.

    Raises:
        InvalidInput: with ``errors``: {field: [word, ...]}, all fields at once.
    """
    try:
        return kind(**schema_of(kind).load(data))
    except ma.ValidationError as error:
        raise InvalidInput(errors=flat(error.normalized_messages())) from error


def flat(messages: Any, name: str = "") -> dict[str, list[str]]:
    """Field errors without nesting: {"units.0.code": [...]}."""
    if isinstance(messages, list):
        return {name or "body": messages}
    found: dict[str, list[str]] = {}
    for key, inner in messages.items():
        part = "body" if key == "_schema" else str(key)
        found |= flat(inner, f"{name}.{part}" if name else part)
    return found


def dump(message: Any) -> dict[str, Any]:
    """The plain JSON values of a command or event."""
    return schema_of(type(message)).dump(message)


def family(module: types.ModuleType, base: type) -> dict[str, type]:
    """The concrete classes of a module by name: those that nothing in it derives from."""
    kinds = [kind for kind in vars(module).values() if isinstance(kind, type) and issubclass(kind, base)]
    return {kind.__name__: kind for kind in kinds if not kind.__subclasses__()}


COMMANDS: dict[str, type[commands.Command]] = family(commands, commands.Command)
EVENTS: dict[str, type[events.Event]] = family(events, events.Event)
