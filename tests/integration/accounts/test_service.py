"""The running service, over the broker."""

import statistics
import threading
import time
import uuid
from contextlib import suppress

import pytest

from services.contracts.commands import ChooseLanguage, CreateToken, RevokeToken, SavePerson, SetMembership
from services.contracts.errors import InvalidInput, NotAllowed, TooManyRequests, Unauthenticated
from services.contracts.messaging.client import RpcClient
from tests.integration.accounts.conftest import PASSWORD
from tests.waiting import until

pytestmark = pytest.mark.usefixtures("accounts")

EVERYTHING_KEPT = """
    SELECT persons::text FROM persons
     UNION SELECT tokens::text FROM tokens
     UNION SELECT processed::text FROM processed"""


@pytest.fixture
def accounts(base, run_service, database_url):
    return run_service("accounts", database_url)


def sign_in(client, name="lead01", password=PASSWORD, address="10.0.0.1"):
    return client.call("accounts", "sign_in", {"name": name, "password": password, "address": address})


def key():
    return uuid.uuid4().hex


def test_signing_in_answers_who_it_is(client):
    identity = sign_in(client)
    assert (identity["person"], identity["teams"][0]["code"]) == ("lead01", "team-01")
    assert identity == client.call("accounts", "identity", {"person": "lead01"})


def test_a_wrong_password_an_unknown_name_and_a_strange_one_are_refused(client):
    for name, password in (("lead01", "wrong"), ("nobody", PASSWORD), ("' OR 1=1 --", PASSWORD), ("王", "王" * 200)):
        with pytest.raises(Unauthenticated):
            sign_in(client, name, password)
    for name, password in (("", PASSWORD), ("lead01", "x" * 201), (7, PASSWORD), ("lead01", None)):
        with pytest.raises(InvalidInput):
            sign_in(client, name, password)


def test_the_eleventh_try_is_told_when_to_come_back(client):
    for _ in range(10):
        with pytest.raises(Unauthenticated):
            sign_in(client, password="wrong")
    with pytest.raises(TooManyRequests) as refused:
        sign_in(client)
    assert 800 < refused.value.facts["retry_after"] <= 900


def test_many_guesses_at_once_do_not_slip_through(client, broker):
    outcomes = []

    def guess():
        try:
            sign_in(RpcClient(broker), password="wrong")
        except (Unauthenticated, TooManyRequests) as refusal:
            outcomes.append(type(refusal))

    threads = [threading.Thread(target=guess) for _ in range(16)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert outcomes.count(Unauthenticated) == 10
    assert outcomes.count(TooManyRequests) == 6


def test_the_unknown_take_as_long_as_the_known(client):
    def seconds(name):
        began = time.monotonic()
        with pytest.raises(Unauthenticated):
            sign_in(client, name, "wrong")
        return time.monotonic() - began

    seconds("warm-up")
    pairs = [(seconds("lead02"), seconds(f"nobody{number}")) for number in range(8)]
    known, unknown = (statistics.median(column) for column in zip(*pairs, strict=True))
    assert abs(known - unknown) < 0.6 * known
    assert unknown > 0.005


def test_other_calls_are_answered_while_passwords_are_hashed(client, broker):
    def guess(number):
        with suppress(Unauthenticated):
            sign_in(RpcClient(broker), f"guess{number}", "wrong")

    threads = [threading.Thread(target=guess, args=(number,)) for number in range(15)]
    [thread.start() for thread in threads]
    began = time.monotonic()
    client.call("accounts", "identity", {"person": "lead01"})
    waited = time.monotonic() - began
    [thread.join() for thread in threads]
    assert waited < (time.monotonic() - began) / 2, "not after them all"


def test_a_token_works_until_it_is_revoked(client):
    made = client.send(CreateToken(actor="lead01", request_key=key(), name="script", scopes=["read"])).value
    identity = client.call("accounts", "identity_by_token", {"token": made["secret"]})
    assert (identity["person"], identity["scopes"]) == ("lead01", ["read"])
    assert client.call("accounts", "tokens", {"actor": "lead01"})["items"][0]["last_used_at"]
    client.send(RevokeToken(actor="lead01", request_key=key(), token=made["token"]))
    with pytest.raises(Unauthenticated):
        client.call("accounts", "identity_by_token", {"token": made["secret"]})


def test_the_secret_is_told_once_and_stored_nowhere(client, engine):
    message = CreateToken(actor="lead01", request_key=key(), name="script", scopes=["read"])
    first, again = client.send(message), client.send(message)
    assert again.replayed
    assert first.value == again.value | {"secret": first.value["secret"]}
    with engine.connect() as connection:
        kept = connection.exec_driver_sql(EVERYTHING_KEPT)
        assert not [row for row in kept.scalars() if first.value["secret"] in row]


def test_disabling_a_person_ends_everything_at_once(client):
    made = client.send(CreateToken(actor="member01", request_key=key(), name="script", scopes=["read"])).value
    client.send(SavePerson(
        actor="admin", request_key=key(), person="member01", name="x", email="x@example.com", active=False,
    ))
    for method, arguments in (("identity", {"person": "member01"}), ("identity_by_token", {"token": made["secret"]})):
        with pytest.raises(Unauthenticated):
            client.call("accounts", method, arguments)
    with pytest.raises(Unauthenticated):
        sign_in(client, "member01")
    with pytest.raises(Unauthenticated):
        client.send(ChooseLanguage(actor="member01", request_key=key(), language="en"))


def test_a_new_password_counts_at_once_and_is_kept_only_as_a_hash(client, engine):
    before = sign_in(client)["password_set_at"]
    client.send(SavePerson(
        actor="admin", request_key=key(), person="lead01", name="x", email="x@example.com", password="another Tapir 52",
    ))
    with pytest.raises(Unauthenticated):
        sign_in(client)
    assert sign_in(client, password="another Tapir 52")["password_set_at"] > before
    with engine.connect() as connection:
        kept = connection.exec_driver_sql(EVERYTHING_KEPT)
        assert not [row for row in kept.scalars() if "Tapir" in row]


def test_rights_are_checked_here_and_facts_leave(client, engine):
    message = {"team": "team-01", "person": "newcomer", "role": "member"}
    with pytest.raises(NotAllowed):
        client.send(SetMembership(actor="member01", request_key=key(), **message))
    client.send(SetMembership(actor="lead01", request_key=key(), **message))

    def all_sent():
        with engine.connect() as connection:
            return connection.exec_driver_sql("SELECT bool_and(sent_at IS NOT NULL) FROM verify.outbox").scalar()

    until(all_sent)


def test_the_rest_of_the_questions_are_answered(client):
    for method, arguments in (
        ("people", {}), ("teams", {}), ("team", {"team": "team-01"}), ("projects", {"team": "team-01"}), ("tokens", {}),
    ):
        answer = client.call("accounts", method, {"actor": "lead01"} | arguments)
        assert answer.keys() >= ({"members"} if method == "team" else {"items"})
