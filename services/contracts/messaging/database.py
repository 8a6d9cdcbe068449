"""Connections to PostgreSQL, each with an end to every wait.

A server-side statement time-out does not help when the network swallows packets; the
client's own TCP time-outs do, and so does the deadline that ends a call (rpc.py).
"""

import sys

from sqlalchemy import Engine, create_engine
from sqlalchemy.exc import DBAPIError, OperationalError, TimeoutError

from services.contracts.messaging import encoding

SESSION = (
    "-c statement_timeout=8000 -c lock_timeout=4000 -c idle_in_transaction_session_timeout=30000"
    " -c timezone=UTC -c jit=off"
)

patcher = sys.modules.get("eventlet.patcher")
if patcher and patcher.is_monkey_patched("socket"):
    # A service, not a command line: without this one waiting query would stop every greenlet of the process.
    from psycogreen.eventlet import patch_psycopg

    patch_psycopg()


def connect(url: str, connections: int = 5) -> Engine:
    """An engine for ``url`` (postgresql://...) with a pool of at most this many connections."""
    return create_engine(
        url.replace("postgresql://", "postgresql+psycopg2://", 1),
        pool_size=connections,
        max_overflow=0,
        pool_timeout=4,
        pool_use_lifo=True,
        json_serializer=lambda value: encoding.dumps(value).decode(),
        json_deserializer=encoding.loads,
        connect_args={
            "connect_timeout": 3,
            "options": SESSION,
            "keepalives_idle": 5,
            "keepalives_interval": 2,
            "keepalives_count": 3,
            "tcp_user_timeout": 8000,
        },
    )


def is_outage(error: BaseException) -> bool:
    """Whether the database is away: worth waiting for, and nobody's mistake."""
    if isinstance(error, TimeoutError):
        return True
    return isinstance(error, DBAPIError) and (
        error.connection_invalidated
        or (isinstance(error, OperationalError) and sqlstate(error)[:2] in ("", "08", "53", "57"))
    )


def is_collision(error: BaseException) -> bool:
    """Whether another transaction came in the way: dead-lock or serialisation failure."""
    return isinstance(error, DBAPIError) and sqlstate(error) in ("40P01", "40001")


def sqlstate(error: DBAPIError) -> str:
    return getattr(error.orig, "pgcode", None) or ""
