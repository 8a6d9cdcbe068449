"""Screens: who may pair them, for how long a code lives, and how they end."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.accounts import device_handlers
from services.accounts.domain import devices
from services.contracts.commands import CreatePairing, PairDevice, RevokeDevice
from services.contracts.errors import InvalidInput, NotAllowed, NotFound, Unauthenticated
from tests.unit.accounts.fakes import NOW, a_base

CODE, SECRET = "ABCD2345", "s" * 43


@pytest.fixture
def uow():
    return a_base()


def create(uow, actor="admin", facility="LAB-1"):
    message = CreatePairing(actor=actor, request_key="k", name="Door of LAB-1", facility=facility)
    return device_handlers.create_pairing(message, uow, NOW, CODE)


def pair(uow, code=CODE, now=NOW):
    return device_handlers.pair_device(PairDevice(actor="door", request_key="k", code=code), uow, now, SECRET)


def revoke(uow, actor, device):
    return device_handlers.revoke_device(RevokeDevice(actor=actor, request_key="k", device=device), uow, NOW)


@given(st.binary(min_size=8, max_size=8))
def test_a_code_can_be_read_and_typed(random_bytes):
    code = devices.code_of(random_bytes)
    assert len(code) == 8
    assert not set(code) & set("IO01")
    assert devices.normal(f"{code[:4].lower()} {code[4:]}") == code


def test_a_screen_is_paired_once_and_known_by_a_hash(uow):
    made = create(uow)
    assert "code" not in made
    assert pair(uow, "abcd-2345") == {"device": made["device"], "facility": "LAB-1"}
    kept = uow.devices.get(made["device"])
    assert (kept.hash, kept.code_hash) == (devices.hash_of(SECRET), None)
    with pytest.raises(InvalidInput):
        pair(uow)


@pytest.mark.parametrize(("minutes", "works"), [(9, True), (10, False)])
def test_a_code_lives_for_ten_minutes(uow, minutes, works):
    create(uow)
    if works:
        assert pair(uow, now=NOW + timedelta(minutes=minutes))["facility"] == "LAB-1"
    else:
        with pytest.raises(InvalidInput) as refusal:
            pair(uow, now=NOW + timedelta(minutes=minutes))
        assert refusal.value.facts == {"errors": {"code": ["not_a_code"]}}


@pytest.mark.parametrize(("actor", "facility", "refusal"), [
    ("lead01", "LAB-1", NotAllowed), ("nobody", "LAB-1", Unauthenticated), ("lead01", None, NotAllowed),
])
def test_who_may_not_pair(uow, actor, facility, refusal):
    with pytest.raises(refusal):
        create(uow, actor, facility)


@pytest.mark.parametrize(("roles", "manages", "facility", "may"), [
    ({"admin"}, (), None, True), ({"base_manager"}, (), "LAB-1", True),
    ({"facility_manager"}, ("LAB-1",), "LAB-1", True), ({"facility_manager"}, ("LAB-1",), "LAB-2", False),
    ({"facility_manager"}, ("LAB-1",), None, False), (set(), (), "LAB-1", False),
])
def test_who_looks_after_which(roles, manages, facility, may):
    assert devices.may_look_after(frozenset(roles), manages, facility) is may


def test_a_revoked_code_pairs_nothing_and_others_do_not_find_it(uow):
    device = create(uow)["device"]
    with pytest.raises(NotFound):
        revoke(uow, "lead01", device)
    revoke(uow, "admin", device)
    with pytest.raises(InvalidInput):
        pair(uow)
    with pytest.raises(NotFound):
        revoke(uow, "admin", "11111111-2222-4333-8444-555555555555")


def test_nobody_is_called_like_a_screen():
    assert devices.actor_of("LAB-1") == "door.LAB-1"
    assert devices.actor_of(None) == "hall"
    assert all(devices.is_reserved(name) for name in ("hall", "door.LAB-1"))
    assert not devices.is_reserved("doorman")
