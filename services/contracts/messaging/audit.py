"""The audit trail: who changed what when, and what it was afterwards, chained per thing.

    chain facility:LAB-1     1 ◄── 2 ◄── 3        each entry's hash covers its own words and the hash before

Every fact that a service records is an entry, written in the same transaction; what changes
without a fact (a password, a token) is noted by hand. The service may add entries and read
them, not alter them, and whoever does so with other rights breaks the chain at that place. A
chain cannot show that its end was cut off: for that its heads are kept somewhere else.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection

from services.contracts.messaging import encoding

# The thing is locked by the transaction that changes it, so nobody else adds to its chain in between.
# A snapshot that is told again in the same version is no change.
ADD = """
    WITH last AS (
        SELECT sequence, hash FROM audit WHERE chain = %(chain)s ORDER BY sequence DESC LIMIT 1)
    INSERT INTO audit (chain, sequence, actor, action, at, object, correlation_id, previous_hash, hash)
    SELECT %(chain)s, coalesce(%(sequence)s::integer, last.sequence + 1, 1), %(actor)s, %(action)s, %(at)s, %(object)s,
           %(correlation_id)s, coalesce(last.hash, ''),
           encode(sha256(convert_to(coalesce(last.hash, '') || %(sealed)s, 'UTF8')), 'hex')
      FROM (VALUES (1)) AS one (row) LEFT JOIN last ON true
    ON CONFLICT (chain, sequence) DO NOTHING"""
TRAIL = """
    SELECT chain, sequence, actor, action, at, object, previous_hash, hash FROM audit
     WHERE %(chain)s::text IS NULL OR chain = %(chain)s ORDER BY chain, sequence"""
HEADS = "SELECT DISTINCT ON (chain) chain, sequence, hash FROM audit ORDER BY chain, sequence DESC"


@dataclass(frozen=True, kw_only=True)
class Author:
    """Who changes something, by which command or timer; nobody's actor is the system."""

    actor: str = ""
    action: str = ""


def sealed(chain: str, author: Author, at: datetime, body: str) -> str:
    """What an entry's hash covers beside the hash before. The sequence follows from the chain itself."""
    return "\n".join(("", chain, author.actor, author.action, at.astimezone(UTC).isoformat(), body))


def add(
    connection: Connection, chain: str, sequence: int | None, author: Author, at: datetime, body: str, correlation: str,
) -> None:
    """Write an entry; without a ``sequence`` it is the next one of its chain."""
    connection.exec_driver_sql(ADD, {
        "chain": chain, "sequence": sequence, "actor": author.actor, "action": author.action, "at": at, "object": body,
        "correlation_id": correlation, "sealed": sealed(chain, author, at, body),
    })


@dataclass(frozen=True, kw_only=True)
class Break:
    """Where a chain does not hold, and why."""

    chain: str
    sequence: int
    reason: str


def breaks(rows: Iterable[Any]) -> Iterator[Break]:
    """The first place in each chain that does not hold. ``rows`` are in order of chain and sequence."""
    chain, hash_before, broken = None, "", False
    for row in rows:
        if row.chain != chain:
            chain, hash_before, broken = row.chain, "", False
        if not broken and (reason := wrong_with(row, hash_before)):
            broken = True
            yield Break(chain=row.chain, sequence=row.sequence, reason=reason)
        hash_before = row.hash


def wrong_with(row: Any, hash_before: str) -> str | None:
    if row.previous_hash != hash_before:
        return "it does not follow the entry before: one is missing or was replaced"
    words = sealed(row.chain, Author(actor=row.actor, action=row.action), row.at, row.object)
    if hashlib.sha256((hash_before + words).encode()).hexdigest() != row.hash:
        return "its words are not those that were written"
    return None


def cut_off(heads: Iterable[tuple[str, int, str]], connection: Connection) -> Iterator[Break]:
    """Those of the heads kept elsewhere that the trail does not have any more, or has otherwise."""
    kept = "SELECT hash FROM audit WHERE chain = %s AND sequence = %s"
    for chain, sequence, known in heads:
        if connection.exec_driver_sql(kept, (chain, sequence)).scalar() != known:
            yield Break(chain=chain, sequence=sequence, reason="the head that was kept elsewhere is not here")


def trail(connection: Connection, chain: str | None = None) -> Iterator[Any]:
    """The entries of one chain or of all, in order; read piece by piece."""
    reading = connection.execution_options(stream_results=True, max_row_buffer=1000)
    return iter(reading.exec_driver_sql(TRAIL, {"chain": chain}))


def heads(connection: Connection) -> list[tuple[str, int, str]]:
    return [tuple(row) for row in connection.exec_driver_sql(HEADS)]


def changes(connection: Connection, chain: str) -> list[dict[str, Any]]:
    """The entries of a chain as people read them, newest first: changed = {field: [before, after]}."""
    told, before = [], {}
    for row in connection.exec_driver_sql(TRAIL, {"chain": chain}):
        after = encoding.loads(row.object)
        told.append({
            "sequence": row.sequence, "actor": row.actor, "action": row.action, "at": row.at,
            "changed": differences(before, after),
        })
        before = after
    return told[::-1]


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    names = [name for name in {**before, **after} if name != "version"]
    return {
        name: [before.get(name), after.get(name)] for name in names if before.get(name) != after.get(name)
    }
