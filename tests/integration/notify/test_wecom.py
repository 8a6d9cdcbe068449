"""WeCom and the group robot against the stand-in."""

from dataclasses import replace

import pytest

from services.notify.channels.unset import UnsetChannel
from services.notify.domain.audience import recipients
from services.notify.domain.deliveries import Cause
from services.notify.rendering.composer import Composer
from tests.integration.notify.standins import fault, shown
from tests.unit.notify import situations

COMPOSER = Composer("https://booking.example.test", "base@example.test", robots=["base", "LAB-9"])


def requested(notify, number=0, facility="LAB-1", person=situations.MANAGER):
    """A request of which one manager on WeCom and their group are told."""
    made = situations.requested()
    reservation = f"{number:08}-0000-4000-8000-000000000000"
    event = replace(made.event, reservation=reservation, facility=facility)
    reader = replace(person, manages=(facility,), bindings={"wecom": f"demo-{person.person}"}, email="")
    situation = replace(made, event=event, people={**made.people, person.person: reader})
    told = [each for each in recipients(situation) if each.person.person == person.person]
    cause = Cause(f"{number:08}-1111-4222-8333-{abs(hash((facility, notify.url))) % 10**12:012}", "thread", notify.now)
    notify.transactions.run(lambda uow, now: uow.deliveries.add(COMPOSER.compose(situation, told, cause)))


def told(notify):
    return [tuple(row) for row in notify.rows("SELECT channel, recipient, state, reason FROM deliveries ORDER BY 1, 2")]


def test_a_colleague_and_the_group_are_told(notify, wecom, robot, wechat):
    requested(notify)
    assert notify.send(wecom) == notify.send(robot) == 1
    assert told(notify) == [("robot", "@base", "accepted", None), ("wecom", "manager-labs", "accepted", None)]
    seen = {message["channel"]: message for message in shown(wechat)}
    assert seen["wecom"]["to"] == "demo-manager-labs"
    assert seen["wecom"]["data"]["title"] == "待审批 · 高低温老化"
    assert "cut" not in seen["wecom"]["flags"]
    assert seen["robot"]["text"].startswith("**待审批 · 高低温老化**")


@pytest.mark.parametrize("kind", ["reset", "truncate", "html200", "empty200"])
def test_a_lost_answer_shows_one_card_because_the_repeat_is_the_same_body(notify, wecom, wechat, kind):
    requested(notify)
    fault(wechat, fault=kind, when="after")
    notify.send(wecom)
    assert notify.states("wecom") == ["unknown"]
    notify.pass_time(seconds=31)
    notify.send(wecom)
    assert notify.states("wecom") == ["accepted"]
    assert len(shown(wechat)) == 1
    sent = [row for row in wechat.client.get("/api/requests").json() if row["path"].endswith("message/send")]
    assert len({row["body_digest"] for row in sent}) == 1


@pytest.mark.parametrize("state", ["unknown", "unlicensed", "blocked"])
def test_who_is_not_reached_there_is_named_although_the_code_is_zero(notify, wecom, wechat, state):
    requested(notify)
    wechat.client.post("/api/people", json={"person": "demo-manager-labs", "state": state})
    notify.send(wecom)
    wechat.client.post("/api/people", json={"person": "demo-manager-labs", "state": "following"})
    assert notify.states("wecom") == ["dead"]
    assert not shown(wechat)


def test_one_colleague_gets_at_most_twenty_in_a_minute_and_the_rest_later(notify, wecom, wechat):
    for number in range(30):
        requested(notify, number)
    sent = 0
    while count := notify.send(wecom):
        sent += count
    assert sent == 20
    assert all("dropped" not in message["flags"] for message in wechat.client.get("/api/messages?shown=all").json())
    notify.pass_time(seconds=61)
    assert notify.send(wecom) == 10
    assert notify.rows("SELECT DISTINCT attempts FROM deliveries WHERE channel = 'wecom'") == [(1,)]


def test_a_robot_keeps_below_its_twenty_a_minute_and_others_do_not_wait_for_it(notify, robot, wecom, wechat):
    wechat.client.post("/api/clock", json={"seconds": 61})
    for number in range(20):
        requested(notify, number)
    requested(notify, 99, person=situations.FOREIGN_MANAGER)
    while notify.send(robot):
        pass
    assert notify.states("robot").count("accepted") == 15
    assert notify.send(wecom) >= 20
    notify.pass_time(seconds=61)
    wechat.client.post("/api/clock", json={"seconds": 61})
    notify.send(robot)
    assert set(notify.states("robot")) == {"accepted"}


def test_a_full_robot_waits_and_burns_no_tries(notify, robot, wechat):
    requested(notify)
    fault(wechat, fault="code", code=45009)
    notify.send(robot)
    assert notify.rows("SELECT state, attempts FROM deliveries WHERE channel = 'robot'") == [("retry", 0)]
    notify.pass_time(seconds=73)
    wechat.client.post("/api/clock", json={"seconds": 61})
    notify.send(robot)
    assert notify.states("robot") == ["accepted"]


def test_what_is_in_doubt_is_not_said_twice_in_a_group(notify, robot, wechat):
    wechat.client.post("/api/clock", json={"seconds": 61})
    requested(notify)
    fault(wechat, fault="reset", when="after")
    notify.send(robot)
    notify.pass_time(hours=1)
    assert notify.send(robot) == 0
    assert told(notify)[0] == ("robot", "@base", "dead", "in doubt, unknown")
    assert len(shown(wechat)) == 1


def test_a_robot_that_is_gone_holds_up_no_other(notify, robot, wechat):
    wechat.client.post("/api/clock", json={"seconds": 61})
    requested(notify, 1, facility="LAB-9")
    requested(notify, 2)
    assert notify.send(robot) == 2
    states = dict(notify.rows("SELECT recipient, state FROM deliveries WHERE channel = 'robot'"))
    assert states == {"@LAB-9": "retry", "@base": "accepted"}
    notify.pass_time(minutes=1)
    notify.send(robot)
    assert ("robot", "@LAB-9", "dead", "configuration 93000") in told(notify)


def test_without_a_wecom_account_an_operator_is_told_and_nothing_is_lost(notify, caplog):
    requested(notify)
    assert notify.send(UnsetChannel("wecom")) == 1
    assert notify.rows("SELECT state, reason FROM deliveries WHERE channel = 'wecom'") == [
        ("retry", "configuration unset")
    ]
    assert "ERROR" in {record.levelname for record in caplog.records}
