"""Tying a person to an account: codes, scans, confirmation, and what the platform reports."""

import uuid
from datetime import timedelta
from functools import partial

import pytest

from services.contracts.commands import (
    BindChannel,
    ConfirmBinding,
    DropBinding,
    ProveBinding,
    StartBinding,
    TakeWechatEvent,
)
from services.contracts.errors import InvalidInput, NotAllowed, NotFound, TooManyRequests, WrongState
from services.notify import binding, queries
from services.notify.domain.bindings import scene_of
from tests.integration.notify.conftest import person_changed
from tests.unit.notify import situations


class Hall:
    """People before their pages, and the platform that reports what they do with their phones."""

    def __init__(self, notify):
        self.notify = notify

    def give(self, handler, command, actor, seal=None, **fields):
        message = command(actor=actor, request_key=seal or str(uuid.uuid4()), **fields)
        return self.notify.transactions.execute(handler, message)

    def start(self, person):
        return self.give(binding.start_binding, StartBinding, person).value["code"]

    def confirm(self, person, code):
        return self.give(binding.confirm_binding, ConfirmBinding, person, code=code)

    def report(self, kind, sender, at=None, **fields):
        sent_at = at or self.notify.now
        return self.give(
            binding.take_wechat_event, TakeWechatEvent, "wechat", sender=sender, kind=kind, sent_at=sent_at, **fields
        )

    def scan(self, code, sender, **more):
        return self.report("SCAN", sender, key=scene_of(code), **more)

    def state(self, person, code):
        now = self.notify.now
        return self.notify.transactions.read(queries.binding_code, actor=person, code=code, now=now)

    def bound(self, person):
        found = self.notify.rows("SELECT external_id, state FROM bindings WHERE person = %s", person)
        return [tuple(row) for row in found]


@pytest.fixture
def hall(notify):
    """Nobody is bound yet."""
    notify.change("DELETE FROM bindings")
    notify.hear(person_changed(situations.person("admin", roles=("admin",))))
    return Hall(notify)


def test_a_code_is_scanned_confirmed_and_used_up(hall):
    code = hall.start("member01")
    assert hall.state("member01", code)["state"] == "open"
    hall.report("subscribe", "openid-1234", key=f"qrscene_{scene_of(code)}")
    told = hall.state("member01", code)
    assert (told["state"], told["hint"]) == ("scanned", "…1234")
    assert "openid-1234" not in str(told), "the whole id is shown nowhere"
    assert hall.bound("member01") == []
    hall.confirm("member01", code)
    assert hall.bound("member01") == [("openid-1234", "active")]
    with pytest.raises(WrongState):
        hall.confirm("member01", code)


def test_the_first_scan_wins(hall):
    """Somebody else's scan of the same code takes nothing over, before the confirmation or after it."""
    code = hall.start("member01")
    hall.scan(code, "openid-first")
    hall.scan(code, "openid-second")
    hall.confirm("member01", code)
    hall.scan(code, "openid-third")
    assert hall.bound("member01") == [("openid-first", "active")]


def test_a_code_runs_out(hall):
    code = hall.start("member01")
    hall.notify.pass_time(minutes=5)
    hall.scan(code, "openid-1")
    assert hall.state("member01", code)["state"] == "expired"
    with pytest.raises(WrongState) as refused:
        hall.confirm("member01", code)
    assert refused.value.facts == {"reason": "code_expired"}


def test_a_new_code_voids_the_one_before(hall):
    first = hall.start("member01")
    hall.start("member01")
    hall.scan(first, "openid-1")
    assert hall.state("member01", first)["state"] == "expired"


def test_only_the_person_for_whom_it_was_made_confirms(hall):
    code = hall.start("member01")
    hall.scan(code, "openid-1")
    with pytest.raises(NotFound):
        hall.confirm("lead01", code)
    with pytest.raises(NotFound):
        hall.state("lead01", code)
    assert hall.bound("member01") == hall.bound("lead01") == []


def test_an_account_of_somebody_else_is_refused(hall):
    for person in ("lead01", "member01"):
        code = hall.start(person)
        hall.scan(code, "openid-1")
        if person == "lead01":
            hall.confirm(person, code)
    assert hall.state("member01", code)["taken"]
    with pytest.raises(InvalidInput) as refused:
        hall.confirm("member01", code)
    assert refused.value.facts == {"errors": {"external_id": ["taken"]}}
    assert hall.bound("lead01") == [("openid-1", "active")]


def test_codes_are_not_made_without_end(hall):
    for _ in range(10):
        hall.start("member01")
    with pytest.raises(TooManyRequests):
        hall.start("member01")
    hall.notify.pass_time(minutes=11)
    assert hall.start("member01")


def test_nobody_unknown_gets_a_code(hall):
    with pytest.raises(NotAllowed):
        hall.start("stranger")


def bind(hall, person, external_id):
    fields = {"person": person, "channel": "wechat", "external_id": external_id}
    return hall.give(binding.bind_channel, BindChannel, "admin", **fields)


def test_who_unfollows_is_written_to_by_mail_only(hall):
    bind(hall, "lead01", "openid-1")
    bind(hall, "member01", "openid-2")
    hall.notify.pass_time(seconds=5)
    hall.report("unsubscribe", "openid-1")
    assert hall.bound("lead01") == [("openid-1", "suspended")]
    hall.notify.hear(situations.approved_automatically().event)
    channels = {(recipient, channel) for _, recipient, channel in hall.notify.told()}
    assert ("lead01", "email") in channels
    assert ("lead01", "wechat") not in channels
    assert ("member01", "wechat") in channels


def test_following_again_restores_nothing_by_itself(hall):
    bind(hall, "lead01", "openid-1")
    hall.notify.pass_time(seconds=5)
    hall.report("unsubscribe", "openid-1")
    hall.notify.pass_time(seconds=5)
    hall.report("subscribe", "openid-1")
    assert hall.bound("lead01") == [("openid-1", "suspended")]
    code = hall.start("lead01")
    hall.scan(code, "openid-1")
    hall.confirm("lead01", code)
    assert hall.bound("lead01") == [("openid-1", "active")]


def test_a_suspended_account_may_be_bound_by_somebody_else(hall):
    bind(hall, "lead01", "openid-1")
    hall.notify.pass_time(seconds=5)
    hall.report("unsubscribe", "openid-1")
    bind(hall, "member01", "openid-1")
    assert hall.bound("lead01") == []
    assert hall.bound("member01") == [("openid-1", "active")]


def test_a_report_from_before_the_binding_suspends_nothing(hall):
    bind(hall, "lead01", "openid-1")
    hall.report("unsubscribe", "openid-1", at=hall.notify.now - timedelta(seconds=60))
    assert hall.bound("lead01") == [("openid-1", "active")]


def test_the_second_of_the_binding_is_not_before_it(hall):
    """The platform tells whole seconds: who leaves at once has left all the same."""
    hall.notify.now = hall.notify.now.replace(microsecond=900_000)
    bind(hall, "lead01", "openid-1")
    hall.report("unsubscribe", "openid-1", at=hall.notify.now.replace(microsecond=0))
    assert hall.bound("lead01") == [("openid-1", "suspended")]


def test_a_report_counts_once_however_often_it_comes(hall):
    bind(hall, "lead01", "openid-1")
    hall.notify.pass_time(seconds=5)
    at = hall.notify.now
    assert hall.report("unsubscribe", "openid-1", at=at).value == {"first": True}
    assert hall.report("unsubscribe", "openid-1", at=at).value == {"first": False}
    message = {"sender": "openid-1", "kind": "unsubscribe", "sent_at": at}
    seal = hall.give(binding.take_wechat_event, TakeWechatEvent, "wechat", seal="seal", **message)
    again = hall.give(binding.take_wechat_event, TakeWechatEvent, "wechat", seal="seal", **message)
    assert (seal.replayed, again.replayed) == (False, True)
    assert len(hall.notify.rows("SELECT 1 FROM audit WHERE object LIKE '%%suspended%%'")) == 1


@pytest.mark.parametrize("key", ["", "qrscene_", "' OR 1=1 --", "0" * 32, "f" * 64])
def test_scenes_that_are_not_ours_have_no_effect(hall, key):
    assert hall.report("SCAN", "openid-1", key=key).value == {"first": True}


def test_the_person_unties(hall):
    bind(hall, "lead01", "openid-1")
    hall.give(binding.drop_binding, DropBinding, "lead01", channel="wechat")
    assert hall.bound("lead01") == []
    with pytest.raises(NotFound):
        hall.give(binding.drop_binding, DropBinding, "lead01", channel="wechat")


def test_who_tied_and_untied_is_in_the_audit_trail(hall):
    bind(hall, "lead01", "openid-1234")
    hall.notify.pass_time(seconds=5)
    hall.report("unsubscribe", "openid-1234")
    hall.give(binding.drop_binding, DropBinding, "lead01", channel="wechat")
    trail = "SELECT actor, action, object FROM audit WHERE chain = 'binding:lead01:wechat' ORDER BY sequence"
    steps = hall.notify.rows(trail)
    assert [(step.actor, step.action) for step in steps] == [
        ("admin", "BindChannel"),
        ("wechat", "TakeWechatEvent"),
        ("lead01", "DropBinding"),
    ]
    assert "unfollowed" in steps[1].object
    assert "openid-1234" not in str(steps)


def test_what_has_grown_old_is_forgotten(hall):
    hall.start("member01")
    hall.report("subscribe", "openid-1")
    hall.notify.pass_time(days=8)
    hall.notify.transactions.run(lambda uow, now: uow.codes.forget(now))
    assert hall.notify.rows("SELECT 1 FROM binding_codes") == hall.notify.rows("SELECT 1 FROM callbacks") == []


@pytest.mark.parametrize("external_id", ["@all", "a|b", "a b", "李薇", "x" * 65])
def test_an_id_names_one_account(hall, external_id):
    fields = {"person": "lead01", "channel": "wecom", "external_id": external_id}
    with pytest.raises(InvalidInput):
        hall.give(binding.bind_channel, BindChannel, "admin", **fields)
    assert hall.bound("lead01") == []


def test_admins_see_where_the_staff_is_reached_and_find_the_others(hall):
    bind(hall, "lead01", "openid-1234")
    read = partial(hall.notify.transactions.read, queries.reached)
    hall.notify.change("INSERT INTO suppressions VALUES ('member01@example.test', '550 unknown', now())")
    shown = {item["person"]: item for item in read(actor="admin")["items"]}
    assert set(shown) == {"admin", "base", "manager-labs", "member01"}
    assert shown["member01"]["suppressed"] == "550 unknown"
    [found] = read(actor="admin", words="LEAD01")["items"]
    assert found["bindings"] == [{"channel": "wechat", "state": "active", "reason": None, "hint": "…1234"}]
    assert read(actor="admin", words="%")["items"] == []
    for actor in ("base", "lead01", "nobody"):
        with pytest.raises(NotAllowed):
            read(actor=actor)



def test_in_wecom_there_is_nothing_to_scan(hall):
    with pytest.raises(InvalidInput):
        hall.give(binding.start_binding, StartBinding, "member01", channel="wecom")
    code = hall.give(binding.start_binding, StartBinding, "member01", channel="wecom", inside=True).value["code"]
    hall.scan(code, "openid-1")
    assert hall.state("member01", code)["state"] == "open", "the account's code is of no use in WeCom"


def test_a_page_opened_inside_wechat_counts_as_the_scan(hall):
    code = hall.start("member01")
    message = ProveBinding(actor="member01", request_key="k", code=code, proof="p")
    hall.notify.transactions.run(lambda uow, now: binding.scanned_inside(message, "openid-1", uow, now))
    assert hall.state("member01", code)["state"] == "scanned"
    with pytest.raises(WrongState):
        hall.notify.transactions.run(lambda uow, now: binding.scanned_inside(message, "openid-2", uow, now))


def test_only_who_is_bound_and_active_is_recognised(hall):
    bind(hall, "lead01", "openid-1")
    asked = {"channel": "wechat", "external_id": "openid-1"}
    assert hall.notify.transactions.read(queries.bound_person, **asked) == "lead01"
    hall.notify.hear(person_changed(situations.person("lead01", active=False), version=2))
    assert hall.notify.transactions.read(queries.bound_person, **asked) is None
