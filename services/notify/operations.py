"""What an operator can see and do about deliveries and bindings.

    python -m services.notify.operations deliveries list [--state S] [--reservation R] [--recipient P] [--channel C]
    python -m services.notify.operations deliveries show|resend ID
    python -m services.notify.operations channels list                  what waits, what is dead, what rests and why
    python -m services.notify.operations channels resume CHANNEL        end its rest: the cause is cured
    python -m services.notify.operations bind PERSON CHANNEL [ID]       no ID unties
    python -m services.notify.operations bind-import FILE               CSV lines: person,channel,id
    python -m services.notify.operations templates check                what WeChat or WeCom would refuse
    python -m services.notify.operations bounces read FILE|MAILDIR|-    what came back to the sender's address

The database's address comes from NOTIFY_DATABASE_URL. ``list`` shows the dead ones unless asked
otherwise. Only a dead delivery can be sent again, and only while no later message about the same
reservation has reached the same person. A binding may name a person whom notify has not heard of
yet; it counts from then on. An import is taken whole or not at all.

Exit codes: 0 done; 1 there are dead deliveries, resting channels (list) or broken templates, or it was
refused; 2 wrong words or settings; 3 the delivery that was named is not there.
"""

import argparse
import csv
import json
import os
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from services.contracts.errors import InvalidInput
from services.contracts.messaging.database import connect
from services.contracts.messaging.unit_of_work import Transactions
from services.notify import binding, metrics, previews, queries
from services.notify.domain.outcomes import State
from services.notify.rendering.composer import Composer
from services.notify.spool import read_new
from services.notify.storage.unit_of_work import NotifyUnitOfWork
from services.notify.unreachable import take_bounce

CHANNELS = ("wechat", "wecom")


def main(words: list[str] | None = None) -> int:
    arguments = parse(words)
    url = os.environ.get("NOTIFY_DATABASE_URL")
    if not url:
        print("set NOTIFY_DATABASE_URL (see deploy/env.example)", file=sys.stderr)
        return 2
    return arguments.do(arguments, Transactions(connect(url), NotifyUnitOfWork))


def parse(words: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    subjects = parser.add_subparsers(required=True)
    add_deliveries(subjects.add_parser("deliveries").add_subparsers(required=True))
    add_verb(subjects.add_parser("templates").add_subparsers(required=True), "check", check_templates)
    channels = subjects.add_parser("channels").add_subparsers(required=True)
    add_verb(channels, "list", list_channels)
    add_verb(channels, "resume", resume).add_argument("channel", choices=metrics.CHANNELS)
    add_bindings(subjects)
    reading = add_verb(subjects.add_parser("bounces").add_subparsers(required=True), "read", read_bounces)
    reading.add_argument("place", help="a mail, a Maildir, or - for one on standard input")
    return parser.parse_args(words)


def add_verb(verbs: Any, name: str, do: Callable[[argparse.Namespace, Transactions], int]) -> argparse.ArgumentParser:
    verb = verbs.add_parser(name)
    verb.set_defaults(do=do)
    return verb


def add_deliveries(verbs: Any) -> None:
    listing = add_verb(verbs, "list", list_deliveries)
    listing.add_argument("--state", choices=[*State, "all"], default="dead")
    for name in ("reservation", "recipient", "channel"):
        listing.add_argument(f"--{name}")
    for name, do in (("show", show), ("resend", resend)):
        add_verb(verbs, name, do).add_argument("id")


def add_bindings(verbs: Any) -> None:
    one = add_verb(verbs, "bind", bind)
    one.add_argument("person")
    one.add_argument("channel", choices=CHANNELS)
    one.add_argument("external_id", nargs="?")
    add_verb(verbs, "bind-import", bind_import).add_argument("file", type=argparse.FileType(encoding="utf-8"))


def list_deliveries(arguments: argparse.Namespace, transactions: Transactions) -> int:
    wanted = {name: getattr(arguments, name) for name in ("reservation", "recipient", "channel")}
    state = None if arguments.state == "all" else arguments.state
    rows = transactions.read(queries.chosen, state=state, **wanted)
    for row in rows:
        print(
            f"{row['id']} {row['state']:8} {row['channel']:7} {row['event_type']:22} {row['recipient']:16} "
            f"{row['created_at']:%F %T} {row['reason'] or ''}"
        )
    return int(any(row["state"] == State.DEAD for row in rows))


def check_templates(_arguments: argparse.Namespace, _transactions: Transactions) -> int:
    """Hold every message against the providers' rules, with usual values and with the worst."""
    samples = previews.overview(Composer("https://example.org", "base@example.org"))
    for each in samples:
        print(f"{each['sample']:36} {'broken: ' + ' '.join(each['broken']) if each['broken'] else 'fits'}")
    return int(any(each["broken"] for each in samples))


def show(arguments: argparse.Namespace, transactions: Transactions) -> int:
    row = transactions.read(queries.whole, delivery=arguments.id)
    if row is None:
        return 3
    print(json.dumps(row, default=str, ensure_ascii=False, indent=2))
    return 0


def resend(arguments: argparse.Namespace, transactions: Transactions) -> int:
    if transactions.read(queries.whole, delivery=arguments.id) is None:
        return 3
    if transactions.run(lambda uow, now: uow.deliveries.resend(arguments.id, now)):
        print("it is due again")
        return 0
    print("refused: it is not dead, or a later message has reached this person", file=sys.stderr)
    return 1


def list_channels(_arguments: argparse.Namespace, transactions: Transactions) -> int:
    waiting = transactions.read(queries.waiting)
    resting = {pause["channel"]: pause for pause in transactions.read(queries.pauses)}
    for channel in metrics.CHANNELS:
        row, pause = waiting.get(channel, {}), resting.get(channel)
        rest = f"rests until {pause['until']:%F %T} UTC: {pause['reason']}" if pause else ""
        print(f"{channel:8} {row.get('waiting', 0):6} waiting {row.get('dead', 0):6} dead  {rest}".rstrip())
    return int(bool(resting))


def resume(arguments: argparse.Namespace, transactions: Transactions) -> int:
    transactions.run(lambda uow, now: uow.queue.resume(arguments.channel))
    print(f"{arguments.channel} goes on")
    return 0


def bind(arguments: argparse.Namespace, transactions: Transactions) -> int:
    return bind_all([(arguments.person, arguments.channel, arguments.external_id)], transactions)


def bind_import(arguments: argparse.Namespace, transactions: Transactions) -> int:
    with arguments.file:
        rows = [tuple(map(str.strip, row)) for row in csv.reader(arguments.file) if row]
    wrong = [row for row in rows if len(row) != 3 or row[1] not in CHANNELS or not all(row)]
    for row in wrong:
        print(f"not person,channel,id: {','.join(row)}", file=sys.stderr)
    return 2 if wrong else bind_all(rows, transactions)


def read_bounces(arguments: argparse.Namespace, transactions: Transactions) -> int:
    def take(raw: bytes) -> str:
        return transactions.run(lambda uow, now: take_bounce(raw, uow, now))

    place = Path(arguments.place)
    if arguments.place == "-":
        print(take(sys.stdin.buffer.read()))
    elif place.is_dir():
        for name, outcome in read_new(place, take):
            print(f"{name} {outcome}")
    else:
        print(take(place.read_bytes()))
    return 0


def bind_all(rows: list[tuple[str, str, str | None]], transactions: Transactions) -> int:
    def work(uow: NotifyUnitOfWork, now: datetime) -> list[str]:
        for row in rows:
            binding.bind(*row, uow, now)
        return [person for person, _, _ in rows if not uow.bindings.is_known(person)]

    try:
        unknown = transactions.run(work)
    except InvalidInput as refusal:
        print(f"refused, nothing was written: {refusal.detail}", file=sys.stderr)
        return 1
    for person in unknown:
        print(f"{person} is not known yet", file=sys.stderr)
    print(f"{len(rows)} binding(s) written")
    return 0


if __name__ == "__main__":
    sys.exit(main())
