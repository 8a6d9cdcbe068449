"""Campaigns in PostgreSQL, and the reservations that are their steps.

A campaign's row is locked before any of its members, by whatever is done with one of them
(repository.LOCKED), so that two who change neighbours wait for each other.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from services.booking.domain.campaign import Campaign, Step
from services.booking.domain.reservation import Reservation
from services.booking.domain.rights import Person
from services.booking.domain.run import Run
from services.booking.storage.rows import PERSON, RESERVATION, person_of, reservation_of
from services.contracts.messaging import encoding

CAMPAIGN = """
    c.campaign::text AS id, c.version, c.team, c.project, c.purpose, c.requester, c.steps"""
LOCKED = f"""
    SELECT {CAMPAIGN}, asking.*
      FROM (VALUES (1)) AS one (row)
      LEFT JOIN LATERAL (SELECT {PERSON} FROM persons p WHERE p.person = %(actor)s) AS asking ON true
     CROSS JOIN campaigns c
     WHERE c.campaign = %(campaign)s
       FOR UPDATE OF c"""
ONE = f"SELECT {CAMPAIGN} FROM campaigns c WHERE c.campaign = %(campaign)s"
# In the order of their ids, as everybody locks who locks several.
MEMBERS_LOCKED = f"""
    SELECT {RESERVATION} FROM reservations r WHERE r.campaign = %(campaign)s ORDER BY r.reservation FOR UPDATE"""
MEMBERS = f"SELECT {RESERVATION} FROM reservations r WHERE r.campaign = %(campaign)s ORDER BY r.campaign_step"
DUE = f"""
    SELECT {CAMPAIGN} FROM campaigns c
     WHERE c.campaign IN (SELECT r.campaign FROM reservations r
                           WHERE r.state = 'requested' AND r.decide_by <= %(now)s AND r.campaign IS NOT NULL
                           ORDER BY r.decide_by LIMIT %(limit)s)
     ORDER BY c.campaign FOR UPDATE SKIP LOCKED"""
ADD = """
    INSERT INTO campaigns (campaign, version, team, project, purpose, requester, steps)
    VALUES (%(campaign)s, %(version)s, %(team)s, %(project)s, %(purpose)s, %(requester)s, %(steps)s)"""
CHANGE = "UPDATE campaigns SET version = %(version)s WHERE campaign = %(campaign)s"


class Campaigns:
    """The campaigns, one row each."""

    def __init__(self, connection: Connection):
        self.execute = connection.exec_driver_sql

    def add(self, campaign: Campaign) -> None:
        self.execute(ADD, values_of(campaign))

    def change(self, campaign: Campaign) -> None:
        """Keep the next version of a campaign that is locked."""
        self.execute(CHANGE, {"campaign": campaign.id, "version": campaign.version})

    def locked(self, campaign: str, actor: str) -> tuple[Campaign | None, Person | None]:
        """A campaign, locked until the end of the transaction, and the person who asks."""
        row = self.execute(LOCKED, {"campaign": campaign, "actor": actor}).first()
        return (campaign_of(row), person_of(row)) if row else (None, None)

    def one(self, campaign: str) -> Campaign:
        """A campaign that is there; locked already by whoever has locked one of its members."""
        return campaign_of(self.execute(ONE, {"campaign": campaign}).one())

    def members_locked(self, campaign: str) -> list[Reservation]:
        """All members, locked, in the order of the steps."""
        rows = self.execute(MEMBERS_LOCKED, {"campaign": campaign})
        return sorted((reservation_of(row) for row in rows), key=lambda each: each.campaign_step)

    def members(self, campaign: str) -> list[Reservation]:
        """The same without a lock."""
        return [reservation_of(row) for row in self.execute(MEMBERS, {"campaign": campaign})]

    def due(self, now: datetime, limit: int) -> list[Campaign]:
        """Those with a step that nobody decided in time, locked; those that others hold are left out."""
        return [campaign_of(row) for row in self.execute(DUE, {"now": now, "limit": limit})]


def values_of(campaign: Campaign) -> dict[str, Any]:
    return {
        "campaign": campaign.id, "version": campaign.version, "team": campaign.team, "project": campaign.project,
        "purpose": campaign.purpose, "requester": campaign.requester,
        "steps": encoding.dumps([each.to_dict() for each in campaign.steps]).decode(),
    }


def campaign_of(row: Any) -> Campaign:
    return Campaign(
        id=row.id, version=row.version, team=row.team, project=row.project, purpose=row.purpose,
        requester=row.requester, steps=tuple(step_of(each) for each in row.steps),
    )


def step_of(kept: Mapping[str, Any]) -> Step:
    return Step(**kept | {"run": Run(**kept["run"])})
