"""Those who compete for a facility's time, and the draws among them, in PostgreSQL."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection

from services.booking.domain.contention.drawing import Ticket, fingerprint_of
from services.booking.domain.contention.fair_share import REMEMBERED, Past
from services.booking.domain.contention.rivals import Contender
from services.booking.domain.states import State
from services.booking.storage.rows import RESERVATION, reservation_of
from services.booking.storage.tables import quoted

USED = frozenset({State.APPROVED, State.IN_USE, State.FINISHED, State.NO_SHOW})
"""In these a reservation counts as past use, once its time has come."""

# All that concerns rivals of a facility comes one after the other, so that nobody joins while it is decided.
NUMBER = "hashtextextended('contention:' || {0}, 0)"
LOCK = f"SELECT pg_advisory_xact_lock({NUMBER.format('%(facility)s::text')})"
DUE = f"""
    SELECT due.facility FROM (
        SELECT r.facility, min(r.decide_by) AS first FROM reservations r
         WHERE r.state = 'competing' AND r.decide_by <= %(now)s GROUP BY r.facility
         ORDER BY first OFFSET 0) AS due
     WHERE pg_try_advisory_xact_lock({NUMBER.format('due.facility')}) LIMIT 1"""
PLACE = "SELECT facility FROM reservations WHERE reservation = %(reservation)s AND state = 'competing'"
# In the order of their ids, as everybody locks who locks several.
RIVALS = f"""
    SELECT {RESERVATION}, c.party, c.since, c.needed_by, c.unit AS asked_unit, c.draw::text AS draw, c.entry
      FROM reservations r JOIN contenders c ON c.reservation = r.reservation
     WHERE r.facility = %(facility)s AND r.state = 'competing' ORDER BY r.reservation"""
PLACES = "SELECT DISTINCT facility FROM reservations WHERE state = 'competing' ORDER BY facility"
ENTER = """
    INSERT INTO contenders (reservation, party, since, needed_by, unit, draw, entry)
    VALUES (%(reservation)s, %(party)s, %(since)s, %(needed_by)s, %(unit)s, %(draw)s, %(entry)s)"""
PARTY = "coalesce('company:' || nullif(t.company, ''), 'team:' || {0}.team)"
PAST = f"""
    SELECT {PARTY.format("r")}, r.starts_at, coalesce(r.checked_out_at, r.ends_at)
      FROM reservations r JOIN facilities f ON f.facility = r.facility LEFT JOIN teams t ON t.team = r.team
     WHERE r.state IN ({quoted(USED)}) AND f.snapshot ->> 'kind' = %(kind)s
       AND r.starts_at < %(now)s AND r.ends_at > %(since)s
       AND r.starts_at > %(since)s::timestamptz - interval '366 days'"""
PARTIES = f"SELECT count(DISTINCT {PARTY.format('t')}) FROM teams t"

MAKE_DRAW = """
    INSERT INTO draws (draw, facility, seed, fingerprint, made_at)
    VALUES (%(draw)s, %(facility)s, %(seed)s, %(fingerprint)s, %(made_at)s)"""
SEEDS = "SELECT draw::text, seed FROM draws WHERE draw = ANY(%(draws)s::uuid[])"
# Whoever has taken part keeps the number.
TAKE_PART = """
    WITH known AS (SELECT entry FROM draw_entries WHERE draw = %(draw)s AND party = %(party)s),
         added AS (
        INSERT INTO draw_entries (draw, entry, party)
        SELECT %(draw)s, coalesce(max(entry), 0) + 1, %(party)s FROM draw_entries WHERE draw = %(draw)s
        HAVING NOT EXISTS (SELECT FROM known)
     RETURNING entry)
    SELECT entry FROM known UNION ALL SELECT entry FROM added"""
KEEP_DRAWN = """
    UPDATE draw_entries SET weight = %(weight)s, key = %(key)s, won = coalesce(won, false) OR %(won)s
     WHERE draw = %(draw)s AND entry = %(entry)s"""
DRAWN_BEFORE = """
    SELECT party, weight FROM draw_entries WHERE draw = ANY(%(draws)s::uuid[]) AND weight IS NOT NULL"""


class Contention:
    """The rivals, the draws, and what companies have used."""

    def __init__(self, connection: Connection):
        self.execute = connection.exec_driver_sql

    def lock(self, facility: str) -> None:
        """Keep everybody else from joining or deciding among the rivals of a facility until the transaction ends."""
        self.execute(LOCK, {"facility": facility})

    def take_due(self, now: datetime) -> str | None:
        """A facility where somebody's decision is due, locked; those that others have locked are left to them."""
        return self.execute(DUE, {"now": now}).scalar()

    def place_of(self, reservation: str) -> str | None:
        """The facility on which a reservation competes, if it does."""
        return self.execute(PLACE, {"reservation": reservation}).scalar()

    def rivals(self, facility: str, *, locking: bool = True) -> list[Contender]:
        """All that compete for a facility, by their ids, locked."""
        statement = RIVALS + (" FOR UPDATE OF r" if locking else "")
        rows = self.execute(statement, {"facility": facility})
        return [
            Contender(
                reservation=reservation_of(row), party=row.party, since=row.since, needed_by=row.needed_by,
                unit=row.asked_unit, draw=row.draw, entry=row.entry,
            ) for row in rows
        ]

    def places(self) -> list[str]:
        """The facilities for which somebody competes."""
        return list(self.execute(PLACES).scalars())

    def enter(self, contender: Contender) -> None:
        values = vars(contender) | {"reservation": contender.reservation.id}
        self.execute(ENTER, values)

    def past_use(self, kind: str, now: datetime) -> list[Past]:
        """What parties have had on facilities of a kind, as far as it counts."""
        values = {"kind": kind, "now": now, "since": now - REMEMBERED}
        return [Past(*row) for row in self.execute(PAST, values)]

    def parties(self) -> int:
        """How many companies, and teams without one, there are."""
        return self.execute(PARTIES).scalar_one()

    def make_draw(self, draw: str, facility: str, seed: str, now: datetime) -> None:
        self.execute(MAKE_DRAW, {
            "draw": draw, "facility": facility, "seed": seed, "fingerprint": fingerprint_of(seed), "made_at": now,
        })

    def take_part(self, draw: str, party: str) -> int:
        """The number of a party in a draw: the one it has, or the next."""
        return self.execute(TAKE_PART, {"draw": draw, "party": party}).scalar_one()

    def seeds(self, draws: Iterable[str]) -> dict[str, str]:
        return dict(self.execute(SEEDS, {"draws": list(draws)}).all())

    def weights_drawn(self, draws: Iterable[str]) -> dict[str, float]:
        """With which weight parties have been drawn already, so that one draw counts each with one weight."""
        return dict(self.execute(DRAWN_BEFORE, {"draws": list(draws)}).all())

    def keep_drawn(self, tickets: Sequence[tuple[Ticket, bool]]) -> None:
        """What was drawn, and whether it won."""
        for ticket, won in tickets:
            self.execute(KEEP_DRAWN, ticket._asdict() | {"won": won})
