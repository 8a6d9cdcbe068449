"""From a fact on the broker to news on Redis."""

import json
from datetime import UTC, datetime

import pytest
from kombu import Connection

from services.contracts.events import PersonChanged
from services.contracts.messaging.envelope import Envelope
from services.portal.live import BOARD_CHANNEL
from services.portal.sessions import Sessions
from tests.unit.portal.facts import a_move, an_approval
from tests.waiting import until


@pytest.fixture
def news(redis):
    """What the streams would hear."""
    subscription = redis.pubsub(ignore_subscribe_messages=True)
    subscription.subscribe(BOARD_CHANNEL)
    heard = []

    def hear():
        while message := subscription.get_message(timeout=0.02):
            heard.append(message["data"])
        return heard

    yield hear
    subscription.close()


@pytest.fixture
def live(run_service, redis_url):
    return run_service(
        "live", "", target="services.portal.live.service:LiveService", config="services/portal/live/config.yml",
        REDIS_URL=redis_url,
    )


def publish(broker, event):
    envelope = Envelope.around(event, datetime.now(UTC))
    with Connection(broker) as connection:
        producer = connection.Producer()
        producer.publish(
            envelope.to_bytes(), exchange=f"facts.{event.source}", routing_key=envelope.type, delivery_mode=2,
            content_type="application/json", content_encoding="utf-8",
        )


def test_a_fact_is_told_as_its_facility_only(broker, live, news):
    publish(broker, an_approval(facility="LAB-1"))
    assert until(news) == ['{"facility":"LAB-1"}']


def test_a_move_is_told_for_both(broker, live, news):
    publish(broker, a_move(facility="LAB-1", former_facility="LAB-2"))
    told = until(lambda: len(news()) == 2 and news())
    assert sorted(json.loads(each)["facility"] for each in told) == ["LAB-1", "LAB-2"]


def test_who_may_no_longer_sign_in_is_signed_out_at_once(broker, live, redis):
    gone, there = Sessions(redis).begin("lead01"), Sessions(redis).begin("lead02")
    for person, active in (("lead01", False), ("lead02", True)):
        publish(broker, PersonChanged(
            version=2, person=person, name="李薇", email="a@b.example", language="en", active=active, roles=[],
            manages=[],
        ))  # fmt: skip
    until(lambda: Sessions(redis).find(gone) is None)
    assert Sessions(redis).find(there) is not None


def test_it_says_whether_it_is_ready(live):
    assert live.get("/readyz").status == 200
    assert live.get("/healthz").status == 200
