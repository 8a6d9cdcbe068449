"""Ports are free when they are chosen, and kept."""

import socket

import pytest

from deploy.local import ports
from deploy.local.ports import Ports


@pytest.fixture
def taken():
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield listening.getsockname()[1]


def test_a_port_with_a_listener_is_not_free(taken):
    assert not ports.is_free(taken)
    assert ports.answers(taken)


def test_a_range_is_free_as_a_whole():
    base = ports.choose((0, 1, 14))
    assert all(ports.is_free(base + offset) for offset in (0, 1, 14))


def test_a_port_is_kept_between_runs(tmp_path):
    path = tmp_path / "ports.json"
    assert Ports(path).port("redis") == Ports(path).port("redis")


def test_a_kept_port_that_was_taken_is_chosen_anew(tmp_path, taken):
    path = tmp_path / "ports.json"
    path.write_text(f'{{"redis": {taken}}}')
    assert Ports(path).port("redis") != taken
