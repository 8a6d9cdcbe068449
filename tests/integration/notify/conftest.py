"""Notify on a real database, with the copies of a small base, and both stand-ins."""

from datetime import timedelta
from functools import partial

import pytest

from services.contracts import events
from services.contracts.messaging.database import connect
from services.contracts.messaging.envelope import Envelope
from services.contracts.messaging.inbox import Inbox
from services.contracts.messaging.unit_of_work import Transactions
from services.notify import handlers
from services.notify.channels.email import EmailChannel, SmtpSettings
from services.notify.channels.robot import RobotChannel
from services.notify.channels.wechat import WeChatChannel
from services.notify.channels.wecom import WeComChannel, WeComSettings, app_token
from services.notify.domain.steps import CARDS
from services.notify.rendering.composer import Composer
from services.notify.sending import Sender
from services.notify.storage.unit_of_work import NotifyUnitOfWork
from services.notify.tencent.official import WeChatSettings, stable_token
from tests.integration.deploy_standins.conftest import mailbox, mailbox_process, wechat, wechat_process  # noqa: F401
from tests.unit.notify import situations

COMPOSER = Composer("https://booking.example.test", "base@example.test")
TEMPLATES = {card: f"tmpl-{card}" for card in CARDS}


class Notify:
    """The service without its broker: facts go in, rows come out. Its clock goes when it is told to."""

    def __init__(self, url):
        self.url = url
        self.now = situations.NOW
        self.engine = connect(url, 12)
        self.transactions = Transactions(self.engine, NotifyUnitOfWork, clock=lambda: self.now)
        self.inbox = Inbox(self.transactions, "notify")

    def hear(self, event, event_id=None):
        """Take a fact; returns what the inbox did with it."""
        envelope = Envelope.around(event, self.now)
        if event_id:
            envelope = Envelope(**vars(envelope) | {"event_id": event_id})
        return self.inbox.take(envelope, partial(handlers.take_fact, composer=COMPOSER))

    def pass_time(self, **length):
        self.now += timedelta(**length)

    def sender(self, **more):
        return Sender(self.transactions, clock=lambda: self.now, chance=lambda: 0.0, **more)

    def send(self, channel, sender=None):
        """Send what is due on a channel; returns how many were tried."""
        sender = sender or self.sender()
        return sender.work_off(channel, sender.first(channel), seconds=30)

    def rows(self, statement, *arguments):
        with self.engine.connect() as connection:
            return connection.exec_driver_sql(statement, arguments).all()

    def change(self, statement, *arguments):
        with self.engine.begin() as connection:
            return connection.exec_driver_sql(statement, arguments).rowcount

    def told(self):
        """(event type, recipient, channel): state."""
        found = self.rows("SELECT event_type, recipient, channel, state FROM deliveries")
        return {(row.event_type, row.recipient, row.channel): row.state for row in found}

    def states(self, channel):
        found = self.rows("SELECT state FROM deliveries WHERE channel = %s ORDER BY created_at, recipient", channel)
        return [row.state for row in found]


def person_changed(person, version=1):
    names = ("person", "name", "email", "language", "active")
    return events.PersonChanged(
        version=version,
        roles=list(person.roles),
        manages=list(person.manages),
        **{name: getattr(person, name) for name in names},
    )


def team_changed(version=1, **more):
    usual = {
        "team": "team-01",
        "name": "芯光团队",
        "company": "C-1",
        "company_name": "芯光科技",
        "members": [{"person": "lead01", "role": "lead"}, {"person": "member01", "role": "member"}],
        "projects": [{"code": "P-7", "name": "400G 光模块"}],
    }
    return events.TeamChanged(version=version, **usual | more)


def facility_changed(version=1, **more):
    usual = {
        "facility": "LAB-1",
        "kind": "lab",
        "names": {"zh-Hans": "高低温老化", "en": "High/low-temperature ageing"},
        "descriptions": {},
        "units": [{"code": "A", "names": {"zh-Hans": "1 号箱", "en": "Chamber 1"}}],
        "opening_hours": [[[0, 1440]]] * 7,
        "granularity_minutes": 30,
        "shortest_minutes": 30,
        "longest_minutes": 720,
        "notice_minutes": 0,
        "horizon_days": 90,
        "setup_minutes": 0,
        "cleardown_minutes": 0,
        "approval": "manager",
        "decision_hours": 24,
        "unit_choice": True,
        "equivalents": [],
        "location": "A 座 101",
        "active": True,
    }
    return events.FacilityChanged(version=version, **usual | more)


@pytest.fixture
def empty_notify(database_for):
    """Notify before it has heard of anything."""
    made = Notify(database_for("notify"))
    yield made
    made.engine.dispose()


@pytest.fixture
def notify(empty_notify):
    """Notify with copies of a team, a laboratory and the people around them, all bound to WeChat."""
    for person in (situations.LEAD, situations.MEMBER, situations.MANAGER, situations.BASE_MANAGER):
        empty_notify.hear(person_changed(person))
        bound = "INSERT INTO bindings VALUES (%s, 'wechat', %s, %s)"
        empty_notify.change(bound, person.person, f"demo-{person.person}", situations.NOW - timedelta(days=1))
    empty_notify.hear(team_changed())
    empty_notify.hear(facility_changed())
    return empty_notify


@pytest.fixture
def email(mailbox):  # noqa: F811
    """A connection to the mailbox."""
    return EmailChannel(SmtpSettings("127.0.0.1", mailbox.ports["MAILBOX_SMTP_PORT"], tls="no"))


def wechat_settings(standin):
    base = f"http://127.0.0.1:{standin.ports['WECHAT_PORT']}"
    return WeChatSettings(base, "wx-demo-app", "demo-app-secret", TEMPLATES)


@pytest.fixture
def cards(wechat):  # noqa: F811
    """A connection to the stand-in WeChat server."""
    settings = wechat_settings(wechat)
    return WeChatChannel(settings, stable_token(settings))


def wecom_settings(standin):
    return WeComSettings(wechat_settings(standin).api_base, "ww-demo-corp", 1000002, "demo-corp-secret")


@pytest.fixture
def wecom(wechat):  # noqa: F811
    """A connection to the stand-in's WeCom side."""
    settings = wecom_settings(wechat)
    return WeComChannel(settings, app_token(settings))


@pytest.fixture
def robot(wechat):  # noqa: F811
    """The base's group has a robot, and a group whose robot is gone."""
    return RobotChannel(wechat_settings(wechat).api_base, {"base": "demo-robot-key", "LAB-9": "gone"})


@pytest.fixture
def database(database_for):
    made = Notify(database_for("notify"))
    yield made
    made.engine.dispose()


@pytest.fixture
def start_sender(run_service, database, mailbox, wechat):  # noqa: F811
    """start_sender(SMTP_PORT=...) starts another one."""

    def start(**more):
        base = f"http://127.0.0.1:{wechat.ports['WECHAT_PORT']}"
        settings = {
            "SMTP_HOST": "127.0.0.1",
            "SMTP_PORT": str(mailbox.ports["MAILBOX_SMTP_PORT"]),
            "SMTP_TLS": "no",
            "WECHAT_API_BASE": base,
            "WECHAT_APP_ID": "wx-demo-app",
            "WECHAT_APP_SECRET": "demo-app-secret",
            "LINK_SECRET": "a key for links in messages only",
            "PUBLIC_URL": "https://booking.example.test",
        }
        return run_service(
            "sender",
            database.url,
            target="services.notify.service:SenderService",
            config="services/notify/sender.yml",
            **settings | more,
        )

    return start


@pytest.fixture
def approved(notify):
    """Two people were told on two channels each that their reservation is approved."""
    notify.hear(situations.approved_automatically().event)
    return notify
