"""Is it still true? Asked of what is about to be sent, in the transaction that takes it from the queue.

The text of a delivery stays as it was written; what would only confuse its reader is not sent.
"""

from datetime import datetime

from services.notify.domain.deliveries import Claimed
from services.notify.storage.unit_of_work import NotifyUnitOfWork

REASONS = """
    SELECT d.id, CASE
               WHEN NOT coalesce(reader.active, true) THEN 'the recipient has left'
               WHEN d.channel = 'email' AND EXISTS (
                    SELECT 1 FROM suppressions s WHERE s.address = lower(d.address)) THEN 'address suppressed'
               WHEN d.channel = 'webhook' AND NOT coalesce(w.active, false) THEN 'the webhook is off'
               WHEN d.expires_at <= %(now)s THEN 'too late'
               WHEN NOT d.critical AND d.fallback_of IS NULL
                    AND p.switches -> d.category ->> d.channel = 'false' THEN 'not wanted'
               WHEN d.only_while IS NOT NULL AND (
                    r.state IS NULL OR NOT d.only_while->'states' ? r.state
                    OR r.starts_at <> (d.only_while->>'starts_at')::timestamptz
                    OR r.ends_at <> (d.only_while->>'ends_at')::timestamptz) THEN 'no longer so'
           END AS reason
      FROM deliveries d
      LEFT JOIN people reader ON reader.person = d.recipient
      LEFT JOIN preferences p ON p.person = d.recipient
      LEFT JOIN reservations r ON r.reservation = d.reservation
      LEFT JOIN webhooks w ON d.channel = 'webhook' AND w.webhook::text = d.recipient
     WHERE d.id = ANY(%(ids)s::uuid[])"""


def reasons_to_skip(claimed: list[Claimed], uow: NotifyUnitOfWork, now: datetime) -> dict[str, str]:
    """Why, by the id of each delivery that nobody needs any more."""
    asked = {"ids": [each.id for each in claimed], "now": now}
    rows = uow.connection.exec_driver_sql(REASONS, asked)
    return {str(row.id): row.reason for row in rows if row.reason}
