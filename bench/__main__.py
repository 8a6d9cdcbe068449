"""Start a stack and measure it: python -m bench [--requests N] [--quick]

Prints a table per question: creating reservations at 1, 8 and 32 clients beside the raw limit
of the same database and a plain call; working off a queue of deliveries beside a bare loop; the
week's board at 1,000, 10,000 and 100,000 stored reservations; memory per process; the board of a
base as large as the district may make it; the nearest ways to succeed over 90 days; plans for those whom outages
hit (also alone: python -m bench.replans).
"""

import argparse
import itertools
import json
import os
import shutil
import statistics
import subprocess
import time
import urllib.request
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg2

from bench import deliveries, district, load, processes, replans, stored, suggest
from deploy.local import stack as local
from services.contracts.messaging.client import RpcClient

STATE_DIR = Path(".run/bench")
FACILITIES = [f"BENCH-{number:02}" for number in range(1, 24)]
FIRST_MONDAY = datetime(2090, 1, 2, tzinfo=UTC)
DISTRICT_MONDAY = datetime(2095, 1, 3, tzinfo=UTC)
WEEK = timedelta(days=7)
UNDONE = (
    ("booking", "SELECT count(*) FROM verify.outbox WHERE sent_at IS NULL"),
    ("notify", "SELECT count(*) FROM verify.inbox WHERE handled_at IS NULL"),
    ("notify", "SELECT count(*) FROM verify.deliveries WHERE state NOT IN ('accepted', 'dead', 'held', 'skipped')"),
)
TARGETS = (
    "targets: one client p50 ≤ 8 ms and ≤ 7 ms CPU; 32 clients ≥ 180/s; board p50 ≤ 10 ms, 100k ≤ 1.2 × 1k; < 600 MB; "
    "deliveries ≥ 0.3 of a bare loop, none twice; ways to succeed < 30 ms"
)


class Bench:
    """One running stack under measurement."""

    def __init__(self, requests: int):
        self.requests = requests
        shutil.rmtree(STATE_DIR, ignore_errors=True)
        self.stack = local.start(STATE_DIR, API_REQUESTS_PER_MINUTE="100000000")
        self.described = self.stack.description
        self.environment = json.loads((STATE_DIR / "environment.json").read_text())
        self.tokens = {person: self.token(person) for person in ("admin", "member01")}
        self.slots = itertools.count()
        self.starts_at = (datetime.now(UTC) + timedelta(days=2)).replace(hour=0, minute=0, second=0, microsecond=0)

    def token(self, person: str) -> str:
        made = subprocess.run(
            ["make", "-s", "token", f"PERSON={person}"],
            env=os.environ | {"STATE_DIR": str(STATE_DIR)},
            capture_output=True,
            text=True,
            check=True,
        )
        return made.stdout.split()[-1]

    def connect(self, person: str = "member01") -> load.Connection:
        return load.Connection(self.described["portal"], self.tokens[person])

    def groups(self) -> dict[str, list[int]]:
        """Process ids: ours by name, and the servers with all their children."""
        now = self.stack.description
        ours = dict(now["processes"])
        servers = {
            name: [each for pid in pids for each in processes.family(pid)] for name, pids in now["servers"].items()
        }
        return ours | servers

    def make_facilities(self) -> None:
        """As many as the base has, open day and night, so that every request finds room."""
        connection = self.connect("admin")
        for code in FACILITIES:
            status = connection.ask(
                "POST",
                "/api/v1/facilities",
                json.dumps(
                    {
                        "facility": code,
                        "kind": "platform",
                        "names": {"zh-Hans": code, "en": code},
                        "descriptions": {"zh-Hans": "基准", "en": "bench"},
                        "approval": "automatic",
                        "horizon_days": 730,
                        "units": [{"code": unit, "names": {"zh-Hans": unit, "en": unit}} for unit in ("A", "B")],
                        "opening_hours": [[[0, 1440]]] * 7,
                    }
                ).encode(),
                **{"Idempotency-Key": f"bench-{code}"},
            )
            assert status in (200, 201, 409, 422), status

    def create(self, connection: load.Connection) -> int:
        """A one-hour reservation where nothing is yet."""
        hour, place = divmod(next(self.slots), len(FACILITIES))
        starts_at = self.starts_at + timedelta(hours=hour)
        body = {
            "facility": FACILITIES[place],
            "starts_at": starts_at.isoformat(),
            "team": "team-01",
            "purpose": "基准测试",
            "ends_at": (starts_at + timedelta(hours=1)).isoformat(),
        }
        key = {"Idempotency-Key": uuid.uuid4().hex}
        return connection.ask("POST", "/api/v1/reservations", json.dumps(body).encode(), **key)

    def board(self, connection: load.Connection) -> int:
        window = f"from={stamp(FIRST_MONDAY)}&to={stamp(FIRST_MONDAY + timedelta(days=7))}"
        return connection.ask("GET", f"/api/v1/board?{window}")

    def measure(self, request, clients: int, count: int) -> tuple[load.Result, dict[str, float]]:
        """The run, and milliseconds of processor time per request by process."""
        groups = self.groups()
        before = {name: processes.cpu_seconds(pids) for name, pids in groups.items()}
        result = load.run(clients, iter([request] * count), self.connect)
        self.drain()
        used = {name: (processes.cpu_seconds(pids) - before[name]) * 1000 / count for name, pids in groups.items()}
        return result, used

    def drain(self) -> None:
        """Wait until every fact is sent and read and every message delivered: that work belongs to the requests."""
        while any(self.count(service, statement) for service, statement in UNDONE):
            time.sleep(0.2)

    def count(self, service: str, statement: str) -> int:
        connection = psycopg2.connect(self.described["databases"][service])
        with connection.cursor() as cursor:
            cursor.execute(statement)
            found = cursor.fetchone()[0]
        connection.close()
        return found


def stamp(instant: datetime) -> str:
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ")


def heading(*columns: str) -> None:
    print(f"| {' | '.join(columns)} |\n|{'---|' * len(columns)}", flush=True)


def creating(bench: Bench) -> None:
    print("\n## create a reservation (HTTP, one hour, automatic approval)\n")
    heading("clients", "per second", "p50 ms", "p95 ms", "p99 ms", "CPU ms each", "where", "statuses")
    for clients in (1, 8, 32):
        load.run(clients, iter([bench.create] * clients * 8), bench.connect)
        result, used = bench.measure(bench.create, clients, bench.requests)
        parts = ", ".join(
            f"{name} {spent:.2f}" for name, spent in sorted(used.items(), key=lambda item: -item[1]) if spent > 0.05
        )
        print(
            f"| {clients} | {result.rate:.0f} | {result.at(0.5):.1f} | {result.at(0.95):.1f} | {result.at(0.99):.1f} "
            f"| {sum(used.values()):.2f} | {parts} | {result.statuses} |",
            flush=True,
        )
    for clients in (1, 8, 32):
        rate, mean = stored.raw_limit(bench.environment["DATABASE_URL"], clients, 4)
        print(f"| {clients} | {rate:.0f} | {mean:.1f} (mean) | | | | the same rows through pgbench | |", flush=True)


def telling(bench: Bench, count: int) -> None:
    print("\n## work off a queue of deliveries (two cards to one mail)\n")
    heading("deliveries", "senders", "per second", "of a bare loop", "duplicates", "CPU ms each", "where")
    bare = deliveries.bare_rate(bench.described, bench.environment)
    for senders in (1, 2):
        with deliveries.more_senders(bench.environment, senders - 1) as pids:
            groups = bench.groups() | ({"second sender": pids} if pids else {})
            before = {name: processes.cpu_seconds(ids) for name, ids in groups.items()}
            rate, duplicates = deliveries.work_off(bench.described, bench.environment, count // senders)
            used = {
                name: (processes.cpu_seconds(ids) - before[name]) * 1000 / (count // senders)
                for name, ids in groups.items()
            }
        parts = ", ".join(
            f"{name} {spent:.2f}" for name, spent in sorted(used.items(), key=lambda item: -item[1]) if spent > 0.05
        )
        print(
            f"| {count // senders:,} | {senders} | {rate:.0f} | {rate / bare:.2f} | {duplicates} "
            f"| {sum(used.values()):.2f} | {parts} |",
            flush=True,
        )


def calling(bench: Bench) -> None:
    client = RpcClient(bench.environment["PORTAL_AMQP_URL"])
    times = []
    for _ in range(400):
        began = time.perf_counter()
        client.call("booking", "ping")
        times.append((time.perf_counter() - began) * 1000)
    print(f"\n## a plain call: p50 {statistics.median(times):.1f} ms, {1000 / statistics.mean(times):.0f} per second")


def showing(bench: Bench, sizes: tuple[int, ...]) -> None:
    print("\n## the week's board as JSON\n")
    heading("stored", "clients", "per second", "p50 ms", "p95 ms", "p99 ms", "CPU ms each")
    have = 0
    for size in sizes:
        stored.fill(bench.environment["DATABASE_URL"], FIRST_MONDAY.isoformat(), have, size)
        have = size
        for clients in (1, 8):
            load.run(clients, iter([bench.board] * clients * 5), bench.connect)
            result, used = bench.measure(bench.board, clients, 200)
            print(
                f"| {size:,} | {clients} | {result.rate:.0f} | {result.at(0.5):.1f} | {result.at(0.95):.1f} "
                f"| {result.at(0.99):.1f} | {sum(used.values()):.2f} |",
                flush=True,
            )


def growing(bench: Bench) -> None:
    """The same week on a base of a whole district, as a program and as a reader see it."""
    told = "SELECT count(DISTINCT aggregate_id) FROM verify.outbox WHERE type = 'FacilityChanged'"
    here = bench.count("facilities", told)
    district.load(STATE_DIR, bench.environment, here)
    bench.drain()
    stored.fill(bench.environment["DATABASE_URL"], DISTRICT_MONDAY.isoformat(), 0, 2_500)
    monday = DISTRICT_MONDAY.date().isoformat()
    password = (STATE_DIR / "demo-password").read_text().strip()
    print(f"\n## the week on {district.FACILITIES} facilities with {district.COMPANIES:,} companies more (≤ 300 ms)\n")
    heading("what", "p50 ms", "p95 ms", "statuses")
    for what, path, connect in (
        ("JSON", f"/api/v1/board?from={stamp(DISTRICT_MONDAY)}&to={stamp(DISTRICT_MONDAY + WEEK)}", bench.connect),
        ("page", f"/board?on={monday}", lambda: district.Reader(bench.described["portal"], "member01", password)),
    ):
        result = load.run(1, iter([lambda connection, path=path: connection.ask("GET", path)] * 20), connect)
        print(f"| {what} | {result.at(0.5):.0f} | {result.at(0.95):.0f} | {result.statuses} |", flush=True)


def suggesting(bench: Bench) -> None:
    """In this process, on a database of its own beside booking's, with nobody else at it."""
    print(f"\n## five ways to succeed over 90 days at {suggest.STORED:,} stored (< 30 ms in the service)\n")
    heading("what", "found", "p50 ms", "p95 ms", "CPU ms each", "of a plain request")
    with suggest.own_database(bench.environment["DATABASE_URL"]) as url:
        for line in suggest.lines(suggest.Suggesting(url).measured()):
            print(line, flush=True)


def remembering(bench: Bench, when: str) -> None:
    now = bench.stack.description
    ours = {
        name: sum(processes.proportional_bytes(pid) for pid in pids) / 2**20 for name, pids in now["processes"].items()
    }
    ours["portal and live, masters"] = sum(
        processes.proportional_bytes(parent) / 2**20 for parent in masters(now["processes"])
    )
    parts = ", ".join(f"{name} {size:.0f}" for name, size in ours.items())
    print(f"\n## memory {when}: {sum(ours.values()):.0f} MB ({parts})", flush=True)


def masters(ours: dict[str, list[int]]) -> set[int]:
    """The parents of forked workers, which are ours as well but do not work themselves."""
    parents = set()
    for name in ("portal", "live"):
        for pid in ours.get(name, []):
            parents.add(int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1]))
    return parents


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=1000, help="reservations per number of clients")
    parser.add_argument("--quick", action="store_true", help="leave out the 100,000")
    given = parser.parse_args()
    replans.replanning()
    bench = Bench(given.requests)
    try:
        urllib.request.urlopen(bench.described["portal"] + "/readyz")
        remembering(bench, "at rest")
        bench.make_facilities()
        bench.drain()
        creating(bench)
        calling(bench)
        telling(bench, 2_000 if given.quick else 10_000)
        showing(bench, (1_000, 10_000) if given.quick else (1_000, 10_000, 100_000))
        remembering(bench, "after the load")
        growing(bench)
        suggesting(bench)
        print(f"\n{TARGETS}")
    finally:
        bench.stack.stop()


if __name__ == "__main__":
    main()
