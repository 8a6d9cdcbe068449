"""What those who manage the base may ask about webhooks: one statement each, plain dictionaries out."""

from services.contracts.errors import NotAllowed, NotFound
from services.notify.storage.webhooks import Webhooks

WEBHOOKS = """
    SELECT w.webhook, w.name, w.url, w.team, t.name AS team_name, w.facts, w.active, w.reason, w.changed_at,
           w.created_by, w.created_at,
           (SELECT max(d.accepted_at) FROM deliveries d
             WHERE d.channel = 'webhook' AND d.recipient = w.webhook::text) AS last_accepted_at,
           (SELECT count(*) FROM deliveries d WHERE d.channel = 'webhook' AND d.recipient = w.webhook::text
               AND d.state IN ('pending', 'sending', 'retry', 'unknown')) AS waiting,
           (SELECT count(*) FROM deliveries d WHERE d.channel = 'webhook' AND d.recipient = w.webhook::text
               AND d.state = 'dead') AS dead
      FROM webhooks w LEFT JOIN teams t ON t.team = w.team
     WHERE %(webhook)s::text IS NULL OR w.webhook::text = %(webhook)s
     ORDER BY w.active DESC, w.name, w.created_at"""

DELIVERIES = """
    SELECT d.id, d.event_type, d.reservation, d.version, d.state, d.attempts, d.reason, d.created_at, d.accepted_at,
           d.due_at,
           (SELECT coalesce(json_agg(json_build_object('started_at', a.started_at, 'ended_at', a.ended_at,
                        'outcome', a.outcome, 'code', a.code, 'detail', a.detail) ORDER BY a.id), '[]')
              FROM attempts a WHERE a.delivery = d.id) AS tries
      FROM deliveries d
     WHERE d.channel = 'webhook' AND d.recipient = %(webhook)s
       AND (%(state)s::text IS NULL OR d.state = %(state)s)
     ORDER BY d.created_at DESC, d.id LIMIT 100"""


def check_rights(connection, actor):
    """Raises NotAllowed."""
    if not Webhooks(connection).manages_base(str(actor)):
        raise NotAllowed


def webhooks(connection, actor):
    """All of them, without secrets. Raises NotAllowed."""
    check_rights(connection, actor)
    rows = connection.exec_driver_sql(WEBHOOKS, {"webhook": None}).mappings()
    return {"items": [dict(row) for row in rows]}


def webhook(connection, actor, webhook):
    """One of them. Raises NotAllowed, NotFound."""
    check_rights(connection, actor)
    row = connection.exec_driver_sql(WEBHOOKS, {"webhook": str(webhook)}).mappings().first()
    if row is None:
        raise NotFound
    return dict(row)


def webhook_deliveries(connection, actor, webhook, state=None):
    """The newest hundred, each with its tries. Raises NotAllowed."""
    check_rights(connection, actor)
    rows = connection.exec_driver_sql(DELIVERIES, {"webhook": str(webhook), "state": state}).mappings()
    return {"items": [dict(row) for row in rows]}
