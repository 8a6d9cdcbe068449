"""The doors of notify: facts in, deliveries out. Two processes: one listens, one sends."""

from datetime import UTC, datetime
from functools import partial

from nameko.timer import timer

from services.contracts.commands import (
    AddWebhook,
    BindChannel,
    ChooseNotifications,
    ConfirmAddress,
    ConfirmBinding,
    DropBinding,
    ProveBinding,
    ReplayWebhook,
    ResendDelivery,
    RotateWebhookSecret,
    StartBinding,
    SwitchWebhook,
    TakeWechatEvent,
    Unsubscribe,
)
from services.contracts.messaging.facts import facts
from services.contracts.messaging.observed import Observed, Watched
from services.contracts.messaging.rpc import command, query
from services.contracts.messaging.store import Store
from services.notify import (
    binding,
    handlers,
    ledger,
    metrics,
    queries,
    telling,
    unreachable,
    unsubscribing,
    webhook_queries,
    webhooks,
)
from services.notify.dependencies import Bounces, Channels, Platforms, ReaderLinks, Signing, Texts
from services.notify.storage.unit_of_work import NotifyUnitOfWork


class NotifyService(Observed):
    """Takes facts, decides who is told, answers what became of it."""

    name = "notify"
    store = Store(NotifyUnitOfWork, relays=False)
    composer = Texts()
    platforms = Platforms()
    bounces = Bounces()
    links = ReaderLinks()
    signing = Signing()

    @command(BindChannel)
    def bind_channel(self, message):
        return self.store.execute(binding.bind_channel, message)

    @command(StartBinding)
    def start_binding(self, message):
        """The platform is asked between two transactions; a repeat gets another picture of the same code."""
        started = self.store.execute(binding.start_binding, message).value
        if message.inside:
            return started
        address = self.platforms.ticket(started["code"])
        self.store.run(lambda uow, now: uow.codes.set_address(started["code"], address))
        return started

    @command(ProveBinding)
    def prove_binding(self, message):
        account = self.platforms.external_id(message.channel, message.proof)
        return self.store.execute(lambda command, uow, now: binding.scanned_inside(command, account, uow, now), message)

    @command(ConfirmBinding)
    def confirm_binding(self, message):
        return self.store.execute(binding.confirm_binding, message)

    @command(DropBinding)
    def drop_binding(self, message):
        return self.store.execute(binding.drop_binding, message)

    @command(ConfirmAddress)
    def confirm_address(self, message):
        return self.store.execute(unreachable.confirm_address, message)

    @command(Unsubscribe)
    def unsubscribe(self, message):
        return self.store.execute(partial(unsubscribing.unsubscribe, links=self.links), message)

    @query
    def unsubscribing(self, token):
        return self.store.read(unsubscribing.unsubscribing, token=token, links=self.links)

    @command(TakeWechatEvent)
    def take_wechat_event(self, message):
        return self.store.execute(binding.take_wechat_event, message)

    @query
    def bindings(self, actor):
        return self.store.read(queries.bindings, actor=actor)

    @query
    def reached(self, actor, words=""):
        return self.store.read(queries.reached, actor=actor, words=words)

    @query
    def binding_code(self, actor, code):
        return self.store.read(queries.binding_code, actor=actor, code=code, now=datetime.now(UTC))

    @query
    def person_inside(self, channel, proof):
        """Who has opened a page inside WeChat or WeCom: the person to whom that account is bound, or None."""
        account = self.platforms.external_id(channel, proof)
        return {"person": self.store.read(queries.bound_person, channel=channel, external_id=account)}

    @timer(interval=5)
    def tell_suspended(self):
        self.store.run(partial(telling.tell_suspended, composer=self.composer))

    @timer(interval=30)
    def read_bounces(self):
        self.bounces.read(self.store)

    @timer(interval=3600)
    def forget(self):
        self.store.run(lambda uow, now: uow.codes.forget(now))

    @command(ChooseNotifications)
    def choose_notifications(self, message):
        return self.store.execute(handlers.choose_notifications, message)

    @query
    def message_samples(self, actor):
        return self.store.read(queries.message_samples, actor=actor, composer=self.composer)

    @query
    def message_sample(self, actor, sample):
        return self.store.read(queries.message_sample, actor=actor, sample=sample, composer=self.composer)

    @query
    def notifications(self, actor):
        return self.store.read(queries.notifications, actor=actor)

    @query
    def deliveries(self, actor, reservation):
        return self.store.read(queries.deliveries, actor=actor, reservation=reservation)

    @query
    def undelivered(self, actor, channel=None, recipient=None):
        return self.store.read(queries.undelivered, actor=actor, channel=channel, recipient=recipient)

    @command(ResendDelivery)
    def resend_delivery(self, message):
        return self.store.execute(ledger.resend_delivery, message)

    # programs that are told

    @query
    def webhooks(self, actor):
        return self.store.read(webhook_queries.webhooks, actor=actor)

    @query
    def webhook(self, actor, webhook):
        return self.store.read(webhook_queries.webhook, actor=actor, webhook=webhook)

    @query
    def webhook_deliveries(self, actor, webhook, state=None):
        return self.store.read(webhook_queries.webhook_deliveries, actor=actor, webhook=webhook, state=state)

    @command(AddWebhook)
    def add_webhook(self, message):
        answer = self.store.execute(partial(webhooks.add_webhook, outside=self.signing.outside), message)
        return webhooks.with_secret(answer, self.signing.key)

    @command(SwitchWebhook)
    def switch_webhook(self, message):
        return self.store.execute(webhooks.switch_webhook, message)

    @command(RotateWebhookSecret)
    def rotate_webhook_secret(self, message):
        return webhooks.with_secret(self.store.execute(webhooks.rotate_webhook_secret, message), self.signing.key)

    @command(ReplayWebhook)
    def replay_webhook(self, message):
        return self.store.execute(webhooks.replay_webhook, message)

    # facts

    @facts
    def take_fact(self, envelope):
        self.store.take(envelope, partial(handlers.take_fact, composer=self.composer))

    @timer(interval=1)
    def redrive(self):
        self.store.redrive(partial(handlers.take_fact, composer=self.composer))

    @timer(interval=1)
    def remind_due(self):
        self.store.run(partial(handlers.remind_due, composer=self.composer))

    @timer(interval=5)
    def digest_due(self):
        self.store.run(partial(handlers.digest_due, composer=self.composer))

    @timer(interval=5, eager=True)
    def show(self):
        metrics.show(self.store.read(queries.waiting), self.store.read(queries.pauses))


class SenderService(Watched):
    """Works off the deliveries: each channel at its own pace, so that one that hangs holds up no other."""

    name = "sender"
    store = Store(NotifyUnitOfWork, relays=False)
    channels = Channels()

    @timer(interval=0.5)
    def send_email(self):
        self.channels.work_off("email", self.store)

    @timer(interval=0.5)
    def send_wechat(self):
        self.channels.work_off("wechat", self.store)

    @timer(interval=0.5)
    def send_wecom(self):
        self.channels.work_off("wecom", self.store)

    @timer(interval=1)
    def send_robot(self):
        self.channels.work_off("robot", self.store)

    @timer(interval=0.5)
    def send_webhook(self):
        self.channels.work_off("webhook", self.store)

    @timer(interval=5)
    def renew_leases(self):
        self.channels.renew(self.store)
