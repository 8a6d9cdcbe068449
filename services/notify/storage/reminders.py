"""What is due at a time: found by "due before now", so that a stop only delays it."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from services.notify.domain.reminders import Reminder

FORGET = "DELETE FROM reminders WHERE subject = %s"
KEEP = """
    INSERT INTO reminders (subject, kind, due_at, stale_at) VALUES (%(subject)s, %(kind)s, %(due_at)s, %(stale_at)s)
    ON CONFLICT (subject, kind) DO UPDATE SET due_at = excluded.due_at, stale_at = excluded.stale_at"""
BEGIN = """
    INSERT INTO reminders (subject, kind, due_at, stale_at) VALUES (%(subject)s, %(kind)s, %(due_at)s, %(stale_at)s)
    ON CONFLICT (subject, kind) DO NOTHING"""
TAKE = """
    DELETE FROM reminders WHERE (subject, kind) IN (
        SELECT subject, kind FROM reminders WHERE due_at <= %s ORDER BY due_at LIMIT %s FOR UPDATE SKIP LOCKED)
    RETURNING subject, kind, due_at, stale_at"""


class Reminders:
    def __init__(self, connection: Connection):
        self.execute = connection.exec_driver_sql

    def replace(self, subject: str, reminders: list[Reminder]) -> None:
        """Make these the only ones about a subject."""
        self.execute(FORGET, (subject,))
        self.keep(reminders)

    def keep(self, reminders: list[Reminder]) -> None:
        for each in reminders:
            self.execute(KEEP, vars(each))

    def begin(self, reminders: list[Reminder]) -> None:
        """Keep those of which there is none yet."""
        for each in reminders:
            self.execute(BEGIN, vars(each))

    def take(self, now: datetime, most: int) -> list[Reminder]:
        """Those that are due, gone from here when the transaction commits; what another worker takes is left to it."""
        rows: list[Any] = self.execute(TAKE, (now, most)).mappings().all()
        return [Reminder(**row) for row in sorted(rows, key=lambda row: row["due_at"])]
