"""Bad input at the API's door: a clear answer, and nothing sent to a service."""

import io
import json

import pytest

from tests.unit.portal.examples import RESERVATION, a_request
from tests.unit.portal.what_if_examples import tried

ADDRESS = "/api/v1/reservations"


@pytest.fixture
def post(program, services):
    def posting(body=None, address=ADDRESS, scope="reserve", content_type="application/json", **changes):
        data = json.dumps(a_request(**changes)) if body is None else body
        response = program(scope).post(address, data=data, content_type=content_type)
        assert not services.commands
        return response

    return posting


def told(response):
    return response.status_code, response.json["code"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("starts_at", "2026-11-26T09:00:00"),
        ("starts_at", "2026-11-26"),
        ("starts_at", "tomorrow"),
        ("starts_at", "9999-12-31T23:59:59+00:00"),
        ("starts_at", "1970-01-01T00:00:00+00:00"),
        ("starts_at", "2026-11-26T25:00:00+08:00"),
        ("starts_at", "2026-11-26T09:00:00+99:00"),
        ("starts_at", 1764118800),
        ("starts_at", None),
        ("starts_at", ["2026-11-26T09:00:00+08:00"]),
        ("ends_at", {}),
        ("ends_at", ""),
        ("facility", ""),
        ("facility", "LAB 1"),
        ("facility", "x" * 41),
        ("facility", "'; DROP TABLE reservations; --"),
        ("facility", "LAB-1\x00"),
        ("facility", "../LAB-1"),
        ("facility", 7),
        ("team", None),
        ("unit", 1),
        ("unit", "%"),
        ("project", ["P-1"]),
        ("purpose", ""),
        ("purpose", "   "),
        ("purpose", "x" * 10_000),
        ("purpose", "a\x00b"),
        ("purpose", "a\x1bb"),
        ("purpose", "\x85"),
        ("purpose", None),
        ("purpose", True),
        ("purpose", 12345),
    ],
)
def test_a_wrong_field_is_named(post, field, value):
    response = post(**{field: value})
    assert told(response) == (422, "invalid_input")
    assert list(response.json["errors"]) == [field]


@pytest.mark.parametrize("purpose", ["<script>alert(1)</script>", "{{ 7*7 }}", "🧪 试验", "一\n二", "' OR 1=1 --"])
def test_plain_text_of_any_kind_is_taken(program, services, purpose):
    assert program("reserve").post(ADDRESS, json=a_request(purpose=purpose)).status_code == 201
    assert services.commands[0].purpose == purpose


def test_everything_wrong_is_told_at_once(post):
    problem = post(starts_at="2026-11-26T09:00:00", facility="?", colour="red", purpose="").json
    assert set(problem["errors"]) == {"starts_at", "facility", "colour", "purpose"}
    assert problem["errors"]["starts_at"] == ["Give the time with its offset, such as +08:00."]
    assert problem["errors"]["colour"] == ["There is no such field."]


@pytest.mark.parametrize("field", ["actor", "request_key", "state", "version", "id", "requester", "__proto__"])
def test_a_field_that_is_not_the_caller_s_to_set_is_refused(post, field):
    response = post(**{field: "admin"})
    assert told(response) == (422, "invalid_input")
    assert list(response.json["errors"]) == [field]


def test_optional_fields_may_be_null(program, services):
    assert program("reserve").post(ADDRESS, json=a_request(unit=None, project=None)).status_code == 201
    assert services.commands[0].unit is None


@pytest.mark.parametrize(
    "body",
    [
        "{", "{'a': 1}", '{"a": NaN}', '{"a": Infinity}', "{}{}", "\x00", b"\xff\xfe", b'{"purpose": "\xff"}',
        '{"purpose": "\\ud800"}', "[" * 100_000, '{"a":' * 5000 + "1" + "}" * 5000,
        '{"team": "team-01", "team": "team-02"}', '{"units": [{"code": "A", "code": "B"}]}',
    ],
    ids=lambda body: repr(body[:12]),
)
def test_a_body_that_is_no_json(post, body):
    assert told(post(body)) == (400, "invalid_input")


@pytest.mark.parametrize("body", ["[]", "null", '"text"', "7", "true", "[{}]"])
def test_json_that_is_no_object(post, body):
    response = post(body)
    assert told(response) == (422, "invalid_input")
    assert list(response.json["errors"]) == ["body"]


def test_no_body_at_all_lacks_every_field(post):
    assert set(post("").json["errors"]) == {"facility", "starts_at", "ends_at", "team", "purpose"}


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/json", ""],
)
def test_json_under_another_name(post, content_type):
    assert told(post(content_type=content_type)) == (415, "invalid_input")


def test_a_charset_does_no_harm(program):
    response = program("reserve").post(
        ADDRESS, data=json.dumps(a_request()), content_type="application/json; charset=utf-8"
    )
    assert response.status_code == 201


def test_five_megabytes_are_too_much(post, visitor):
    response = post('{"purpose": "' + "x" * 5_000_000 + '"}')
    assert told(response) == (413, "invalid_input")
    assert visitor.post(ADDRESS, data=b"x" * 5_000_000).status_code == 413


def test_so_they_are_in_chunks(program):
    response = program("reserve").post(
        ADDRESS, input_stream=io.BytesIO(b'{"purpose": "' + b"x" * 5_000_000), content_type="application/json",
        environ_overrides={"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"},
    )
    assert told(response) == (413, "invalid_input")


class BrokenChunks(io.BytesIO):
    """What gunicorn hands on when a chunk's size is no number."""

    def read(self, *_size):
        raise OSError("invalid chunk size")

    readinto = readline = read


@pytest.mark.parametrize(("address", "kind"), [
    (ADDRESS, "application/json"), ("/sign-in", "application/x-www-form-urlencoded"),
])  # fmt: skip
def test_a_body_that_breaks_off_is_not_our_mistake(program, address, kind):
    response = program("reserve").post(
        address, input_stream=BrokenChunks(), content_type=kind,
        environ_overrides={"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"},
    )
    assert response.status_code == 400


def test_a_huge_number_is_no_version(program):
    for version in (10**30, -1, 0, 1.5, "1", True):
        body = json.dumps({"version": version})
        response = program("manage").post(
            f"{ADDRESS}/{RESERVATION}/approve", data=body, content_type="application/json"
        )
        assert told(response) == (422, "invalid_input"), version


@pytest.mark.parametrize(
    ("address", "field"),
    [
        ("board", "from"),
        ("board?from=2026-11-23T00:00:00Z", "to"),
        ("board?from=2026-11-23&to=2026-11-24T00:00:00Z", "from"),
        ("board?from=2026-11-24T00:00:00Z&to=2026-11-23T00:00:00Z", "to"),
        ("board?from=2026-11-24T00:00:00Z&to=2026-11-24T00:00:00Z", "to"),
        ("board?from=2026-01-01T00:00:00Z&to=2027-01-01T00:00:00Z", "to"),
        ("board?from=2026-11-23T00:00:00Z&to=2026-11-24T00:00:00Z&colour=red", "colour"),
        ("board?from=2026-11-23T00:00:00Z&to=2026-11-24T00:00:00Z&facility=%25", "facility"),
        ("free-slots", "minutes"),
        ("free-slots?minutes=0", "minutes"),
        ("free-slots?minutes=99999999999999999999", "minutes"),
        ("free-slots?minutes=1e3", "minutes"),
        ("free-slots?minutes=60&limit=1000", "limit"),
        ("free-slots?minutes=60&kind=ship", "kind"),
        ("free-slots?minutes=60&from=2099-01-01T00:00:00Z&to=2026-01-01T00:00:00Z", "to"),
        ("free-slots?minutes=60&to=2020-01-01T00:00:00Z", "to"),
        ("reservations?state=secret", "state"),
        ("reservations?limit=-1", "limit"),
        ("reservations?cursor=%00", "cursor"),
        ("reservations?team=%00", "team"),
        ("deliveries", "reservation"),
        ("deliveries?reservation=1", "reservation"),
        ("facilities?kind=", "kind"),
        ("projects?team=%F0%9F%A7%AA", "team"),
    ],
)
def test_a_wrong_question(program, services, address, field):
    response = program("read").get(f"/api/v1/{address}")
    assert told(response) == (422, "invalid_input")
    assert field in response.json["errors"]
    assert {call[0] for call in services.calls} == {"accounts"}


def test_a_plus_that_nobody_encoded_is_understood(program, services):
    response = program("read").get("/api/v1/board?from=2026-11-23T00:00:00+08:00&to=2026-11-24T00:00:00+0800")
    assert response.status_code == 200
    assert services.calls[-1][2]["starts_at"] == "2026-11-22T16:00:00+00:00"


@pytest.mark.parametrize("step", ["approve", "withdraw", "cancel"])
def test_a_step_needs_no_body(program, step):
    scope = "manage" if step == "approve" else "reserve"
    assert program(scope).post(f"{ADDRESS}/{RESERVATION}/{step}").status_code == 200


@pytest.mark.parametrize("field", ["spans", "opening_hours", "date_exceptions", "more_hours", "more_from", "unit"])
def test_what_is_tried_may_leave_out_any_part(program, services, field):
    services.answers["booking", "what_if"] = tried()
    assert program("manage").post("/api/v1/what-if", json={"facility": "LAB-1", field: None}).status_code == 200


@pytest.mark.parametrize("field", ["starts_at", "ends_at"])
def test_a_tried_span_is_of_these_times(post, field):
    span = {"starts_at": "2026-11-26T08:00+08:00", "ends_at": "2026-11-26T20:00+08:00"}
    for moment in ("0001-01-01T00:00:00+08:00", "9999-12-31T23:59:59-08:00"):
        response = post(json.dumps({"spans": [span | {field: moment}]}), "/api/v1/what-if", "manage")
        assert (told(response), list(response.json["errors"])) == ((422, "invalid_input"), [f"spans.0.{field}"])
