"""Facts become copies and deliveries, once, whatever happens on the way."""

import uuid
from dataclasses import replace

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from services.contracts import events
from services.notify.storage.tables import metadata
from tests.integration.notify.conftest import facility_changed, person_changed, team_changed
from tests.unit.notify import situations


def test_the_migration_makes_what_the_tables_say(empty_notify):
    with empty_notify.engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), metadata)
    assert differences == []


def test_a_request_reaches_its_managers_on_every_channel(notify):
    assert notify.hear(situations.requested().event) == "handled"
    assert notify.told() == {
        ("ReservationRequested", "manager-labs", "email"): "pending",
        ("ReservationRequested", "manager-labs", "wechat"): "pending",
    }


def test_the_same_fact_twice_is_one_delivery(notify):
    event, event_id = situations.requested().event, str(uuid.uuid4())
    assert [notify.hear(event, event_id), notify.hear(event, event_id)] == ["handled", "repeated"]
    assert len(notify.told()) == 2


def test_even_a_fact_that_is_handled_again_is_one_delivery(notify):
    event, event_id = situations.requested().event, str(uuid.uuid4())
    notify.hear(event, event_id)
    notify.change("DELETE FROM inbox")
    notify.change("UPDATE inbox_position SET version = 0 WHERE aggregate_type = 'reservation'")
    assert notify.hear(event, event_id) == "handled"
    assert len(notify.told()) == 2


def test_invitations_are_taken_back_from_those_who_hold_them(notify):
    notify.hear(situations.requested().event)
    notify.hear(situations.approved().event)
    cancelled = situations.cancelled().event
    notify.hear(cancelled)
    asked = "SELECT recipient, content->>'method' AS method FROM deliveries WHERE channel = 'email' AND version = %s"
    assert dict(notify.rows(asked, 2)) == {"lead01": "REQUEST", "member01": "REQUEST"}
    assert dict(notify.rows(asked, 3)) == {"lead01": "CANCEL", "member01": "CANCEL"}
    assert notify.rows("SELECT invited, version FROM reservations") == [([], 3)]


def test_text_is_frozen_when_it_is_written(notify):
    notify.hear(situations.requested().event)
    notify.hear(facility_changed(2, names={"zh-Hans": "改名"}))
    [(subject,)] = notify.rows("SELECT content->>'subject' FROM deliveries WHERE channel = 'email'")
    assert subject == "[预约 3f2a9c1d] 高低温老化 · 待审批"


def test_what_is_over_makes_no_deliveries_but_is_noted(notify):
    over = replace(situations.over().event, version=1)
    assert notify.hear(over) == "handled"
    assert notify.told() == {}
    assert len(notify.rows("SELECT 1 FROM reservations")) == 1


def test_steps_that_nobody_hears_of_only_advance(notify):
    notify.hear(situations.requested().event)
    notify.hear(situations.approved().event)
    before = notify.told()
    assert notify.hear(situations.step(events.ReservationStarted, "in_use", 3)) == "handled"
    assert notify.told() == before


def test_a_fact_that_overtakes_its_people_waits_for_them(empty_notify):
    notify = empty_notify
    assert notify.hear(situations.approved_automatically().event) == "parked"
    for person in (situations.LEAD, situations.MEMBER):
        notify.hear(person_changed(person))
    notify.hear(team_changed())
    notify.hear(facility_changed())
    notify.pass_time(seconds=5)
    event = situations.approved_automatically().event
    [(event_id,)] = notify.rows("SELECT event_id FROM inbox WHERE parked")
    assert notify.hear(event, str(event_id)) == "handled"
    assert len(notify.told()) == 2, "mail only: nobody is bound to WeChat"


def test_an_older_copy_is_ignored(notify):
    notify.hear(person_changed(replace(situations.LEAD, name="新名"), version=3))
    notify.hear(person_changed(replace(situations.LEAD, name="旧名"), version=2))
    assert notify.rows("SELECT name FROM people WHERE person = 'lead01'") == [("新名",)]


def test_verify_sees_deliveries(notify):
    notify.hear(situations.requested().event)
    rows = notify.rows("SELECT recipient, channel, state, attempts, provider_reference FROM verify.deliveries")
    assert ("manager-labs", "email", "pending", 0, None) in rows
