"""Webhooks from a fact to a program that listens, and what those who manage the base do about them."""

import json
from dataclasses import replace
from functools import partial

import pytest

from services.contracts.commands import AddWebhook, ReplayWebhook, RotateWebhookSecret, SwitchWebhook
from services.contracts.errors import InvalidInput, NotAllowed, NotFound, WrongState
from services.notify import webhook_queries, webhooks
from services.notify.channels.webhook import WebhookChannel
from services.notify.domain.webhooks import WAITS, secret_of, signature
from services.notify.outside import Outside
from services.notify.storage.webhooks import find_now
from tests.integration.notify.conftest import person_changed, team_changed
from tests.integration.notify.standins import fault
from tests.unit.notify import situations

OUTSIDE = Outside(["127.0.0.0/8"])
KEY = "the base's own key"
adding = partial(webhooks.add_webhook, outside=OUTSIDE)


@pytest.fixture
def base(notify):
    notify.hear(person_changed(situations.person("admin", roles=("admin",))))
    notify.hear(team_changed(team="team-02", name="另一团队"))
    return notify


@pytest.fixture
def hooks(base):
    """A connection to programs."""
    return WebhookChannel(OUTSIDE, KEY, lambda webhook: base.transactions.read(find_now, webhook=webhook))


def execute(base, handler, kind, actor="admin", **fields):
    base.count = getattr(base, "count", 0) + 1
    message = kind(actor=actor, request_key=f"k{base.count}", **fields)
    return base.transactions.execute(handler, message)


def add(base, standin, name="mes", **more):
    url = f"{str(standin.client.base_url).rstrip('/')}/hooks/{name}"
    answer = execute(base, adding, AddWebhook, name=name, url=url, **more)
    return webhooks.with_secret(answer, KEY).value


def received(standin, name="mes"):
    return standin.client.get("/api/messages", params={"channel": "webhook", "to": name}).json()


def about(base, webhook):
    return base.transactions.read(webhook_queries.webhook, actor="admin", webhook=webhook)


def listed(base, webhook, **more):
    return base.transactions.read(webhook_queries.webhook_deliveries, actor="admin", webhook=webhook, **more)["items"]


def test_a_program_is_told_and_can_check_who_told_it(base, hooks, wechat):
    made = add(base, wechat, team="team-01")
    base.hear(situations.approved_automatically().event)
    assert base.send(hooks) == 1
    [message] = received(wechat)
    assert message["data"]["type"] == "ReservationApproved"
    headers = message["headers"]
    signed = signature(
        made["secret"], headers["webhook-id"], int(headers["webhook-timestamp"]), message["raw"].encode()
    )
    assert headers["webhook-signature"] == signed
    assert made["secret"] not in json.dumps(base.rows("SELECT * FROM webhooks")[0]._asdict(), default=str)


def test_a_rivals_program_is_told_nothing(base, hooks, wechat):
    add(base, wechat, name="rival", team="team-02")
    add(base, wechat, name="base")
    base.hear(situations.approved_automatically().event)
    assert base.send(hooks) == 1
    assert not received(wechat, "rival")
    assert len(received(wechat, "base")) == 1


def test_of_steps_that_no_person_is_told_of_programs_are_told(base, hooks, wechat):
    add(base, wechat)
    base.hear(replace(situations.over().event, version=1))
    assert base.send(hooks) == 1


@pytest.mark.parametrize("kind", ["reset", "status", "slow"])
def test_a_repeat_has_the_same_id_and_the_same_bytes(base, hooks, wechat, kind, monkeypatch):
    monkeypatch.setattr("services.notify.channels.webhook.SILENCE", 0.3)
    add(base, wechat)
    base.hear(situations.approved_automatically().event)
    fault(wechat, fault=kind, route="/hooks/mes", when="after", **({"seconds": 1} if kind == "slow" else {}))
    base.send(hooks)
    assert base.states("webhook") in (["unknown"], ["retry"])
    base.pass_time(seconds=6)
    base.send(hooks)
    assert base.states("webhook") == ["accepted"]
    every = wechat.client.get("/api/messages?channel=webhook&shown=all").json()
    assert len({(each["headers"]["webhook-id"], each["raw"]) for each in every}) == 1
    assert len(received(wechat)) == 1, "the receiver knows the repeat by its id"


def test_a_redirect_is_not_followed(base, hooks, wechat):
    add(base, wechat)
    base.hear(situations.approved_automatically().event)
    fault(wechat, fault="status", code=302, route="/hooks/mes")
    base.send(hooks)
    assert not received(wechat, "elsewhere")
    assert base.rows("SELECT state, reason FROM deliveries WHERE channel = 'webhook'") == [("retry", "transient 302")]


def test_after_eighteen_repeats_without_an_answer_it_is_switched_off_and_told_why(base, hooks, wechat):
    made = add(base, wechat)
    base.hear(situations.approved_automatically().event)
    fault(wechat, fault="status", code=500, route="/hooks/mes", times=100)
    for wait in (*WAITS, None):
        assert base.send(hooks) == 1
        base.pass_time(seconds=(wait or WAITS[0]).total_seconds() + 1)
    assert base.rows("SELECT state, attempts FROM deliveries WHERE channel = 'webhook'") == [("dead", 19)]
    now = about(base, made["webhook"])
    assert (now["active"], now["reason"], now["dead"]) == (False, "no answer for three days", 1)
    base.hear(replace(situations.approved().event, version=2))
    assert base.send(hooks) == 0


def test_one_message_that_a_program_cannot_take_switches_nothing_off_and_holds_up_no_other(base, hooks, wechat):
    made = add(base, wechat)
    base.hear(situations.approved_automatically().event)
    fault(wechat, fault="status", code=500, route="/hooks/mes")
    base.send(hooks)
    base.change("UPDATE deliveries SET due_at = %s WHERE state = 'retry'", base.now + WAITS[-1])
    base.pass_time(seconds=61)
    base.hear(replace(situations.approved().event, version=2))
    assert base.send(hooks) == 1, "a later fact about the same reservation"
    base.change("UPDATE deliveries SET attempts = 19, due_at = %s WHERE state = 'retry'", base.now)
    base.send(hooks)
    assert sorted(base.states("webhook")) == ["accepted", "dead"]
    assert about(base, made["webhook"])["active"]


def test_one_that_does_not_answer_is_told_something_new_once_a_minute_and_holds_up_no_other(base, hooks, wechat):
    add(base, wechat, name="away")
    add(base, wechat, name="there")
    fault(wechat, fault="status", code=500, route="/hooks/away", times=100)
    for number in range(5):
        base.hear(replace(situations.approved_automatically().event, reservation=f"r-{number}"))
    tries = [base.send(hooks)]
    for _ in range(3):
        base.pass_time(seconds=61)
        tries.append(base.send(hooks))
    assert tries == [1 + 5, 1 + 1, 1 + 2, 1 + 3]
    assert len(received(wechat, "there")) == 5


def test_who_is_gone_is_switched_off_at_once(base, hooks, wechat):
    made = add(base, wechat)
    base.hear(situations.approved_automatically().event)
    fault(wechat, fault="status", code=410, route="/hooks/mes")
    base.send(hooks)
    assert (about(base, made["webhook"])["active"], about(base, made["webhook"])["reason"]) == (False, "gone")


def test_what_waits_is_skipped_when_it_is_switched_off(base, hooks, wechat):
    made = add(base, wechat)
    base.hear(situations.approved_automatically().event)
    execute(base, webhooks.switch_webhook, SwitchWebhook, webhook=made["webhook"], active=False)
    assert base.send(hooks) == 0
    assert base.rows("SELECT reason FROM deliveries WHERE state = 'skipped'") == [("the webhook is off",)]
    assert about(base, made["webhook"])["reason"] == "by admin"


def test_deliveries_are_replayed_one_by_one_or_all_that_are_dead(base, hooks, wechat):
    made = add(base, wechat)
    for version in (1, 2, 3):
        base.hear(replace(situations.approved().event, version=version))
    fault(wechat, fault="status", code=500, route="/hooks/mes", times=2)
    for _ in range(3):
        base.send(hooks)
        base.change("UPDATE deliveries SET due_at = %s WHERE state = 'retry'", base.now + WAITS[-1])
        base.pass_time(seconds=61)
    base.change("UPDATE deliveries SET state = 'dead', due_at = NULL WHERE state = 'retry'")
    dead = listed(base, made["webhook"], state="dead")
    assert [len(each["tries"]) for each in dead] == [1, 1]
    replay = {"handler": webhooks.replay_webhook, "kind": ReplayWebhook, "webhook": made["webhook"]}
    assert execute(base, **replay).value["count"] == 2
    assert base.send(hooks) == 2
    assert execute(base, **replay, delivery=str(dead[0]["id"])).value["count"] == 1, (
        "an accepted one, at the receiver's wish"
    )
    base.send(hooks)
    [again] = [each for each in listed(base, made["webhook"]) if each["id"] == dead[0]["id"]]
    assert [each["detail"] for each in again["tries"] if each["outcome"] == "resent"] == ["by admin"] * 2
    with pytest.raises(NotFound):
        execute(base, **replay, delivery="11111111-2222-4333-8444-555555555555")
    execute(base, webhooks.switch_webhook, SwitchWebhook, webhook=made["webhook"], active=False)
    with pytest.raises(WrongState):
        execute(base, **replay)


def test_a_new_secret_signs_beside_the_former_one(base, hooks, wechat):
    made = add(base, wechat)
    answer = execute(base, webhooks.rotate_webhook_secret, RotateWebhookSecret, webhook=made["webhook"])
    assert webhooks.with_secret(answer, KEY).value["secret"] == secret_of(KEY, made["webhook"], 1) != made["secret"]
    assert "secret" not in webhooks.with_secret(answer._replace(replayed=True), KEY).value
    base.change("UPDATE webhooks SET changed_at = now()")
    base.hear(situations.approved_automatically().event)
    base.send(hooks)
    assert len(received(wechat)[0]["headers"]["webhook-signature"].split()) == 2


@pytest.mark.parametrize("actor", ["member01", "lead01", "manager-labs", "nobody"])
def test_only_those_who_manage_the_base_see_and_change_webhooks(base, wechat, actor):
    made = add(base, wechat)
    for query, fields in (
        (webhook_queries.webhooks, {}),
        (webhook_queries.webhook, {"webhook": made["webhook"]}),
        (webhook_queries.webhook_deliveries, {"webhook": made["webhook"]}),
    ):
        with pytest.raises(NotAllowed):
            base.transactions.read(query, actor=actor, **fields)
    with pytest.raises(NotAllowed):
        execute(base, webhooks.switch_webhook, SwitchWebhook, actor, webhook=made["webhook"], active=False)
    with pytest.raises(NotAllowed):
        execute(base, adding, AddWebhook, actor, name="x", url="https://x.example.test/")


def test_all_that_is_wrong_is_told_at_once(base):
    strict = partial(webhooks.add_webhook, outside=Outside())
    with pytest.raises(InvalidInput) as refused:
        execute(base, strict, AddWebhook, name="x", url="https://10.0.0.1/", team="team-99", facts=["Weather"])
    assert refused.value.facts["errors"] == {
        "url": ["address_not_allowed"], "team": ["unknown"], "facts": ["unknown_choice"],
    }  # fmt: skip
