"""Idempotency-Key: a change that is sent twice happens once."""

import uuid

import pytest

from tests.unit.portal.examples import a_request

ADDRESS = "/api/v1/reservations"


def ask(client, key=None, **changes):
    return client.post(ADDRESS, json=a_request(**changes), headers={"Idempotency-Key": key} if key is not None else {})


def test_the_key_names_the_command(program, services):
    response = ask(program("reserve"), "my-key!~")
    assert response.status_code == 201
    assert response.headers["Idempotency-Key"] == "my-key!~"
    assert "Idempotency-Replayed" not in response.headers
    assert services.commands[0].request_key == "my-key!~"


def test_a_repeat_gets_the_first_answer(program, services):
    client = program("reserve")
    first, second = ask(client, "k"), ask(client, "k")
    assert (second.status_code, second.data) == (first.status_code, first.data) == (201, first.data)
    assert second.headers["Location"] == first.headers["Location"]
    assert second.headers["Idempotency-Replayed"] == "true"
    assert len(services.commands) == 1


def test_the_same_key_with_another_body_is_refused(program, services):
    client = program("reserve")
    ask(client, "k")
    response = ask(client, "k", purpose="something else")
    assert (response.status_code, response.json["code"]) == (422, "request_key_reused")
    assert len(services.commands) == 1


def test_without_a_key_the_server_makes_one_and_tells_it(program, services):
    response = ask(program("reserve"))
    made = response.headers["Idempotency-Key"]
    assert uuid.UUID(made)
    assert services.commands[0].request_key == made


def test_the_key_comes_back_with_a_refusal_too(program, services):
    from services.contracts.errors import Unavailable

    services.answers["booking", "request_reservation"] = Unavailable()
    response = ask(program("reserve"))
    assert response.status_code == 503
    assert response.headers["Idempotency-Key"]


@pytest.mark.parametrize("key", ["k" * 255, "a", "!", "~"])
def test_what_a_key_may_be(program, key):
    assert ask(program("reserve"), key).status_code == 201


@pytest.mark.parametrize("key", ["", " ", "a b", "k" * 256, "tab\there", "umläut", "\x7f", "del\x01"])
def test_what_a_key_may_not_be(program, services, key):
    response = ask(program("reserve"), key)
    assert (response.status_code, response.json["code"]) == (400, "invalid_input")
    assert list(response.json["errors"]) == ["Idempotency-Key"]
    assert not services.commands


def test_reading_needs_no_key(program):
    assert "Idempotency-Key" not in program("read").get(ADDRESS).headers
