"""The service without its doors: handlers and queries on a database, with a clock of their own."""

from services.booking import handlers
from services.booking.storage.unit_of_work import BookingUnitOfWork
from services.contracts.messaging.database import connect
from services.contracts.messaging.unit_of_work import Transactions
from tests.unit.booking.examples import BASE, NOW, command, request

HANDLERS = {
    "ApproveReservation": "approve_reservation", "RejectReservation": "reject_reservation",
    "WithdrawReservation": "withdraw_reservation", "CancelReservation": "cancel_reservation",
    "MoveReservation": "move_reservation", "CheckInReservation": "check_in_reservation",
    "CheckOutReservation": "check_out_reservation", "ExtendReservation": "extend_reservation",
    "MarkNoShow": "mark_no_show", "AcceptOffer": "accept_offer", "DeclineOffer": "decline_offer",
}


class Booking:
    """The service without its doors. ``now`` is what its clock says."""

    def __init__(self, url):
        self.now = NOW
        self.engine = connect(url, connections=24)
        self.transactions = Transactions(self.engine, BookingUnitOfWork, clock=lambda: self.now)
        self.run = self.transactions.run
        for fact in BASE:
            self.run(lambda uow, now, fact=fact: handlers.take_fact(fact, uow, now))

    @classmethod
    def at(cls, other):
        """Another process on the same database, with a clock of its own."""
        made = object.__new__(cls)
        vars(made).update(vars(other))
        made.transactions = Transactions(made.engine, BookingUnitOfWork, clock=lambda: made.now)
        made.run = made.transactions.run
        return made

    def give(self, handler, message):
        return self.transactions.execute(handler, message).value

    def ask(self, *arguments, **fields):
        return self.give(handlers.request_reservation, request(*arguments, **fields))

    def step(self, kind, actor, reservation, **fields):
        handler = getattr(handlers, HANDLERS[kind.__name__])
        return self.give(handler, command(kind, actor, reservation=reservation["id"], **fields))

    def query(self, query, **arguments):
        return self.transactions.read(query, **arguments)

    def rows(self, statement, *arguments):
        with self.engine.begin() as connection:
            return connection.exec_driver_sql(statement, arguments).all()

    def overlaps(self):
        """Pairs of held claims that share a place of a unit and an instant, and claims that are held without reason."""
        return self.rows("""
            SELECT a.reservation FROM claims a JOIN claims b USING (unit_id)
             WHERE a.reservation < b.reservation AND a.period && b.period AND a.places && b.places AND a.held AND b.held
            UNION ALL
            SELECT c.reservation FROM claims c JOIN reservations r USING (reservation)
             WHERE c.held <> (r.state IN ('requested', 'approved', 'in_use', 'offered'))""")

    def gaps(self):
        """Reservations whose versions, history and facts do not go together."""
        return self.rows("""
            SELECT r.reservation FROM reservations r, LATERAL (SELECT
                       ARRAY(SELECT generate_series(1, r.version)) AS due,
                       ARRAY(SELECT h.version FROM reservation_history h
                              WHERE h.reservation = r.reservation ORDER BY 1) AS told,
                       ARRAY(SELECT aggregate_version FROM outbox
                              WHERE aggregate_id = r.reservation::text ORDER BY 1) AS facts
                   ) AS versions WHERE due <> told OR due <> facts""")
