"""The doors of booking: load, call, dump."""

from datetime import UTC, datetime

from nameko.timer import timer

from services.booking import handlers, queries
from services.booking.campaign_doors import CampaignDoors
from services.booking.contention_doors import ContentionDoors
from services.booking.dependencies import BookingStore
from services.booking.replan_doors import ReplanDoors
from services.booking.series_doors import SeriesDoors
from services.booking.swap_doors import SwapDoors
from services.booking.usage_doors import UsageDoors
from services.booking.waiting_doors import WaitingDoors
from services.contracts.commands import (
    AddAttachment,
    ApproveReservation,
    CancelReservation,
    DescribeReservation,
    ImportReservations,
    MoveReservation,
    RejectReservation,
    RemoveAttachment,
    RequestReservation,
    WithdrawReservation,
)
from services.contracts.messaging.facts import facts
from services.contracts.messaging.observed import Observed
from services.contracts.messaging.rpc import command, query


class BookingService(
    Observed, UsageDoors, SeriesDoors, SwapDoors, WaitingDoors, CampaignDoors, ReplanDoors, ContentionDoors,
):
    name = "booking"
    store = BookingStore()

    # commands

    @command(RequestReservation)
    def request_reservation(self, message):
        return self.store.execute(handlers.request_reservation, message)

    @command(ImportReservations)
    def import_reservations(self, message):
        return self.store.execute(handlers.import_reservations, message)

    @command(MoveReservation)
    def move_reservation(self, message):
        return self.store.execute(handlers.move_reservation, message)

    @command(ApproveReservation)
    def approve_reservation(self, message):
        return self.store.execute(handlers.approve_reservation, message)

    @command(RejectReservation)
    def reject_reservation(self, message):
        return self.store.execute(handlers.reject_reservation, message)

    @command(WithdrawReservation)
    def withdraw_reservation(self, message):
        return self.store.execute(handlers.withdraw_reservation, message)

    @command(CancelReservation)
    def cancel_reservation(self, message):
        return self.store.execute(handlers.cancel_reservation, message)

    @command(DescribeReservation)
    def describe_reservation(self, message):
        return self.store.execute(handlers.describe_reservation, message)

    @command(AddAttachment)
    def add_attachment(self, message):
        return self.store.execute(handlers.add_attachment, message)

    @command(RemoveAttachment)
    def remove_attachment(self, message):
        return self.store.execute(handlers.remove_attachment, message)

    # questions

    @query
    def check_import(self, actor, reservations):
        return self.store.read(queries.check_import, now=datetime.now(UTC), actor=actor, reservations=reservations)

    @query
    def board(self, actor, starts_at, ends_at, facility=None):
        return self.store.read(queries.board, actor=actor, starts_at=starts_at, ends_at=ends_at, facility=facility)

    @query
    def free_slots(self, actor, **wanted):
        return self.store.read(queries.free_slots, now=datetime.now(UTC), actor=actor, **wanted)

    @query
    def find_times(self, actor, **wanted):
        return self.store.read(queries.find_times, now=datetime.now(UTC), actor=actor, **wanted)

    @query
    def would_hit(self, actor, **asked):
        return self.store.read(queries.would_hit, now=datetime.now(UTC), actor=actor, **asked)

    @query
    def check_slot(self, actor, **wanted):
        return self.store.read(queries.check_slot, now=datetime.now(UTC), actor=actor, **wanted)

    @query
    def reservations(self, actor, **filters):
        return self.store.read(queries.reservations, actor=actor, **filters)

    @query
    def reservation(self, actor, reservation):
        return self.store.read(queries.reservation, now=datetime.now(UTC), actor=actor, reservation=reservation)

    @query
    def crowded(self, actor, **wanted):
        return self.store.read(queries.crowded, now=datetime.now(UTC), actor=actor, **wanted)

    @query
    def quota_usage(self, actor, **wanted):
        return self.store.read(queries.quota_usage, now=datetime.now(UTC), actor=actor, **wanted)

    @query
    def journey(self, actor, team, project):
        return self.store.read(queries.journey, actor=actor, team=team, project=project)

    @query
    def attachment(self, actor, reservation, attachment):
        return self.store.read(queries.attachment, actor=actor, reservation=reservation, attachment=attachment)

    @query
    def approval_samples(self, actor, **wanted):
        return self.store.read(queries.approval_samples, actor=actor, **wanted)

    @query
    def approvals(self, actor):
        return self.store.read(queries.approvals, now=datetime.now(UTC), actor=actor)

    @query
    def approvals_count(self, actor):
        return self.store.read(queries.approvals_count, actor=actor)

    # facts and due work

    @facts
    def take_fact(self, envelope):
        self.store.take(envelope, handlers.take_fact)

    @timer(interval=1)
    def redrive(self):
        self.store.redrive(handlers.take_fact)

    @timer(interval=1)
    def expire_due(self):
        self.store.run(handlers.expire_due)

    @timer(interval=1)
    def expire_campaigns(self):
        self.store.run(handlers.expire_campaigns)

    @timer(interval=1)
    def allocate_due(self):
        self.store.run(handlers.allocate_due)

    @timer(interval=1)
    def plan_anyhow(self):
        self.store.run(handlers.plan_anyhow)

    @timer(interval=1)
    def release_no_shows(self):
        self.store.run(handlers.release_no_shows)

    @timer(interval=1)
    def tell_overruns(self):
        self.store.run(handlers.tell_overruns)

    @timer(interval=1)
    def check_out_all_forgotten(self):
        self.store.run(handlers.check_out_all_forgotten)

    @timer(interval=1)
    def expire_offers(self):
        self.store.run(handlers.expire_offers)

    @timer(interval=1)
    def offer_freed(self):
        while self.store.run(handlers.offer_freed):
            pass

    @timer(interval=1)
    def lapse_asks(self):
        self.store.run(handlers.lapse_asks)
