"""A base as large as the district may make it: 259 facilities, 1,500 companies with a team each."""

import http.client
import os
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import yaml

FACILITIES = 259
COMPANIES = 1500
KINDS = ("line", "lab", "platform")
DAY = [[480, 1320]]


def facilities(count: int) -> list[dict]:
    """As ordinary as those of the demo base, one to four units each."""
    return [
        {
            "facility": f"D-{number:03}",
            "kind": KINDS[number % 3],
            "names": {"zh-Hans": f"区域平台 {number}", "en": f"District facility {number}"},
            "descriptions": {"zh-Hans": "测试与试制", "en": "Tests and trial production"},
            "units": [{"code": unit, "names": {"zh-Hans": unit, "en": unit}} for unit in "ABCD"[: number % 4 + 1]],
            "opening_hours": [DAY] * 6 + [[]],
            "setup_minutes": 30,
            "equivalents": [f"D-{(number + 3) % count:03}"],
        }
        for number in range(count)
    ]


def people(count: int) -> dict[str, list[dict]]:
    """Companies, a team of each, and the one who leads it."""
    numbers = range(count)
    return {
        "companies": [{"company": f"dc-{n:04}", "name": f"区内企业 {n}"} for n in numbers],
        "people": [{"person": f"dl{n:04}", "name": f"负责人 {n}", "email": f"dl{n:04}@d.example"} for n in numbers],
        "teams": [{"team": f"dt-{n:04}", "name": f"区内团队 {n}", "company": f"dc-{n:04}"} for n in numbers],
        "memberships": [{"team": f"dt-{n:04}", "person": f"dl{n:04}", "role": "lead"} for n in numbers],
    }


def load(folder: Path, environment: dict[str, str], there: int) -> None:
    """Read the district in by the operators' own commands; ``there`` facilities are there already."""
    for service, content in (
        ("facilities", {"facilities": facilities(FACILITIES - there)}),
        ("accounts", people(COMPANIES)),
    ):
        path = folder / f"{service}.yaml"
        path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
        command = [sys.executable, "-m", f"services.{service}.operations", "import", str(path)]
        subprocess.run(command, env=os.environ | environment, check=True, stdout=subprocess.DEVNULL)


class Reader:
    """Somebody who is signed in and looks at pages; stands in for a load.Connection."""

    def __init__(self, address: str, name: str, password: str):
        parts = urlsplit(address)
        self.connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=30)
        self.headers: dict[str, str] = {}
        token = re.search(r'name="csrf-token" content="([0-9a-f]+)"', self.read("GET", "/sign-in"))[1]
        self.read("POST", "/sign-in", urlencode({"csrf_token": token, "name": name, "password": password}))

    def read(self, method: str, path: str, body: str | None = None) -> str:
        form = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        self.connection.request(method, path, body, self.headers | form)
        response = self.connection.getresponse()
        cookies = [line.split(";")[0] for line in response.headers.get_all("Set-Cookie") or ()]
        known = dict(each.split("=", 1) for each in filter(None, self.headers.get("Cookie", "").split("; ")))
        known |= dict(cookie.split("=", 1) for cookie in cookies)
        self.headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in known.items())
        return response.read().decode()

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> int:
        self.connection.request(method, path, body, self.headers | headers)
        response = self.connection.getresponse()
        response.read()
        return response.status
