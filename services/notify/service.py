"""The doors of notify: facts in, deliveries out. Two processes: one listens, one sends."""

from functools import partial

from nameko.timer import timer

from services.contracts.commands import BindChannel, ChooseNotifications
from services.contracts.messaging.facts import facts
from services.contracts.messaging.observed import Observed, Watched
from services.contracts.messaging.rpc import command, query
from services.contracts.messaging.store import Store
from services.notify import handlers, metrics, queries
from services.notify.dependencies import Channels, Texts
from services.notify.storage.unit_of_work import NotifyUnitOfWork


class NotifyService(Observed):
    """Takes facts, decides who is told, answers what became of it."""

    name = "notify"
    store = Store(NotifyUnitOfWork, relays=False)
    composer = Texts()

    @command(BindChannel)
    def bind_channel(self, message):
        return self.store.execute(handlers.bind_channel, message)

    @command(ChooseNotifications)
    def choose_notifications(self, message):
        return self.store.execute(handlers.choose_notifications, message)

    @query
    def notifications(self, actor):
        return self.store.read(queries.notifications, actor=actor)

    @query
    def deliveries(self, actor, reservation):
        return self.store.read(queries.deliveries, actor=actor, reservation=reservation)

    @facts
    def take_fact(self, envelope):
        self.store.take(envelope, partial(handlers.take_fact, composer=self.composer))

    @timer(interval=1)
    def redrive(self):
        self.store.redrive(partial(handlers.take_fact, composer=self.composer))

    @timer(interval=1)
    def remind_due(self):
        self.store.run(partial(handlers.remind_due, composer=self.composer))

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

    @timer(interval=5)
    def renew_leases(self):
        self.channels.renew(self.store)
