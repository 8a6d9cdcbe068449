"""The time that outages, maintenance and closures take from units, and the reservations that it hits.

An interruption is kept as it is told, and spread over the units that it concerns, so that it
stands in the way of a claim as another claim does.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from services.contracts.events import InterruptionChanged, SiteChanged
from services.contracts.messaging import encoding

# Before anything is read or written the units are locked, in the order in which every other
# transaction locks them: who asks for time either sees the interruption, or is seen here.
LOCK = """
    SELECT u.id FROM units u JOIN facilities f ON f.facility = u.facility
     WHERE f.facility = %(facility)s OR %(facility)s::text IS NULL AND f.snapshot ->> 'site' = %(site)s
     ORDER BY u.id FOR UPDATE OF u"""
SAVE = """
    INSERT INTO interruptions (interruption, version, kind, site, facility, unit, spans, last_end, open_end, reason,
                               actor)
    VALUES (%(interruption)s, %(version)s, %(kind)s, %(site)s, %(facility)s, %(unit)s, %(spans)s, %(last_end)s,
            %(open_end)s, %(reason)s, %(actor)s)
    ON CONFLICT (interruption) DO UPDATE
       SET version = excluded.version, spans = excluded.spans, last_end = excluded.last_end,
           open_end = excluded.open_end, reason = excluded.reason, actor = excluded.actor
     WHERE interruptions.version <= excluded.version"""
SPREAD = """
    INSERT INTO interrupted (interruption, unit_id, period)
    SELECT i.interruption, u.id, tstzrange((span ->> 'starts_at')::timestamptz, (span ->> 'ends_at')::timestamptz)
      FROM interruptions i
      JOIN facilities f ON f.facility = i.facility OR i.facility IS NULL AND i.site = f.snapshot ->> 'site'
      JOIN units u ON u.facility = f.facility AND (i.unit IS NULL OR i.unit = u.unit)
     CROSS JOIN jsonb_array_elements(i.spans) AS span"""
SPREAD_ONE = f"""
    DELETE FROM interrupted WHERE interruption = %(interruption)s;
    {SPREAD} WHERE i.interruption = %(interruption)s"""
SPREAD_FACILITY = f"""
    DELETE FROM interrupted USING units u WHERE u.id = unit_id AND u.facility = %(facility)s;
    {SPREAD} WHERE f.facility = %(facility)s"""
HITS = """
    SELECT DISTINCT ON (r.starts_at, r.reservation)
           r.reservation::text AS reservation, r.facility, r.unit, r.team, r.requester, r.starts_at, r.ends_at
      FROM reservations r JOIN claims c ON c.reservation = r.reservation
     WHERE c.held AND r.state <> 'offered' AND r.ends_at > %(now)s
       AND EXISTS (SELECT FROM interrupted i
                    WHERE i.interruption = %(interruption)s AND i.unit_id = c.unit_id AND i.period && c.period)
     ORDER BY r.starts_at, r.reservation"""
HITTING = """
    SELECT n.kind, n.reason
      FROM claims c
      JOIN interrupted i ON i.unit_id = c.unit_id AND i.period && c.period
      JOIN interruptions n ON n.interruption = i.interruption
     WHERE c.held AND c.reservation = %(reservation)s
     ORDER BY upper(i.period) DESC LIMIT 1"""
AT_SITE = "SELECT facility FROM facilities WHERE snapshot ->> 'site' = %(site)s ORDER BY facility"
TOLD = """
    SELECT interruption, kind, facility, unit, spans, reason FROM interruptions WHERE interruption = %(interruption)s"""
SAVE_SITE = """
    INSERT INTO sites (site, version, names, days, known_years)
    VALUES (%(site)s, %(version)s, %(names)s, %(days)s, %(known_years)s)
    ON CONFLICT (site) DO UPDATE
       SET version = excluded.version, names = excluded.names, days = excluded.days,
           known_years = excluded.known_years
     WHERE sites.version <= excluded.version"""


class Interruptions:
    """What is known of sites' days and of interruptions."""

    def __init__(self, connection: Connection):
        self.execute = connection.exec_driver_sql

    def save_site(self, event: SiteChanged) -> None:
        self.execute(SAVE_SITE, vars(event) | {name: as_json(getattr(event, name)) for name in ("names", "days")})

    def facilities_at(self, site: str) -> list[str]:
        """The codes of the facilities of a site."""
        return list(self.execute(AT_SITE, {"site": site}).scalars())

    def save(self, event: InterruptionChanged) -> None:
        """Keep it under the lock of the units that it concerns."""
        values = vars(event) | {name: as_json(getattr(event, name)) for name in ("spans", "reason")}
        self.execute(LOCK, values)
        if self.execute(SAVE, values | {"last_end": last_end(event)}).rowcount:
            self.execute(SPREAD_ONE, values)

    def spread_again(self, facility: str) -> None:
        """For a facility whose units, or whose base, may have changed."""
        self.execute(SPREAD_FACILITY, {"facility": facility})

    def told(self, interruption: str) -> Any:
        """What is known of one, by the names of its fact; None for one that is not known."""
        return self.execute(TOLD, {"interruption": interruption}).first()

    def hits(self, interruption: str, now: datetime) -> list[dict[str, Any]]:
        """The reservations, not over yet, that stand in time which is taken away; an offer is only taken back."""
        return [dict(row._mapping) for row in self.execute(HITS, {"interruption": interruption, "now": now})]

    def hitting(self, reservation: str) -> dict[str, Any] | None:
        """The kind and the reason of what takes the longest from the time that a reservation holds, if anything."""
        row = self.execute(HITTING, {"reservation": reservation}).first()
        return dict(row._mapping) if row else None


def last_end(event: InterruptionChanged) -> Any:
    return max((span["ends_at"] for span in event.spans), default=None)


def as_json(value: Any) -> str:
    return encoding.dumps(value).decode()
