"""The broker's users and rights as they are imported."""

import base64
import hashlib
from collections import defaultdict

from deploy.local.broker import definitions, password_hash, password_in
from services.contracts.messaging.topology import PERMISSIONS

PASSWORDS = defaultdict(lambda: "secret")


def test_every_user_of_the_topology_gets_its_rights_and_nobody_else_but_the_administrator():
    rights = {
        entry["user"]: (entry["configure"], entry["write"], entry["read"])
        for entry in definitions(PASSWORDS)["permissions"]
    }
    assert rights.pop("admin") == (".*", ".*", ".*")
    assert rights == {user: (right.configure, right.write, right.read) for user, right in PERMISSIONS.items()}


def test_there_is_no_guest():
    assert "guest" not in {user["name"] for user in definitions(PASSWORDS)["users"]}


def test_no_password_is_written_down():
    assert "secret" not in str(definitions(PASSWORDS))


def test_a_password_is_hashed_the_way_the_broker_checks_it():
    salt = b"\x90\x8d\xc6\x0a"
    decoded = base64.b64decode(password_hash("test12", salt))
    assert decoded == salt + hashlib.sha256(salt + b"test12").digest()


def test_a_password_is_found_in_an_address():
    assert password_in("amqp://booking:a%2Fb@broker//") == "a/b"
