"""Every contract round-trips, and every wrong field is told at once."""

import dataclasses
import re
import types
import typing
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.contracts import commands, events, schemas
from services.contracts.errors import BY_CODE, InvalidInput, Refusal, Unavailable
from services.contracts.messaging import encoding
from services.contracts.messaging.envelope import Envelope, Undecodable
from services.contracts.values import Between, OneOf, Pattern, Text

FIRST = datetime(2001, 1, 2, tzinfo=timezone(timedelta(hours=8)))
NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
READABLE = st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp", "Zs"))


def texts(limit):
    if isinstance(limit, OneOf):
        return st.sampled_from(limit.choices)
    if isinstance(limit, Pattern):
        return st.from_regex(re.compile(limit.expression), fullmatch=True)
    return st.text(READABLE, min_size=limit.shortest, max_size=min(limit.longest, 20))


def values(annotation):
    """Values that an annotation of commands/ or events/ allows."""
    origin, inner = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        limit = inner[1]
        return st.integers(limit.least, limit.greatest) if isinstance(limit, Between) else texts(limit)
    if origin in (types.UnionType, typing.Union):
        return st.none() | values(next(part for part in inner if part is not type(None)))
    if origin is list:
        return st.lists(values(inner[0]), max_size=3)
    if origin is dict:
        return st.dictionaries(values(inner[0]), values(int if inner[1] is typing.Any else inner[1]), max_size=3)
    return {
        str: texts(Text(60)),
        int: st.integers(-(2**31), 2**31),
        bool: st.booleans(),
        datetime: st.integers(1, 10**9).map(lambda minutes: FIRST + timedelta(seconds=minutes)),
    }[annotation]


def messages(kind):
    hints = typing.get_type_hints(kind, include_extras=True)
    return st.builds(kind, **{item.name: values(hints[item.name]) for item in dataclasses.fields(kind)})


ALL = [*schemas.COMMANDS.values(), *schemas.EVENTS.values()]


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.__name__)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_every_contract_round_trips_through_json(kind, data):
    message = data.draw(messages(kind))
    assert schemas.load(kind, encoding.loads(encoding.dumps(schemas.dump(message)))) == message


@pytest.mark.parametrize("kind", schemas.EVENTS.values(), ids=lambda kind: kind.__name__)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_every_event_survives_its_envelope(kind, data):
    event = data.draw(messages(kind))
    envelope = Envelope.from_bytes(Envelope.around(event, NOW).to_bytes())
    assert envelope.event() == event
    assert (envelope.aggregate_id, envelope.aggregate_version) == (event.aggregate_id, event.version)


def test_fields_of_a_newer_sender_are_let_go_and_foreign_versions_are_not():
    event = events.PersonChanged(
        version=1, person="li", name="李", email="a@b.example", language="en", active=True, roles=[], manages=[]
    )
    envelope = Envelope.around(event, NOW)
    newer = dataclasses.replace(envelope, data=envelope.data | {"shoe_size": 42})
    assert newer.event() == event
    with pytest.raises(Undecodable):
        dataclasses.replace(envelope, schema_version=2).event()


GOOD = {
    "actor": "lead01",
    "request_key": "k",
    "facility": "LAB-1",
    "team": "team-01",
    "purpose": "老化试验",
    "starts_at": "2026-11-24T08:00+08:00",
    "ends_at": "2026-11-24T10:00+08:00",
}


@pytest.mark.parametrize(
    ("field", "value", "word"),
    [
        ("starts_at", "2026-11-24T08:00", "naive_time"),
        ("starts_at", "tomorrow", "not_a_time"),
        ("starts_at", 1_700_000_000, "not_a_time"),
        ("starts_at", "9999-12-31T23:59+00:00", "out_of_range"),
        ("needed_by", "0001-01-01", "malformed"),
        ("needed_by", "9999-12-31", "malformed"),
        ("facility", "LAB 1'; --", "malformed"),
        ("facility", 7, "not_a_text"),
        ("facility", None, "required"),
        ("purpose", "", "required"),
        ("purpose", "  \t ", "required"),
        ("purpose", "x" * 2001, "too_long"),
        ("purpose", "a\x00b", "control_characters"),
        ("purpose", "a\ud800b", "control_characters"),
        ("request_key", "x" * 256, "malformed"),
        ("request_key", "two words", "malformed"),
        ("colour", "red", "unknown_field"),
    ],
)
def test_a_wrong_field_is_named_with_its_word(field, value, word):
    with pytest.raises(InvalidInput) as refused:
        schemas.load(commands.RequestReservation, GOOD | {field: value})
    assert refused.value.facts == {"errors": {field: [word]}}


@pytest.mark.parametrize(
    "purpose",
    [
        "<script>alert(1)</script>",
        "两行\n文字",
        "🔥 emoji",
        "Robert'); DROP TABLE--",
        "x" * 2000,
    ],
)
def test_texts_that_only_look_dangerous_are_kept_as_they_are(purpose):
    assert schemas.load(commands.RequestReservation, GOOD | {"purpose": purpose}).purpose == purpose


@pytest.mark.parametrize(
    "email", ["a,b@c.example", "<script>@c.example", '"q@c.example', "a@c.example,d", "a@b@c", "a"]
)
def test_an_address_that_would_lead_elsewhere_is_refused(email):
    with pytest.raises(InvalidInput) as refused:
        schemas.load(commands.SavePerson, {"actor": "admin", "request_key": "k", "person": "li", "name": "李",
                                           "email": email})  # fmt: skip
    assert refused.value.facts == {"errors": {"email": ["malformed"]}}


@pytest.mark.parametrize("body", [None, [], "text", 7])
def test_a_body_that_is_no_object_is_refused(body):
    with pytest.raises(InvalidInput) as refused:
        schemas.load(commands.RequestReservation, body)
    assert refused.value.facts == {"errors": {"body": ["not_an_object"]}}


@pytest.mark.parametrize("kind", BY_CODE.values(), ids=lambda kind: kind.code)
def test_a_refusal_crosses_the_broker_unchanged(kind):
    there = kind("because", state="approved", list=[1, {"a": None}])
    back = Refusal.from_dict(encoding.loads(encoding.dumps(there.to_dict())))
    assert (type(back), back.detail, back.facts) == (kind, there.detail, there.facts)


def test_a_code_that_nobody_knows_is_taken_for_an_outage():
    assert isinstance(Refusal.from_dict({"code": "from_the_future"}), Unavailable)
