"""What acceptance tests know of a running stack: its description, and nothing of its code."""

import json
import os
import subprocess
import sys
import uuid
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import psycopg2
import psycopg2.extras

from tests.waiting import until

SHANGHAI = ZoneInfo("Asia/Shanghai")


class Api(httpx.Client):
    """A person's client. Every POST and PATCH carries a fresh key unless one is given."""

    def __init__(self, portal: str, token: str, **headers: str):
        super().__init__(
            base_url=f"{portal}/api/v1/",
            headers={"Authorization": f"Bearer {token}", **headers},
            timeout=30,
            limits=httpx.Limits(max_connections=64, max_keepalive_connections=64),
        )

    def request(self, method, url, **options):
        headers = dict(options.pop("headers", None) or {})
        if method in ("POST", "PATCH", "DELETE"):
            headers.setdefault("Idempotency-Key", uuid.uuid4().hex)
        return super().request(method, url, headers=headers, **options)

    def reserve(self, facility, span, team="team-01", key=None, **fields):
        """Ask for a time; returns the response."""
        starts_at, ends_at = span
        headers = {"Idempotency-Key": key} if key else {}
        return self.post(
            "reservations",
            headers=headers,
            json={
                "facility": facility,
                "starts_at": starts_at.isoformat(),
                "ends_at": ends_at.isoformat(),
                "team": team,
                "purpose": "高温老化 85 ℃",
                **fields,
            },
        )

    def step(self, reservation, action, **body):
        return self.post(f"reservations/{reservation}/{action}", json=body)


class Stack:
    """A running stack and the roads into it."""

    def __init__(self, description: dict, state_dir: Path):
        self.description = description
        self.state_dir = state_dir
        self.portal = description["portal"]
        self.used: list[tuple[str, datetime, datetime]] = []
        self.token = cache(self.new_token)
        self.api = cache(lambda person: Api(self.portal, self.token(person)))

    def reread(self) -> dict:
        """The description as it is now: restarted processes have other pids."""
        return json.loads((self.state_dir / "stack.json").read_text())

    def new_token(self, person: str) -> str:
        made = subprocess.run(
            ["make", "-s", "token", f"PERSON={person}"],
            env=os.environ | {"STATE_DIR": str(self.state_dir)},
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        return made.stdout.split()[-1]

    def new_person(self, person: str, *roles: str, manages: tuple[str, ...] = ()) -> str:
        """Somebody of whom no other test knows anything; returns the sign-in name."""
        words = f"--name {person} --email {person}@fuzz.example --roles {' '.join(roles)}"
        words += f" --manages {' '.join(manages)}" if manages else ""
        subprocess.run(
            ["make", "-s", "person", f"NAME={person}", f"ARGS={words}"],
            env=os.environ | {"STATE_DIR": str(self.state_dir)},
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        return person

    def bind(self, person: str, channel: str, external_id: str) -> None:
        """Tie a person to an account, as an operator does."""
        words = [sys.executable, "-m", "deploy.local", "with", sys.executable, "-m", "services.notify.operations"]
        subprocess.run(
            [*words, "bind", person, channel, external_id],
            env=os.environ | {"STATE_DIR": str(self.state_dir)},
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )

    @property
    def password(self) -> str:
        return (self.state_dir / "demo-password").read_text().strip()

    def verify(self, service: str, statement: str, *arguments) -> list[dict]:
        connection = psycopg2.connect(
            self.description["databases"][service], cursor_factory=psycopg2.extras.RealDictCursor
        )
        try:
            with connection.cursor() as cursor:
                cursor.execute(statement, arguments)
                return [dict(row) for row in cursor.fetchall()]
        finally:
            connection.close()

    def mails(self, **filters) -> list[dict]:
        return httpx.get(f"{self.description['mailbox']}/api/messages", params=filters, timeout=30).json()

    def cards(self) -> list[dict]:
        return httpx.get(f"{self.description['wechat']}/api/messages", timeout=30).json()

    def answer(self, path: str, question: dict) -> dict | None:
        response = self.api("member01").get(path, params=question)
        return response.json() if response.status_code == 200 else None

    def free_slot(self, facility: str, minutes: int = 120, after_days: int = 3) -> tuple[datetime, datetime]:
        """A time that the facility offers and that no test has asked for yet."""
        earliest = datetime.now(SHANGHAI).replace(minute=0, second=0, microsecond=0) + timedelta(days=after_days)
        ends = [end for place, _start, end in self.used if place == facility]
        start = max([earliest, *ends])
        question = {
            "facility": facility,
            "minutes": minutes,
            "from": start.isoformat(),
            "to": (start + timedelta(days=20)).isoformat(),
            "limit": 1,
        }
        # A service that was just restarted may still say "unavailable, repeat".
        answer = until(lambda: self.answer("free-slots", question), 30)
        found = answer["items"][0]
        span = datetime.fromisoformat(found["starts_at"]), datetime.fromisoformat(found["ends_at"])
        # Clear-down and set-up of the neighbours belong to the slot as well.
        self.used.append((facility, span[0], span[1] + timedelta(hours=3)))
        return span
