"""Webhooks: who is told what, how it is signed, and where nobody may send us."""

import base64
import hashlib
import hmac
import json
import socket
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.contracts import events
from services.notify.channels.webhook import WebhookChannel
from services.notify.domain import webhooks
from services.notify.domain.outcomes import Kind
from services.notify.domain.webhooks import Webhook
from services.notify.outside import NotAllowed, Outside
from tests.unit.notify import situations

OWN = Webhook(
    webhook="aaaaaaaa-0000-4000-8000-000000000001",
    name="MES",
    url="https://mes.example.test/hooks",
    created_by="admin",
    created_at=situations.NOW,
    team="team-01",
)
RIVALS = replace(OWN, webhook="aaaaaaaa-0000-4000-8000-000000000002", team="team-02")
BASES = replace(OWN, webhook="aaaaaaaa-0000-4000-8000-000000000003", team=None)


def told(event, *listening):
    return {each.recipient: each for each in webhooks.deliveries(list(listening), event, situations.CAUSE)}


def test_a_team_is_told_of_its_own_reservations_and_the_base_of_all():
    found = told(situations.approved().event, OWN, RIVALS, BASES)
    assert found.keys() == {OWN.webhook, BASES.webhook}
    message = json.loads(found[OWN.webhook].content["body"])
    assert message["type"] == "ReservationApproved"
    assert message["reservation"]["id"] == situations.RESERVATION
    assert message["reservation"]["starts_at"] == "2026-03-05T01:00:00+00:00"
    assert found[OWN.webhook].content == found[BASES.webhook].content


def test_only_the_facts_that_were_asked_for_and_nothing_while_it_is_off():
    event = situations.approved().event
    assert told(event, replace(OWN, facts=("ReservationApproved",)))
    assert not told(event, replace(OWN, facts=("ReservationMoved",)))
    assert not told(event, replace(OWN, active=False))


def test_who_comes_next_on_the_unit_is_never_told():
    """The fact of an overrun names the next team, which is a rival."""
    event = situations.step(
        events.ReservationOverran, "in_use", 4, next_reservation="r2", next_team="team-02", next_requester="rival01",
        next_starts_at=datetime(2026, 3, 5, 5, tzinfo=UTC),
    )  # fmt: skip
    body = told(event, OWN)[OWN.webhook].content["body"]
    for secret in ("team-02", "rival01", "r2", "next"):
        assert secret not in body


def test_eighteen_repeats_last_for_three_days():
    assert len(webhooks.WAITS) == 18
    assert timedelta(hours=71) < sum(webhooks.WAITS, timedelta()) < timedelta(hours=73)
    assert list(webhooks.WAITS) == sorted(webhooks.WAITS)


def test_a_receiver_checks_what_we_sign():
    secret = webhooks.secret_of("key", OWN.webhook, 0)
    headers = webhooks.headers([secret], "d1", 1_800_000_000, b'{"a": 1}')
    expected = hmac.new(base64.b64decode(secret[6:]), b'd1.1800000000.{"a": 1}', hashlib.sha256).digest()
    assert headers["webhook-signature"] == f"v1,{base64.b64encode(expected).decode()}"
    assert (headers["webhook-id"], headers["webhook-timestamp"]) == ("d1", "1800000000")


def test_each_webhook_and_each_change_has_a_secret_of_its_own():
    made = {webhooks.secret_of(key, hook, changes) for key in "ab" for hook in "cd" for changes in (0, 1)}
    assert len(made) == 8


def test_for_a_day_after_a_change_both_secrets_count():
    changed = replace(OWN, changes=1, changed_at=situations.NOW)
    soon, later = situations.NOW + timedelta(hours=23), situations.NOW + timedelta(hours=25)
    new, old = (webhooks.secret_of("key", OWN.webhook, changes) for changes in (1, 0))
    assert webhooks.secrets_of("key", changed, soon) == [new, old]
    assert webhooks.secrets_of("key", changed, later) == [new]
    assert webhooks.secrets_of("key", OWN, soon) == [old]


@pytest.mark.parametrize(
    ("status", "kind"),
    [(200, Kind.ACCEPTED), (204, Kind.ACCEPTED), (301, Kind.TRANSIENT), (307, Kind.TRANSIENT), (400, Kind.TRANSIENT),
     (404, Kind.TRANSIENT), (410, Kind.RECIPIENT), (429, Kind.TRANSIENT), (500, Kind.TRANSIENT), (503, Kind.TRANSIENT)],
)  # fmt: skip
def test_what_a_status_means(status, kind):
    assert webhooks.outcome_of(status, None).kind is kind


def test_a_receiver_may_ask_for_time_but_not_for_ever():
    assert webhooks.outcome_of(429, "90").wait == timedelta(seconds=90)
    assert webhooks.outcome_of(503, "99999999").wait == timedelta(hours=1)
    assert webhooks.outcome_of(503, "tomorrow").wait == timedelta()


INSIDE = [
    "127.0.0.1", "10.0.0.1", "172.16.3.4", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
    "255.255.255.255", "198.18.0.1", "192.0.2.1", "::1", "::", "fe80::1", "fc00::1", "ff02::1", "::ffff:127.0.0.1",
    "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::1", "2001:db8::1",
]  # fmt: skip


@pytest.mark.parametrize("address", INSIDE)
def test_no_address_of_ours_is_reached_whatever_it_is_dressed_as(address):
    outside = Outside(resolve=lambda host, port: [address])
    with pytest.raises(NotAllowed):
        outside.connection("https://innocent.example.test/", 1)
    with pytest.raises(NotAllowed):
        outside.checked(["93.184.216.34", address], secure=True)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:4700::1111", "8.8.8.8"])
def test_the_open_internet_is_reached_with_encryption_only(address):
    assert Outside().checked([address], secure=True)
    with pytest.raises(NotAllowed):
        Outside().checked([address], secure=False)


def test_networks_that_a_setting_allows_are_reached():
    outside = Outside(["127.0.0.0/8"])
    assert outside.checked(["127.0.0.1"], secure=False)
    with pytest.raises(NotAllowed):
        outside.checked(["10.0.0.1"], secure=True)
    with pytest.raises(NotAllowed):
        outside.checked(["::1"], secure=True)


@pytest.mark.parametrize(
    ("url", "word"),
    [
        ("https://mes.example.test/hooks", None),
        ("https://mes.example.test:8443/", None),
        ("http://mes.example.test/", "not_https"),
        ("https://127.0.0.1/", "address_not_allowed"),
        ("https://[::1]/", "address_not_allowed"),
        ("https://169.254.169.254/latest/meta-data", "address_not_allowed"),
        ("https:///nowhere", "malformed"),
        ("https://a:99999/", "malformed"),
        ("https://[half/", "malformed"),
    ],
)
def test_what_is_wrong_with_an_address_is_told_when_it_is_typed(url, word):
    assert Outside().objection(url) == word


class Receiver:
    """Listens on a port of this machine, answers once, and keeps what it was sent."""

    def __init__(self, answer=b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"):
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.answer = answer
        self.port = self.listening.getsockname()[1]


def test_the_name_is_resolved_once_and_the_checked_address_is_connected_to():
    """A name that would lead elsewhere a moment later (DNS rebinding) gains nothing."""
    receiver, answers = Receiver(), iter([["127.0.0.1"], ["10.0.0.1"]])
    outside = Outside(["127.0.0.0/8"], resolve=lambda host, port: next(answers))
    connection = outside.connection(f"http://rebinding.example.test:{receiver.port}/x", 2)
    assert connection.sock.getpeername() == ("127.0.0.1", receiver.port)
    assert not connection.auto_open
    assert len(list(answers)) == 1
    connection.close()
    receiver.listening.close()


def channel(outside, find=lambda webhook: OWN, key="key"):
    return WebhookChannel(outside, key, find)


def test_where_nobody_may_send_us_is_final_and_what_is_away_is_not():
    delivery = told(situations.approved().event, OWN)[OWN.webhook]
    forbidden = channel(Outside(resolve=lambda host, port: ["10.0.0.1"])).send(delivery)
    assert (forbidden.kind, forbidden.code) == (Kind.RECIPIENT, "address")
    away = Outside(["127.0.0.0/8"], resolve=lambda host, port: ["127.0.0.1"])
    assert channel(away).send(replace(delivery, address="http://127.0.0.1:1/")).kind is Kind.TRANSIENT

    def unknown(host, port):
        raise socket.gaierror

    assert channel(Outside(resolve=unknown)).send(delivery).kind is Kind.TRANSIENT


def test_nothing_goes_out_unsigned():
    delivery = told(situations.approved().event, OWN)[OWN.webhook]
    assert channel(Outside(), key="").send(delivery).kind is Kind.CONFIGURATION
    assert channel(Outside(), find=lambda webhook: None).send(delivery).kind is Kind.CONFIGURATION
