"""What an operator can see and do about facts.

    python -m services.contracts.messaging.operations outbox status
    python -m services.contracts.messaging.operations parked list|show|redrive|discard [--service S] [--event ID]
    python -m services.contracts.messaging.operations dead-letters list|show|redrive|discard [--reader R] [--event ID]
    python -m services.contracts.messaging.operations audit verify [--service S] [--heads FILE]
    python -m services.contracts.messaging.operations audit heads > FILE    keep it where nobody of the base writes
    python -m services.contracts.messaging.operations audit show CHAIN         such as facility:LAB-1

Addresses come from the environment: <SERVICE>_DATABASE_URL, and AMQP_URL of an operator's
account. Exit codes: 0 done or nothing to do; 1 something waits that should not (status and
list), or the audit trail does not hold; 2 wrong words or settings; 3 what was named is not there.
"""

import argparse
import json
import os
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from services.contracts.messaging import audit, dead_letters
from services.contracts.messaging.database import connect
from services.contracts.messaging.outbox import unsent
from services.contracts.messaging.topology import READERS, SERVICES
from services.contracts.messaging.unit_of_work import Transactions, UnitOfWork

ODD_AFTER = timedelta(minutes=1)

PARKED = """
    SELECT reader, event_id, type, aggregate_type, aggregate_id, aggregate_version, received_at, parked, attempts,
           next_attempt_at, error, body
      FROM inbox WHERE handled_at IS NULL AND (%(event)s::uuid IS NULL OR event_id = %(event)s::uuid)
     ORDER BY received_at"""
REDRIVE = """
    UPDATE inbox SET next_attempt_at = %(now)s, attempts = 0
     WHERE handled_at IS NULL AND (%(event)s::uuid IS NULL OR event_id = %(event)s::uuid)"""
DISCARD = """
    WITH gone AS (
        UPDATE inbox SET handled_at = %(now)s, parked = false, next_attempt_at = NULL, body = NULL,
                         error = 'discarded by an operator; ' || coalesce(error, '')
         WHERE handled_at IS NULL AND event_id = %(event)s::uuid RETURNING *)
    INSERT INTO inbox_position SELECT reader, aggregate_type, aggregate_id, aggregate_version FROM gone
    ON CONFLICT (reader, aggregate_type, aggregate_id)
    DO UPDATE SET version = greatest(inbox_position.version, excluded.version)"""


def main(words: list[str] | None = None) -> int:
    arguments = parse(words)
    if arguments.subject == "outbox":
        return outbox_status()
    if arguments.subject == "parked":
        return parked(arguments)
    if arguments.subject == "audit":
        return {"verify": audit_verify, "heads": audit_heads, "show": audit_show}[arguments.verb](arguments)
    return dead(arguments)


def parse(words: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    subjects = parser.add_subparsers(dest="subject", required=True)
    subjects.add_parser("outbox").add_argument("verb", choices=["status"])
    for subject, choices, option in (("parked", SERVICES, "--service"), ("dead-letters", READERS, "--reader")):
        sub = subjects.add_parser(subject)
        sub.add_argument("verb", choices=["list", "show", "redrive", "discard"])
        sub.add_argument(option, choices=list(choices), dest="place")
        sub.add_argument("--event")
    trail = subjects.add_parser("audit")
    trail.add_argument("verb", choices=["verify", "heads", "show"])
    trail.add_argument("chain", nargs="?")
    trail.add_argument("--service", choices=list(SERVICES), dest="place")
    trail.add_argument("--heads", type=Path)
    arguments = parser.parse_args(words)
    if arguments.subject == "audit":
        if (arguments.verb == "show") != (arguments.chain is not None):
            parser.error("show, and only show, needs a chain")
    elif getattr(arguments, "verb", "") in ("show", "discard") and not arguments.event:
        parser.error(f"{arguments.verb} needs --event")
    return arguments


def databases(only: str | None = None) -> Iterator[tuple[str, Transactions]]:
    """The databases of the services whose address is set."""
    for service in SERVICES:
        url = os.environ.get(f"{service.upper()}_DATABASE_URL")
        if url and only in (None, service):
            yield service, Transactions(connect(url), UnitOfWork)


def outbox_status() -> int:
    late = False
    for service, transactions in databases():
        found = transactions.read(unsent)
        late |= bool(found["oldest"]) and transactions.clock() - found["oldest"] > ODD_AFTER
        print(
            f"{service:12} {found['waiting']:>6} unsent"
            + (f", oldest since {found['oldest']:%F %T} UTC" if found["oldest"] else "")
        )
    return int(late)


def parked(arguments: argparse.Namespace) -> int:
    count = 0
    for service, transactions in databases(arguments.place):
        if arguments.verb in ("redrive", "discard"):
            statement = REDRIVE if arguments.verb == "redrive" else DISCARD
            changed = transactions.run(
                lambda uow, now, statement=statement: (
                    uow.connection.exec_driver_sql(statement, {"event": arguments.event, "now": now}).rowcount
                )
            )
            count += changed
            if changed:
                print(f"{service}: {changed} fact(s), {arguments.verb}")
            continue
        for row in transactions.read(unhandled, event=arguments.event):
            count += 1
            print_fact(row, whole=arguments.verb == "show")
    if arguments.event and not count:
        return 3
    return int(arguments.verb == "list" and count > 0)


def unhandled(connection: Connection, event: str | None) -> list[dict[str, Any]]:
    return [dict(row) for row in connection.exec_driver_sql(PARKED, {"event": event}).mappings()]


def dead(arguments: argparse.Namespace) -> int:
    count = 0
    for reader in READERS:
        if reader == "live" or arguments.place not in (None, reader):
            continue
        with dead_letters.opened(os.environ["AMQP_URL"], reader) as letters:
            for letter in letters.matching(arguments.event):
                count += 1
                if arguments.verb == "redrive":
                    letters.redrive(letter)
                elif arguments.verb == "discard":
                    letters.discard(letter)
                print_fact(dead_letters.described(reader, letter), whole=arguments.verb == "show")
    if arguments.event and not count:
        return 3
    return int(arguments.verb == "list" and count > 0)


def audit_verify(arguments: argparse.Namespace) -> int:
    kept = [line.split() for line in arguments.heads.read_text().splitlines()] if arguments.heads else []
    count = 0
    for service, transactions in databases(arguments.place):
        known = [(chain, int(sequence), head) for of, chain, sequence, head in kept if of == service]
        found = transactions.read(lambda connection, known=known: [
            *audit.breaks(audit.trail(connection)), *audit.cut_off(known, connection),
        ])
        for each in found:
            print(f"{service} {each.chain} {each.sequence}: {each.reason}")
        print(f"{service:12} " + (f"{len(found)} chain(s) do not hold" if found else "the audit trail holds"))
        count += len(found)
    return int(count > 0)


def audit_heads(arguments: argparse.Namespace) -> int:
    for service, transactions in databases(arguments.place):
        for chain, sequence, head in transactions.read(audit.heads):
            print(service, chain, sequence, head)
    return 0


def audit_show(arguments: argparse.Namespace) -> int:
    count = 0
    for service, transactions in databases(arguments.place):
        for entry in transactions.read(audit.changes, chain=arguments.chain):
            count += 1
            print(json.dumps({"service": service} | entry, default=str, ensure_ascii=False))
    return 0 if count else 3


def print_fact(row: dict[str, Any], whole: bool) -> None:
    if whole:
        print(json.dumps(row, default=str, ensure_ascii=False, indent=2))
        return
    first_line = str(row.get("error") or "waits for an earlier version").partition("\n")[0]
    print(f"{row['reader']:10} {row['event_id']} {row.get('type') or '?':24} {first_line[:100]}")


if __name__ == "__main__":
    sys.exit(main())
