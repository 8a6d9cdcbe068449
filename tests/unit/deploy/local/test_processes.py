"""The table of processes."""

from deploy.local.processes import MESSAGING, PORT_OFFSETS, PROCESSES, Process, command_of, environment_of

EVERYTHING = {
    "LOG_LEVEL": "INFO",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "ACCOUNTS_DATABASE_URL": "a",
    "BOOKING_DATABASE_URL": "b",
    "BOOKING_AMQP_URL": "c",
    "PORTAL_AMQP_URL": "d",
    "SECRET_KEY": "e",
    "SMTP_PASSWORD": "f",
    "WECHAT_APP_SECRET": "g",
}


def named(name):
    return next(process for process in PROCESSES if process.name == name)


def secrets_of(name):
    return environment_of(named(name), EVERYTHING).keys() - {"LOG_LEVEL", "REDIS_URL"}


def test_names_and_ports_are_each_used_once():
    names = [process.name for process in PROCESSES]
    assert len(set(names)) == len(names)
    assert len(set(PORT_OFFSETS)) == len(PORT_OFFSETS)


def test_a_process_is_told_its_own_secrets_only():
    assert secrets_of("booking") == {"BOOKING_DATABASE_URL", "BOOKING_AMQP_URL"}
    assert secrets_of("portal") - {"MALLOC_ARENA_MAX"} == {"PORTAL_AMQP_URL", "SECRET_KEY"}
    assert secrets_of("mailbox") == set()
    assert {"SMTP_PASSWORD", "WECHAT_APP_SECRET"} <= secrets_of("sender")


def test_only_the_sender_knows_how_to_send():
    assert [process.name for process in PROCESSES if process.owns == MESSAGING] == ["sender"]


def test_everybody_is_told_what_is_no_secret():
    assert all(environment_of(process, EVERYTHING)["LOG_LEVEL"] == "INFO" for process in PROCESSES)


def test_ports_are_filled_into_the_command():
    assert command_of(Process("x", ("server", "--port", "{live_port}"), 1), 8000)[-1] == "8001"


def test_what_nobody_waits_for_yields():
    assert {process.name for process in PROCESSES if process.nice} == {
        "mailbox",
        "wechat",
        "notify",
        "sender",
        "live-feed",
        "solver",
    }
