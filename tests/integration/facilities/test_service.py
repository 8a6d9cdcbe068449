"""The running service, over the broker."""

import uuid

import pytest

from services.contracts.commands import SaveFacility
from services.contracts.errors import InvalidInput, NotAllowed, NotFound, StaleVersion
from services.contracts.messaging.broker import Confirmed
from services.contracts.messaging.envelope import Envelope
from tests.unit.facilities.fakes import NOW, a_facility_entry, a_person
from tests.waiting import until

pytestmark = pytest.mark.usefixtures("service")


@pytest.fixture
def service(base, run_service, database_url):
    return run_service("facilities", database_url)


@pytest.fixture
def tell(broker):
    """tell(event) publishes a fact of accounts."""
    publisher = Confirmed(broker)

    def publish(event):
        envelope = Envelope.around(event, NOW)
        assert publisher.publish("facts.accounts", [(envelope.event_id, envelope.type, envelope.to_bytes())])

    return publish


def save(client, actor="admin", key=None, **fields):
    return client.send(SaveFacility(actor=actor, request_key=key or uuid.uuid4().hex, **a_facility_entry(**fields)))


def ask(client, facility="LAB-1"):
    return client.call("facilities", "facility", {"actor": "member", "facility": facility})


def test_lists_come_by_kind_and_code(client):
    def codes(**filters):
        items = client.call("facilities", "facilities", {"actor": "member", **filters})["items"]
        return [item["code"] for item in items]

    assert codes() == ["LINE-1", "LAB-1", "LAB-2", "PLAT-01"]
    assert codes(kind="lab") == ["LAB-1", "LAB-2"]
    assert codes(kind="'; --") == []


def test_a_facility_shows_its_rules_and_managers(client):
    found = ask(client)
    assert found["managers"] == [{"person": "keeper", "name": "陈主管"}, {"person": "second", "name": "second"}]
    assert a_facility_entry().items() <= found.items()
    assert (found["version"], found["code"]) == (1, "LAB-1")
    with pytest.raises(NotFound):
        ask(client, "LAB-99")


def test_what_is_read_can_be_changed_and_the_fact_leaves(client, engine):
    answer = save(client, "keeper", version=ask(client)["version"], location="2 楼")
    assert answer.value == {"facility": "LAB-1", "version": 2}
    assert ask(client)["location"] == "2 楼"

    def all_sent():
        with engine.connect() as connection:
            return connection.exec_driver_sql("SELECT bool_and(sent_at IS NOT NULL) FROM verify.outbox").scalar()

    until(all_sent)


def test_a_repeated_key_is_answered_as_the_first_time(client):
    first = save(client, key="once", version=1, location="2 楼")
    again = save(client, key="once", version=1, location="2 楼")
    assert (again.value, again.replayed) == (first.value, True)


def test_refusals_travel(client):
    with pytest.raises(NotAllowed):
        save(client, "member", version=1)
    with pytest.raises(StaleVersion) as stale:
        save(client, version=7)
    assert stale.value.facts == {"version": 1}
    with pytest.raises(InvalidInput) as wrong:
        save(client, version=1, units=[], names={"en": "x"}, opening_hours=[[[600, 500]]] + [[]] * 6)
    assert set(wrong.value.facts["errors"]) == {"names.zh-Hans", "units", "opening_hours.0"}


def test_managers_follow_the_facts_of_accounts(client, tell):
    tell(a_person("keeper", ["facility_manager"], ["LAB-2"], name="陈主管", version=2))
    until(lambda: [manager["person"] for manager in ask(client)["managers"]] == ["second"])
    with pytest.raises(NotAllowed):
        save(client, "keeper", version=1)
    assert save(client, "keeper", facility="LAB-2", version=1, location="2 楼").value["version"] == 2
