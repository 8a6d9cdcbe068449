"""What may be asked of notify: one statement each, plain dictionaries out."""

from sqlalchemy import text

from services.contracts.errors import NotAllowed, NotFound
from services.notify import previews
from services.notify.domain.bindings import Code, CodeState, hint
from services.notify.domain.preferences import shown
from services.notify.storage.deliveries import OVERTAKEN
from services.notify.storage.preferences import ChosenPreferences

# Whether the one who asks manages what a reservation is on; an auditor sees all and changes nothing.
MANAGES = "(asking.roles && '{base_manager,admin}' OR r.facility = ANY(asking.manages))"
SEES = f"({MANAGES} OR asking.roles && '{{auditor}}')"

# One row at least when the actor may see the reservation; its delivery columns are empty when there is none.
# A team reads what its people are told; what those on duty and programs are told, and every single try,
# is for those who manage and audit.
DELIVERIES = text(f"""
    SELECT d.id, d.event_type, d.step, d.recipient, coalesce(p.name, w.name, d.recipient) AS recipient_name, d.channel,
           d.state, d.attempts, d.reason, d.created_at, d.accepted_at, d.arrival, d.arrived_at, d.fallback_of,
           {MANAGES} AND d.state = 'dead' AND NOT EXISTS ({OVERTAKEN}) AS resendable,
           CASE WHEN {SEES} THEN (
               SELECT json_agg(json_build_object('started_at', a.started_at, 'ended_at', a.ended_at, 'outcome',
                                                 a.outcome, 'code', a.code, 'detail', a.detail) ORDER BY a.id)
                 FROM attempts a WHERE a.delivery = d.id) END AS tries
      FROM reservations r
      JOIN people asking ON asking.person = :actor AND asking.active
      LEFT JOIN deliveries d ON d.reservation = r.reservation AND ({SEES} OR d.channel NOT IN ('robot', 'webhook'))
      LEFT JOIN people p ON p.person = d.recipient
      LEFT JOIN webhooks w ON d.channel = 'webhook' AND CAST(w.webhook AS text) = d.recipient
     WHERE r.reservation = :reservation
       AND ({SEES} OR EXISTS (SELECT 1 FROM teams t WHERE t.team = r.team AND asking.person = ANY(t.members)))
     ORDER BY d.version, d.created_at, d.recipient, d.channel""")

DELIVERY = f"""
    SELECT d.state, {MANAGES} AS manages
      FROM deliveries d
      JOIN people asking ON asking.person = %(actor)s AND asking.active
      LEFT JOIN reservations r ON r.reservation = d.reservation
     WHERE d.id = %(delivery)s
       AND ({SEES} OR EXISTS (SELECT 1 FROM teams t WHERE t.team = r.team AND asking.person = ANY(t.members)))"""

UNDELIVERED = text(f"""
    SELECT d.id, d.reservation, d.event_type, d.step, d.recipient, coalesce(p.name, d.recipient) AS recipient_name,
           d.channel, d.state, d.attempts, d.reason, d.created_at, d.arrival,
           EXISTS (SELECT 1 FROM deliveries mail WHERE mail.fallback_of = d.id) AS fell_back,
           {MANAGES} AND NOT EXISTS ({OVERTAKEN}) AS resendable
      FROM deliveries d
      JOIN people asking ON asking.person = :actor AND asking.active
      LEFT JOIN reservations r ON r.reservation = d.reservation
      LEFT JOIN people p ON p.person = d.recipient
     WHERE d.state = 'dead' AND d.channel <> 'webhook' AND {SEES}
       AND (CAST(:channel AS text) IS NULL OR d.channel = :channel)
       AND (CAST(:recipient AS text) IS NULL OR d.recipient = :recipient)
     ORDER BY d.created_at DESC LIMIT 200""")

# What waits for its time (a reminder, quiet hours) is not late.
WAITING = text("""
    SELECT channel, count(*) FILTER (WHERE state <> 'dead') AS waiting, count(*) FILTER (WHERE state = 'dead') AS dead,
           greatest(0, coalesce(extract(epoch FROM now() - min(
               CASE state WHEN 'pending' THEN due_at WHEN 'dead' THEN NULL ELSE created_at END)), 0)) AS oldest
      FROM deliveries WHERE state IN ('pending', 'sending', 'retry', 'unknown') OR state = 'dead' GROUP BY channel""")


def deliveries(connection, actor, reservation):
    """Who was told what. Raises NotFound, also when the actor may not see the reservation."""
    asked = {"actor": str(actor), "reservation": str(reservation)}
    rows = connection.execute(DELIVERIES, asked).mappings().all()
    if not rows:
        raise NotFound
    return {"items": [dict(row) | {"tries": row["tries"] or []} for row in rows if row["channel"]]}


def delivery_for(connection, actor, delivery):
    """The state of a delivery and whether the actor manages it, or None when the actor may not see it."""
    row = connection.exec_driver_sql(DELIVERY, {"actor": actor, "delivery": delivery}).mappings().first()
    return row and dict(row)


def undelivered(connection, actor, channel=None, recipient=None):
    """The newest messages that nobody got, of those that the actor manages or audits."""
    asked = {"actor": str(actor), "channel": channel, "recipient": recipient}
    return {"items": [dict(row) for row in connection.execute(UNDELIVERED, asked).mappings()]}


def waiting(connection):
    """Per channel: how many deliveries wait, how old the oldest is (seconds), and how many are dead."""
    return {row["channel"]: dict(row) for row in connection.execute(WAITING).mappings()}


PAUSES = text("""
    SELECT channel, kind, reason, until, extract(epoch FROM until - now()) AS seconds
      FROM pauses WHERE until > now() ORDER BY channel""")


def pauses(connection):
    """The channels that rest, why and until when."""
    return [dict(row) for row in connection.execute(PAUSES).mappings()]


def notifications(connection, actor):
    """What counts for the actor: who is told what where, and when. Raises NotFound."""
    person = ChosenPreferences(connection).person(str(actor))
    if person is None or not person.active:
        raise NotFound
    return shown(person.preferences, person.bound)


# bindings --------------------------------------------------------------------------------

BINDINGS = text("""
    SELECT channel, external_id, state, reason, bound_at, suspended_at
      FROM bindings WHERE person = :actor ORDER BY channel""")

BINDING_CODE = text("""
    SELECT code, person, channel, address, external_id, expires_at, bound_at,
           (SELECT b.person FROM bindings b
             WHERE b.channel = c.channel AND b.external_id = c.external_id AND b.state = 'active') AS owner
      FROM binding_codes c WHERE CAST(code AS text) = :code AND person = :actor""")


SUPPRESSED = text("""
    SELECT s.reason, s.since FROM people p JOIN suppressions s ON s.address = lower(p.email) WHERE p.person = :actor""")


def bindings(connection, actor):
    """The actor's own accounts, by their last characters only; and why no mail is sent, if none is."""
    rows = connection.execute(BINDINGS, {"actor": actor}).mappings().all()
    suppressed = connection.execute(SUPPRESSED, {"actor": actor}).mappings().first()
    return {"items": [with_hint(row) for row in rows], "suppressed": suppressed and dict(suppressed)}


def binding_code(connection, actor, code, now):
    """How far the actor's own code has come at ``now``. Raises NotFound."""
    row = connection.execute(BINDING_CODE, {"actor": str(actor), "code": str(code)}).mappings().first()
    if row is None:
        raise NotFound
    found = Code(**{name: row[name] for name in Code.__dataclass_fields__} | {"code": str(row["code"])})
    state = found.state(now)
    return with_hint(
        {"code": found.code, "channel": found.channel, "external_id": found.external_id, "state": state.value}
        | {"address": found.address if state is CodeState.OPEN else "", "expires_at": found.expires_at}
        | {"taken": row["owner"] not in (None, found.person)}
    )


BOUND_PERSON = text("""
    SELECT b.person FROM bindings b JOIN people p USING (person)
     WHERE b.channel = :channel AND b.external_id = :external_id AND b.state = 'active' AND p.active""")


def bound_person(connection, channel, external_id):
    """To whom an account is bound, or None."""
    return connection.execute(BOUND_PERSON, {"channel": channel, "external_id": external_id}).scalar()


REACHED = text("""
    SELECT p.person, p.name, p.email, p.roles, s.reason AS suppressed,
           coalesce((SELECT json_agg(json_build_object('channel', b.channel, 'external_id', b.external_id,
                                                       'state', b.state, 'reason', b.reason) ORDER BY b.channel)
                       FROM bindings b WHERE b.person = p.person), '[]') AS bindings
      FROM people p
      LEFT JOIN suppressions s ON s.address = lower(p.email)
     WHERE p.active
       AND CASE WHEN :words = '' THEN p.roles <> '{}' OR s.address IS NOT NULL
                ELSE strpos(lower(p.person || ' ' || p.name || ' ' || p.email), lower(:words)) > 0 END
     ORDER BY p.roles = '{}', p.person LIMIT 100""")

IS_ADMIN = text("SELECT 1 FROM people WHERE person = :actor AND active AND 'admin' = ANY(roles)")


def reached(connection, actor, words=""):
    """Where people are reached, for admins: the staff and those whose mails come back, or whom ``words`` name.

    Raises NotAllowed.
    """
    if connection.execute(IS_ADMIN, {"actor": str(actor)}).first() is None:
        raise NotAllowed
    rows = connection.execute(REACHED, {"words": str(words)[:100]}).mappings()
    return {"items": [dict(row) | {"bindings": [with_hint(each) for each in row["bindings"]]} for row in rows]}


def with_hint(row):
    """An external id is never shown whole."""
    told = dict(row)
    external_id = told.pop("external_id")
    return told | {"hint": hint(external_id) if external_id else ""}


RUNS_THE_BASE = text("SELECT 1 FROM people WHERE person = :actor AND active AND roles && '{base_manager,admin}'")


def message_samples(connection, actor, composer):
    """Every message with sample data, and which field of it would be refused. Raises NotAllowed."""
    require_base(connection, actor)
    return {"items": previews.overview(composer)}


def message_sample(connection, actor, sample, composer):
    """One of them as each kind of reader would get it. Raises NotAllowed, NotFound."""
    require_base(connection, actor)
    items = previews.sample(composer, str(sample))
    if items is None:
        raise NotFound
    return {"sample": sample, "items": items}


def require_base(connection, actor):
    """Raises NotAllowed unless the actor answers for the whole base."""
    if connection.execute(RUNS_THE_BASE, {"actor": str(actor)}).first() is None:
        raise NotAllowed


# for operators ---------------------------------------------------------------------------

CHOSEN = text("""
    SELECT id, event_type, reservation, recipient, channel, state, attempts, reason, created_at
      FROM deliveries
     WHERE (CAST(:state AS text) IS NULL OR state = :state)
       AND (CAST(:reservation AS text) IS NULL OR reservation = :reservation)
       AND (CAST(:recipient AS text) IS NULL OR recipient = :recipient)
       AND (CAST(:channel AS text) IS NULL OR channel = :channel)
     ORDER BY created_at DESC LIMIT 1000""")

WHOLE = text("""
    SELECT d.*, (SELECT coalesce(json_agg(a ORDER BY a.id), '[]') FROM attempts a WHERE a.delivery = d.id) AS tries
      FROM deliveries d WHERE CAST(d.id AS text) = :delivery""")


def chosen(connection, **wanted):
    """Deliveries, newest first; what is None does not narrow the choice."""
    return [dict(row) for row in connection.execute(CHOSEN, wanted).mappings()]


def whole(connection, delivery):
    """A delivery with its text and every attempt, or None."""
    row = connection.execute(WHOLE, {"delivery": delivery}).mappings().first()
    return row and dict(row)
