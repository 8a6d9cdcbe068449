"""How soon an ended process is started again."""

from hypothesis import given
from hypothesis import strategies as some

from deploy.local.supervisor import FIRST_WAIT, LONGEST_WAIT, restart_wait


def test_the_first_end_is_cured_almost_at_once():
    assert restart_wait(1) == FIRST_WAIT


@given(some.integers(1, 1000))
def test_each_wait_is_at_least_as_long_as_the_one_before_and_never_endless(failures):
    assert restart_wait(failures) <= restart_wait(failures + 1) <= LONGEST_WAIT
