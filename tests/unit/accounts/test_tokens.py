"""API tokens: what they look like, who may make which, and how they end."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.accounts import handlers
from services.accounts.domain import tokens
from services.contracts.commands import Answer, CreateToken, RevokeToken
from services.contracts.errors import InvalidInput, NotFound
from tests.unit.accounts.fakes import NOW, FakeStore, a_base

URL_SAFE = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
SECRET = tokens.compose("Qm3xT0v-" * 4)
random_texts = st.text(URL_SAFE, min_size=32, max_size=64)


@pytest.fixture
def uow():
    return a_base()


def create(uow, actor="lead01", scopes=("read",), days=90):
    message = CreateToken(actor=actor, request_key="k", name="script", scopes=list(scopes), days=days)
    return handlers.create_token(message, uow, NOW, SECRET)


def revoke(uow, actor, token):
    return handlers.revoke_token(RevokeToken(actor=actor, request_key="k", token=token), uow, NOW)


@given(random_texts)
def test_a_composed_token_is_well_formed(random_text):
    secret = tokens.compose(random_text)
    assert tokens.is_well_formed(secret)
    assert len(tokens.hash_of(secret)) == 64


@given(random_texts, st.data())
def test_a_wrong_check_digit_is_noticed(random_text, data):
    secret = tokens.compose(random_text)
    place = data.draw(st.integers(len(secret) - 6, len(secret) - 1))
    wrong = data.draw(st.sampled_from("0123456789").filter(lambda digit: digit != secret[place]))
    assert not tokens.is_well_formed(secret[:place] + wrong + secret[place + 1:])


@pytest.mark.parametrize("place", range(4, 36))
def test_a_wrong_character_is_noticed(place):
    assert not tokens.is_well_formed(SECRET[:place] + "Z" + SECRET[place + 1:])


@pytest.mark.parametrize("text", ["", "pbb_", "pbb_short123456", SECRET[4:], SECRET + "\n", SECRET[:-1], "x" + SECRET])
def test_what_is_no_token_is_not_well_formed(text):
    assert not tokens.is_well_formed(text)


def test_the_secret_is_not_kept(uow):
    answer = create(uow)
    assert answer["expires_at"] == NOW + timedelta(days=90)
    assert SECRET.startswith(answer["prefix"])
    assert SECRET not in repr((answer, uow.tokens.kept))


def test_the_secret_is_shown_once():
    assert handlers.shown_once(Answer({"token": "t"}), SECRET).value == {"token": "t", "secret": SECRET}
    assert "secret" not in handlers.shown_once(Answer({"token": "t"}, replayed=True), SECRET).value


@pytest.mark.parametrize(("actor", "scopes"), [
    ("newcomer", ["read"]), ("member01", ["read", "reserve"]), ("chief", ["manage", "read", "reserve"]),
])
def test_a_token_carries_at_most_what_its_owner_may(uow, actor, scopes):
    assert create(uow, actor, scopes)["scopes"] == scopes
    beyond = {"read", "reserve", "manage"} - set(scopes)
    for scope in beyond:
        with pytest.raises(InvalidInput) as refused:
            create(uow, actor, [scope])
        assert refused.value.facts["errors"] == {"scopes": ["beyond_your_rights"]}


def test_a_token_without_a_scope_is_refused(uow):
    with pytest.raises(InvalidInput) as refused:
        create(uow, scopes=[])
    assert refused.value.facts["errors"] == {"scopes": ["required"]}


def test_a_token_is_ended_by_its_owner_or_an_admin(uow):
    token = create(uow)["token"]
    revoke(uow, "lead01", token)
    revoke(uow, "admin", token)
    assert uow.tokens.kept[token].revoked_at == NOW


def test_somebody_elses_token_looks_like_none(uow):
    token = create(uow)["token"]
    for actor, named in (("lead02", token), ("lead01", "9e1f2d6a-54e5-4c5a-9b1e-0f3f1a7f0001")):
        with pytest.raises(NotFound):
            revoke(uow, actor, named)


@pytest.mark.parametrize("is_news", [True, False])
def test_a_use_is_noted_when_it_is_news(uow, is_news):
    token = create(uow)["token"]
    identity = handlers.note_use({"person": "lead01", "token": token, "use_is_news": is_news}, FakeStore(uow))
    assert identity == {"person": "lead01", "token": token}
    assert uow.tokens.used == ({token: NOW} if is_news else {})
