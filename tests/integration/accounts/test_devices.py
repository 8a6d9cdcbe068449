"""Screens in PostgreSQL: kept as hashes, seen by those who look after them."""

import pytest

from services.accounts import device_handlers, queries
from services.contracts.commands import CreatePairing, PairDevice, RevokeDevice
from services.contracts.errors import InvalidInput, NotFound, Unauthenticated

CODE, SECRET = "ABCD2345", "s" * 43


@pytest.fixture
def give(base, transactions):
    keys = iter(range(100))

    def give(kind, handler, actor="keeper", **fields):
        secrets = {"create_pairing": {"code": CODE}, "pair_device": {"secret": SECRET}}.get(handler.__name__, {})
        message = kind(actor=actor, request_key=f"k{next(keys)}", **fields)
        return transactions.execute(lambda *rest: handler(*rest, **secrets), message).value

    return give


def seen(transactions, actor):
    return [item["name"] for item in transactions.read(queries.devices, actor=actor)["items"]]


def test_a_screen_lives_from_its_code_to_its_end(give, transactions, engine):
    made = give(CreatePairing, device_handlers.create_pairing, name="Door", facility="LAB-1")
    paired = give(PairDevice, device_handlers.pair_device, "door", code="abcd 2345")
    assert paired == {"device": made["device"], "facility": "LAB-1"}
    identity = transactions.read(queries.identity_by_device, secret=SECRET)
    assert (identity["person"], identity["facility"], identity["roles"]) == ("door.LAB-1", "LAB-1", [])
    with engine.connect() as connection:
        kept = connection.exec_driver_sql("SELECT devices::text FROM devices").scalar_one()
    assert SECRET not in kept
    with pytest.raises(InvalidInput):
        give(PairDevice, device_handlers.pair_device, "door", code=CODE)
    give(RevokeDevice, device_handlers.revoke_device, device=made["device"])
    with pytest.raises(Unauthenticated):
        transactions.read(queries.identity_by_device, secret=SECRET)
    assert seen(transactions, "keeper") == []


def test_who_sees_which_screen(give, transactions):
    hall = give(CreatePairing, device_handlers.create_pairing, "chief", name="Hall")
    assert (seen(transactions, "admin"), seen(transactions, "chief")) == (["Hall"], ["Hall"])
    assert (seen(transactions, "keeper"), seen(transactions, "lead01")) == ([], [])
    with pytest.raises(NotFound):
        give(RevokeDevice, device_handlers.revoke_device, device=hall["device"])
