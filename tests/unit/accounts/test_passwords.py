"""Which passwords are refused, and how they are hashed."""

import re

import pytest
from argon2 import PasswordHasher
from hypothesis import given
from hypothesis import strategies as st

from services.accounts.dependencies import Passwords
from services.accounts.domain.passwords import is_repeated, wrong_with


@pytest.fixture(scope="module")
def passwords():
    return Passwords()


@pytest.mark.parametrize("password", [
    "password", "Password1!", "P@ssw0rd2024", "12345678", "87654321", "qwertyui", "1qaz2wsx", "aaaaaaaa", "abcabcabc",
    "12341234", "pilotbase2026", "Pilot-Base-1", "zhongshi88", "5201314!", "woaini1314", "iloveyou", "admin123",
    "  sunshine  ", "lead01-2026", "LEAD01!!",
])
def test_what_is_tried_first_is_refused(password):
    assert "too_common" in wrong_with(password, "lead01")


@pytest.mark.parametrize("password", [
    "rosa Tapir 51", "x7#kQ9!z", "正确的马电池订书钉", " leading space", "n" + "o" * 63 + "!", "a1s8d2f7", "küchenherd",
])
def test_what_is_hard_to_guess_is_taken_whatever_it_is_made_of(password):
    assert wrong_with(password, "lead01") == []


def test_the_length_has_two_ends():
    assert wrong_with("x7#kQ9!", "lead01") == ["too_short"]
    assert wrong_with("x7#kQ9!z" * 8, "lead01") == []
    assert wrong_with("".join(chr(0x4E00 + number) for number in range(201)), "lead01") == ["too_long"]


@given(st.text(min_size=1, max_size=4), st.integers(2, 50))
def test_repeating_a_few_characters_is_seen(part, times):
    assert is_repeated(part * times)


def test_the_hash_is_argon2id_with_salt(passwords):
    first, second = passwords.hash("rosa Tapir 51"), passwords.hash("rosa Tapir 51")
    assert first != second
    assert re.fullmatch(r"\$argon2id\$v=19\$m=19456,t=2,p=1\$[^$]{22,}\$[^$]{43,}", first)


def test_only_the_same_password_verifies(passwords):
    stored = passwords.hash(" rosa Tapir 51 ")
    assert passwords.verify(stored, " rosa Tapir 51 ")
    assert not passwords.verify(stored, "rosa Tapir 51")
    assert not passwords.verify(None, "nobody")
    assert not passwords.verify("no hash at all", "rosa Tapir 51")


def test_no_character_of_a_long_password_is_ignored(passwords):
    stored = passwords.hash("a" * 199 + "b")
    assert not passwords.verify(stored, "a" * 200)


def test_one_text_has_one_hash_whatever_keyboard_wrote_it(passwords):
    assert passwords.verify(passwords.hash("cafe\u0301 tapir"), "caf\u00e9 tapir")


def test_a_hash_under_weaker_parameters_is_renewed(passwords):
    weak = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash("rosa Tapir 51")
    assert passwords.verify(passwords.renewed(weak, "rosa Tapir 51"), "rosa Tapir 51")
    assert passwords.renewed(passwords.hash("rosa Tapir 51"), "rosa Tapir 51") is None
