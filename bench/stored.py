"""Many stored reservations, and the raw limit of the database that holds them."""

import glob
import re
import shutil
import subprocess
from pathlib import Path

import psycopg2

RAW = Path(__file__).with_name("raw_create.sql")

# A thousand a week on the units of the demo base, each held, from `first` on: the week that is
# asked for always shows the same, whatever lies behind it.
FILL = """
    WITH places AS (
        SELECT id, facility, unit, row_number() OVER (ORDER BY id) - 1 AS place, count(*) OVER () AS places
          FROM units WHERE facility NOT LIKE 'BENCH-%%'),
    wanted AS (
        SELECT gen_random_uuid() AS id, p.id AS unit_id, p.facility, p.unit,
               'team-' || lpad((n %% 50 + 1)::text, 2, '0') AS team,
               %(first)s::timestamptz + (n / p.places) * interval '7 hours' AS starts_at
          FROM generate_series(%(from)s, %(to)s - 1) AS n JOIN places p ON p.place = n %% p.places),
    stored AS (
        INSERT INTO reservations (
            reservation, version, state, facility, unit, starts_at, ends_at, team, purpose, requester)
        SELECT id, 1, 'approved', facility, unit, starts_at, starts_at + interval '4 hours',
               team, '批量', 'member01'
          FROM wanted)
    INSERT INTO claims (reservation, unit_id, period, held)
    SELECT id, unit_id, tstzrange(starts_at, starts_at + interval '4 hours'), true FROM wanted"""


def fill(admin_url: str, first: str, start: int, end: int) -> None:
    """Store the reservations number ``start`` to ``end`` from the instant ``first`` on."""
    connection = psycopg2.connect(beside(admin_url, "booking"))
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(FILL, {"first": first, "from": start, "to": end})
        cursor.execute("VACUUM ANALYZE reservations")
        cursor.execute("VACUUM ANALYZE claims")
    connection.close()


def raw_limit(admin_url: str, clients: int, seconds: int) -> tuple[float, float]:
    """What pgbench reaches with the same rows in the same tables: (per second, mean milliseconds)."""
    command = [
        pgbench(),
        "--no-vacuum",
        "--client",
        str(clients),
        "--jobs",
        "2",
        "--time",
        str(seconds),
        "--file",
        str(RAW),
        beside(admin_url, "booking"),
    ]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return float(re.search(r"tps = ([\d.]+)", output)[1]), float(re.search(r"latency average = ([\d.]+)", output)[1])


def pgbench() -> str:
    return shutil.which("pgbench") or sorted(glob.glob("/usr/lib/postgresql/*/bin/pgbench"))[-1]


def beside(url: str, name: str) -> str:
    return f"{url.rsplit('/', 1)[0]}/{name}"
