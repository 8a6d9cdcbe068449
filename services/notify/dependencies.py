"""What nameko gives to the two services: the composer of texts, and the channels at work."""

import logging
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import eventlet
from eventlet import tpool
from nameko.extensions import DependencyProvider
from sqlalchemy.exc import DBAPIError

from services.notify.channels.email import EmailChannel, SmtpSettings
from services.notify.channels.robot import RobotChannel
from services.notify.channels.unset import UnsetChannel
from services.notify.channels.webhook import WebhookChannel
from services.notify.channels.wechat import WeChatChannel
from services.notify.channels.wecom import WeComChannel, WeComSettings, app_token
from services.notify.domain.steps import CARDS
from services.notify.domain.unsubscribing import Links
from services.notify.outside import Outside, resolve
from services.notify.rendering.composer import Composer
from services.notify.sending import Sender
from services.notify.spool import read_new
from services.notify.storage.access_tokens import AccessTokens
from services.notify.storage.webhooks import find_now
from services.notify.tencent.identities import Colleagues, Identities
from services.notify.tencent.official import WeChatSettings, stable_token
from services.notify.unreachable import take_bounce

log = logging.getLogger(__name__)

LONGEST_SECONDS = 5.0
"""After this long a round ends, so that a stopping service does not wait for a whole backlog."""


class Texts(DependencyProvider):
    """Gives the service its ``Composer``: every template is compiled at the start."""

    def setup(self):
        config = self.container.config
        time_scale, robots = float(config.get("TIME_SCALE", 1)), words_of(config.get("WECOM_ROBOTS"))
        self.composer = Composer(config["PUBLIC_URL"], config["SMTP_SENDER"], time_scale, robots)

    def get_dependency(self, worker_ctx):
        return self.composer


class Platforms(DependencyProvider):
    """Gives the service ``ticket(code)``, and ``external_id(channel, proof)``: who somebody is there."""

    def setup(self):
        wechat, wecom = wechat_settings(self.container.config), wecom_settings(self.container.config)
        self.wechat = Identities(wechat, stable_token(wechat))
        self.wecom = Colleagues(wecom.api_base, app_token(wecom))

    def get_dependency(self, worker_ctx):
        return self

    def ticket(self, code):
        return self.wechat.ticket(code)

    def external_id(self, channel, proof):
        return {"wechat": self.wechat, "wecom": self.wecom}[channel].external_id(proof)


class ReaderLinks(DependencyProvider):
    """Gives the service the ``Links`` by which readers unsubscribe."""

    def setup(self):
        self.links = links(self.container.config)

    def get_dependency(self, worker_ctx):
        return self.links


class Bounces(DependencyProvider):
    """Reads the mailbox for bounces, if there is one."""

    def setup(self):
        self.folder = self.container.config["BOUNCE_MAILDIR"]

    def get_dependency(self, worker_ctx):
        return self

    def read(self, store):
        """What comes back while the database is away stays in the mailbox."""
        if not self.folder:
            return
        try:
            for name, outcome in read_new(Path(self.folder), lambda raw: taken(raw, store.transactions)):
                log.info("a bounce was read", extra={"mail": name, "outcome": outcome})
        except (OSError, DBAPIError) as error:
            log.warning("bounces could not be read", extra={"error": type(error).__name__})


def taken(raw, transactions):
    return transactions.run(lambda uow, now: take_bounce(raw, uow, now))


class Signing(DependencyProvider):
    """What webhooks are checked and signed with: ``outside`` and ``key``."""

    def setup(self):
        config = self.container.config
        self.key = str(config["WEBHOOK_SECRET"] or "")
        self.outside = Outside(words_of(config["WEBHOOK_ALLOWED_NETWORKS"]), resolve_in_thread)

    def get_dependency(self, worker_ctx):
        return self


class Channels(DependencyProvider):
    """Works off the deliveries of a channel with several greenlets, each with a connection of its own."""

    def setup(self):
        self.make = None
        self.idle = {}

    def get_dependency(self, worker_ctx):
        return self

    def at_work_for(self, store):
        if self.make is None:
            self.make = makers(self.container.config, store.transactions)
            self.sender = Sender(store.transactions, store.time_scale, within)
        return self.sender

    def work_off(self, name, store):
        """Send what is due; one greenlet looks, and calls the others when it finds something."""
        sender = self.at_work_for(store)
        with self.connection(name) as channel:
            claimed = sender.first(channel)
            if claimed is None:
                return
            others = eventlet.GreenPool(channel.workers)
            others.spawn(sender.work_off, channel, claimed, LONGEST_SECONDS)
            for _ in range(channel.workers - 1):
                others.spawn(self.help_with, name, sender)
            others.waitall()

    def help_with(self, name, sender):
        with self.connection(name) as channel:
            sender.work_off(channel, sender.first(channel), LONGEST_SECONDS)

    @contextmanager
    def connection(self, name):
        """A channel that nobody else is using, or a new one."""
        idle = self.idle.setdefault(name, [])
        channel = idle.pop() if idle else self.make[name]()
        try:
            yield channel
        finally:
            idle.append(channel)

    def renew(self, store):
        self.at_work_for(store).renew()


def makers(config, transactions):
    """How a channel is made, by name. What nothing is set for says so, and its messages go by mail."""
    smtp, wechat, wecom = smtp_settings(config), wechat_settings(config), wecom_settings(config)
    keys, shared = robot_keys(config), AccessTokens(transactions)
    outside = Outside(words_of(config["WEBHOOK_ALLOWED_NETWORKS"]), resolve_in_thread)
    key, find = str(config["WEBHOOK_SECRET"] or ""), partial(transactions.read, find_now)
    wechat_token, wecom_token = stable_token(wechat, shared), app_token(wecom, shared)
    return {
        "email": lambda: EmailChannel(smtp, links(config)),
        "wechat": lambda: WeChatChannel(wechat, wechat_token) if wechat.app_id else UnsetChannel("wechat"),
        "wecom": lambda: WeComChannel(wecom, wecom_token) if wecom.corp_id else UnsetChannel("wecom"),
        "robot": lambda: RobotChannel(wecom.api_base, keys),
        "webhook": lambda: WebhookChannel(outside, key, lambda webhook: find(webhook=webhook)),
    }


@contextmanager
def within(seconds):
    """Ends what takes longer, wherever it waits; the channels take it for a silent network."""
    with eventlet.Timeout(seconds, TimeoutError("deadline")):
        yield


def links(config):
    return Links(config["PUBLIC_URL"], str(config["LINK_SECRET"] or ""))


def smtp_settings(config):
    return SmtpSettings(
        host=config["SMTP_HOST"],
        port=int(config["SMTP_PORT"]),
        tls=str(config["SMTP_TLS"]).lower(),
        user=config["SMTP_USER"] or "",
        password=config["SMTP_PASSWORD"] or "",
    )


def wechat_settings(config):
    return WeChatSettings(
        api_base=config["WECHAT_API_BASE"],
        app_id=config["WECHAT_APP_ID"],
        app_secret=config["WECHAT_APP_SECRET"],
        templates={card: config.get(f"WECHAT_TEMPLATE_{card.upper()}") or f"tmpl-{card}" for card in CARDS},
    )


def wecom_settings(config):
    return WeComSettings(
        api_base=config["WECOM_API_BASE"],
        corp_id=config["WECOM_CORP_ID"],
        agent_id=int(config["WECOM_AGENT_ID"] or 0),
        secret=config["WECOM_SECRET"],
    )


def robot_keys(config):
    """The groups' keys by group: "base=KEY LAB-1=KEY"."""
    return dict(word.split("=", 1) for word in words_of(config["WECOM_ROBOT_KEYS"]))


def words_of(text):
    return str(text or "").replace(",", " ").split()


def resolve_in_thread(host, port):
    """A name server that does not answer holds up its own caller and nobody else."""
    return tpool.execute(resolve, host, port)
