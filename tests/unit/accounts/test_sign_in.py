"""Signing in: right and wrong passwords, and how guessing is slowed down."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.accounts import handlers
from services.accounts.domain.sign_in import ADDRESS, PERSON, SignIn, Tries, count, wait_after
from services.contracts.errors import TooManyRequests, Unauthenticated
from tests.unit.accounts.fakes import NOW, FakePasswords, FakeStore, a_base

HOME, ELSEWHERE = "10.0.0.1", "203.0.113.9"
RIGHT, WRONG = "rosa Tapir 51", "rosa Tapir 52"


@pytest.fixture
def store():
    uow = a_base()
    uow.people.set_password("lead01", f"old:{RIGHT}", NOW)
    return FakeStore(uow)


def sign_in(store, password=RIGHT, name="lead01", address=HOME, passwords=None):
    message = SignIn(name=name, password=password, address=address)
    return handlers.sign_in_person(message, store, passwords or FakePasswords())


def fail(store, times=1, **fields):
    for _ in range(times):
        with pytest.raises(Unauthenticated):
            sign_in(store, WRONG, **fields)


def refused_for(store, **fields):
    with pytest.raises(TooManyRequests) as refused:
        sign_in(store, **fields)
    return refused.value.facts["retry_after"]


def test_the_right_password_lets_in(store):
    assert sign_in(store) == "lead01"


def test_all_who_are_not_let_in_get_the_same_words(store):
    store.uow.people.save(store.uow.people.get("lead02").revised(active=False))
    store.uow.people.set_password("lead02", f"old:{RIGHT}", NOW)
    answers = set()
    for name, password in (("lead01", WRONG), ("nobody", RIGHT), ("newcomer", RIGHT), ("lead02", RIGHT)):
        with pytest.raises(Unauthenticated) as refused:
            sign_in(store, password, name)
        answers.add(str(refused.value.to_dict()))
    assert len(answers) == 1


def test_a_hash_under_old_parameters_is_renewed(store):
    sign_in(store, passwords=FakePasswords("new"))
    assert store.uow.people.hashes["lead01"] == f"new:{RIGHT}"


def test_the_eleventh_try_waits_and_the_owner_gets_in_later(store):
    fail(store, 10)
    assert refused_for(store) == 15 * 60
    store.now += timedelta(minutes=15)
    assert sign_in(store) == "lead01"


def test_the_wait_grows_with_each_failure_after_it(store):
    fail(store, 10)
    store.now += timedelta(minutes=15)
    fail(store)
    assert refused_for(store) == 30 * 60


def test_refused_tries_do_not_make_the_wait_longer(store):
    fail(store, 10)
    store.now += timedelta(minutes=14)
    assert [refused_for(store) for _ in range(50)] == [60] * 50


def test_unknown_names_are_slowed_down_in_the_same_way(store):
    fail(store, 10, name="nobody")
    assert refused_for(store, name="nobody") == 15 * 60


def test_success_ends_the_row_of_failures(store):
    fail(store, 9)
    sign_in(store)
    fail(store, 9)
    sign_in(store)


def test_guessing_from_elsewhere_does_not_lock_out_who_is_known_here(store):
    sign_in(store)
    fail(store, 10, address=ELSEWHERE)
    assert refused_for(store, address=ELSEWHERE)
    assert sign_in(store) == "lead01"
    assert refused_for(store, address=ELSEWHERE)


def test_one_address_that_tries_many_names_waits(store):
    for number in range(100):
        fail(store, name=f"guess{number}", address=ELSEWHERE)
    assert refused_for(store, address=ELSEWHERE)
    assert sign_in(store, address=HOME) == "lead01"


def test_an_office_that_signs_in_all_day_does_not_wait(store):
    for _ in range(300):
        sign_in(store)


def test_the_time_scale_divides_the_wait(store):
    store.time_scale = 60
    fail(store, 10)
    assert refused_for(store) == 15


def tries(failures, person="lead01"):
    return Tries(person=person, address="", failures=failures, last_at=NOW, forget_at=NOW)


def test_a_hundred_failures_in_a_row_are_the_last():
    with pytest.raises(TooManyRequests):
        count(tries(100), NOW + timedelta(days=20))


def test_of_two_at_once_the_one_that_is_counted_later_is_not_refused():
    assert count(tries(1), NOW - timedelta(milliseconds=5)).failures == 2


@given(st.integers(0, 10_000), st.sampled_from([PERSON, ADDRESS]))
def test_the_wait_never_shrinks_and_has_an_end(failures, limit):
    assert timedelta(0) <= wait_after(failures, limit) <= wait_after(failures + 1, limit) <= timedelta(days=1)
    assert (wait_after(failures, limit) == timedelta(0)) == (failures < limit.free)


@given(st.integers(0, 99), st.floats(1, 1000))
def test_a_failure_is_remembered_longer_than_its_wait(failures, time_scale):
    counted = count(tries(failures), NOW + timedelta(days=2), time_scale)
    assert counted.failures == failures + 1
    assert counted.forget_at > counted.last_at + wait_after(counted.failures, PERSON) / time_scale


@given(st.lists(st.integers(1, 3 * 24 * 60), min_size=1, max_size=200))
def test_no_pace_gets_more_than_ten_tries_into_a_quarter_of_an_hour_or_a_hundred_in_a_row(minutes):
    """Somebody tries after so many minutes each time, and never succeeds."""
    now, tried, row = NOW, [], tries(0)
    for pause in minutes:
        now += timedelta(minutes=pause)
        try:
            row = count(row, now)
        except TooManyRequests:
            continue
        tried.append(now)
    assert len(tried) <= 100
    assert all(later - earlier >= timedelta(minutes=15) for earlier, later in zip(tried, tried[10:], strict=False))
