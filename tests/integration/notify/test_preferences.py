"""What people choose, as they choose it and as messages follow it."""

from datetime import timedelta

import pytest

from services.contracts.commands import ChooseNotifications
from services.contracts.errors import InvalidInput, NotAllowed, NotFound
from services.notify import handlers, queries
from tests.integration.notify.conftest import person_changed
from tests.unit.notify import situations


def choose(notify, actor="lead01", key="k", **chosen):
    message = ChooseNotifications(actor=actor, request_key=key, **chosen)
    return notify.transactions.execute(handlers.choose_notifications, message).value


def seen(notify, actor="lead01"):
    return notify.transactions.read(queries.notifications, actor=actor)


def test_who_has_chosen_nothing_sees_the_defaults(notify):
    found = seen(notify)
    assert found["bound"] == ["email", "wechat"]
    assert (found["language"], found["quiet_from"], found["digest"]) == (None, None, "none")
    assert found["switches"]["decisions"] == {"email": True, "wechat": True, "wecom": True}
    assert found["switches"]["reminders"] == {"email": False, "wechat": True, "wecom": True}


def test_what_was_chosen_is_seen_and_may_be_sent_back_as_it_is(notify):
    chosen = {"quiet_from": "22:30", "quiet_until": "06:00", "digest": "weekly", "digest_at": "17:45"}
    chosen |= {"digest_weekday": 5, "language": "en", "timezone": "Europe/Berlin"}
    chosen["switches"] = {"decisions": {"wechat": False}, "reminders": {"email": True}}
    answer = choose(notify, **chosen)
    assert answer == seen(notify)
    assert answer["switches"]["decisions"]["wechat"] is False
    assert answer["switches"]["reminders"]["email"] is True
    again = {name: value for name, value in answer.items() if name not in ("mandatory", "bound")}
    assert choose(notify, key="again", **again) == answer


def test_a_default_that_was_merely_seen_still_follows_a_new_channel(notify):
    notify.change("DELETE FROM bindings WHERE person = 'lead01'")
    found = seen(notify)
    assert found["switches"]["reminders"]["email"], "no phone is bound"
    choose(notify, switches=found["switches"])
    notify.change("INSERT INTO bindings VALUES ('lead01', 'wechat', 'demo-lead01', now())")
    assert not seen(notify)["switches"]["reminders"]["email"]


def test_all_that_is_wrong_is_said_at_once(notify):
    with pytest.raises(InvalidInput) as refusal:
        choose(notify, quiet_from="22:00", switches={"urgent": {"email": False}})
    assert refusal.value.facts["errors"] == {"quiet_until": ["required"], "switches.urgent": ["mandatory"]}
    with pytest.raises(InvalidInput):
        choose(notify, quiet_from="22:00", quiet_until="22:00")


def test_strangers_choose_nothing(notify):
    with pytest.raises(NotAllowed):
        choose(notify, actor="nobody")
    with pytest.raises(NotFound):
        seen(notify, "nobody")
    notify.hear(person_changed(situations.person("lead01", active=False), 2))
    with pytest.raises(NotFound):
        seen(notify)


def test_what_waits_for_a_digest_follows_the_new_choice(notify):
    choose(notify, digest="weekly", digest_weekday=7)
    notify.hear(situations.rejected().event)
    assert notify.states("email").count("held") == 0, "the fact waits for an earlier version"
    notify.hear(situations.requested().event)
    [(due_at,)] = notify.rows("SELECT DISTINCT due_at FROM deliveries WHERE state = 'held'")
    assert due_at > notify.now + timedelta(days=3)
    choose(notify, key="daily", digest="daily")
    [(due_at,)] = notify.rows("SELECT max(due_at) FROM deliveries WHERE state = 'held'")
    assert due_at <= notify.now + timedelta(days=1)
    choose(notify, key="none", digest="none")
    assert notify.rows("SELECT max(due_at) FROM deliveries WHERE state = 'held'") == [(notify.now,)]


def test_unsubscribing_takes_one_category_from_one_channel(notify):
    notify.transactions.run(lambda uow, now: handlers.switch_off("lead01", "reminders", "wechat", uow))
    notify.transactions.run(lambda uow, now: handlers.switch_off("lead01", "urgent", "email", uow))
    found = seen(notify)["switches"]
    assert not found["reminders"]["wechat"]
    assert found["decisions"]["wechat"]
    assert found["urgent"]["email"]
