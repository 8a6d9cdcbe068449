"""Addresses of databases and accounts."""

from deploy.local.environment import with_account
from deploy.local.provisioning import beside, database_passwords


def test_another_database_keeps_the_options_of_the_address():
    assert beside("postgresql://u:p@h:5/postgres?sslmode=require", "booking") == (
        "postgresql://u:p@h:5/booking?sslmode=require"
    )


def test_another_account_on_the_same_server():
    assert with_account("amqp://admin:p@h:5672//", "booking", "a/b") == "amqp://booking:a%2Fb@h:5672//"


def test_a_server_on_its_usual_port():
    assert with_account("postgresql://u@database/postgres", "x", "y", "/x") == "postgresql://x:y@database/x"


def test_passwords_come_from_the_addresses_that_are_given():
    given = {"BOOKING_DATABASE_URL": "postgresql://booking:secret@h/booking", "VERIFY_DATABASE_URL": ""}
    assert database_passwords(given) == {"booking": "secret"}
