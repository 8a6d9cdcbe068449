"""The API's own description as a source of requests, and as a judge of answers."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hypothesis import strategies as st

HOSTILE = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=30),
    st.sampled_from(["", " ", "\x00", "a\r\nBcc: all@example.com", "\u202e", "%00", "'; --", "{{7*7}}"]),
    st.sampled_from(["x" * 300, "测" * 100]),
    st.sampled_from(["2026-02-30T00:00:00Z", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "NaN"]),
    st.lists(st.integers() | st.text(max_size=3) | st.just({}), max_size=3),
    st.dictionaries(st.text(max_size=5), st.none() | st.text(max_size=5) | st.integers(), max_size=3),
)


@dataclass(frozen=True)
class Operation:
    """One method of one path."""

    method: str
    path: str
    described: dict[str, Any]
    parameters: tuple[dict[str, Any], ...]

    def __str__(self) -> str:
        return f"{self.method} {self.path.removeprefix('/api/v1/')}"

    @property
    def body(self) -> dict[str, Any] | None:
        content = self.described.get("requestBody", {}).get("content", {})
        return content["application/json"]["schema"] if content else None


class Description:
    """The document at /api/openapi.json."""

    def __init__(self, document: dict[str, Any]):
        self.document = document

    def operations(self) -> list[Operation]:
        return [
            Operation(
                method.upper(), path, described,
                tuple(self.at(each) for each in (*methods.get("parameters", ()), *described.get("parameters", ()))),
            )
            for path, methods in self.document["paths"].items()
            for method, described in methods.items()
            if method != "parameters"
        ]  # fmt: skip

    def at(self, part: dict[str, Any]) -> dict[str, Any]:
        """The part itself, also where only a reference stands."""
        while "$ref" in part:
            found: Any = self.document
            for name in part["$ref"].removeprefix("#/").split("/"):
                found = found[name]
            part = found
        return part

    # Requests ---------------------------------------------------------------------------

    def values(self, schema: dict[str, Any], known: dict[str, list[Any]], name: str = "") -> st.SearchStrategy[Any]:
        """What the schema allows, and mostly one of the ``known`` values of a field of that name."""
        schema = self.at(schema)
        if "enum" in schema:
            return st.sampled_from(schema["enum"])
        plain = self.plain(schema, known)
        return st.sampled_from(known[name]) | plain if name in known else plain

    def plain(self, schema: dict[str, Any], known: dict[str, list[Any]]) -> st.SearchStrategy[Any]:
        kind = schema.get("type")
        if kind == "object":
            return self.objects(schema, known)
        if kind == "array":
            return st.lists(self.values(schema["items"], known), max_size=8)
        if kind == "integer":
            return st.integers(schema.get("minimum", -(2**31)), schema.get("maximum", 2**31))
        if kind == "string":
            return self.texts(schema)
        return {"boolean": st.booleans(), "number": st.floats(allow_nan=False)}.get(kind, HOSTILE)

    def texts(self, schema: dict[str, Any]) -> st.SearchStrategy[str]:
        if "pattern" in schema:
            return st.from_regex(schema["pattern"], fullmatch=True)
        if schema.get("format") == "date-time":
            return st.datetimes(timezones=st.timezones()).map(datetime.isoformat)
        if schema.get("format") == "uuid":
            return st.uuids().map(str)
        return st.text(min_size=schema.get("minLength", 0), max_size=min(schema.get("maxLength", 40), 40))

    def objects(self, schema: dict[str, Any], known: dict[str, list[Any]]) -> st.SearchStrategy[dict[str, Any]]:
        fields = schema.get("properties")
        if fields is None:
            inner = schema.get("additionalProperties") or {}
            return st.dictionaries(st.sampled_from(["zh-Hans", "en", "code", "names"]) | st.text(max_size=5),
                                   self.values(inner, known), max_size=4)  # fmt: skip
        needed = set(schema.get("required", ()))
        made = {name: self.values(inner, known, name) for name, inner in fields.items()}
        return st.fixed_dictionaries(
            {name: made[name] for name in fields if name in needed},
            optional={name: made[name] for name in fields if name not in needed},
        )

    # Answers ----------------------------------------------------------------------------

    def check(self, operation: Operation, response: Any) -> None:
        """Raises AssertionError for a status that is not named, another kind of content, or a field out of shape."""
        named = operation.described["responses"].get(str(response.status_code))
        assert named is not None, f"{operation}: {response.status_code} is not described: {response.text[:300]}"
        content = self.at(named).get("content")
        if not content:
            assert not response.content
            return
        kind = response.headers["content-type"].partition(";")[0]
        assert kind in content, f"{operation}: {kind} for {response.status_code}"
        if kind == "application/octet-stream":
            return
        self.check_value(content[kind]["schema"], response.json(), f"{operation} {response.status_code}")

    def check_value(self, schema: dict[str, Any], value: Any, where: str) -> None:
        schema = self.at(schema)
        for part in schema.get("allOf", ()):
            self.check_value(part, value, where)
        if value is None:
            assert schema.get("nullable") or "type" not in schema, f"{where}: null"
            return
        assert "enum" not in schema or value in schema["enum"], f"{where}: {value!r}"
        kind = schema.get("type")
        types = {"object": dict, "array": list, "string": str, "integer": int, "number": (int, float), "boolean": bool}
        assert kind is None or isinstance(value, types[kind]), f"{where}: {value!r} is no {kind}"
        if kind == "string" and schema.get("format") == "date-time":
            assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", value), f"{where}: {value}"
        for index, item in enumerate(value if kind == "array" else ()):
            self.check_value(schema["items"], item, f"{where}[{index}]")
        if kind == "object":
            self.check_fields(schema, value, where)

    def check_fields(self, schema: dict[str, Any], value: dict[str, Any], where: str) -> None:
        fields = schema.get("properties", {})
        assert set(schema.get("required", ())) <= set(value), f"{where}: {value} lacks a field"
        for name, inner in value.items():
            if isinstance(shape := fields.get(name, schema.get("additionalProperties")), dict):
                self.check_value(shape, inner, f"{where}.{name}")
