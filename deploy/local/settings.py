"""What the environment asks for, and where the stack keeps its things."""

import hashlib
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DEFAULT_PORT = 8000


@dataclass(frozen=True)
class Settings:
    """``port`` 0 means any free range. An address of a server means: use that one and start none."""

    state_dir: Path
    port: int
    database_url: str | None
    amqp_url: str | None
    redis_url: str | None

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        return cls(
            state_dir=(ROOT / environment.get("STATE_DIR", ".run")).resolve(),
            port=int(environment.get("PORT") or DEFAULT_PORT),
            database_url=environment.get("DATABASE_URL") or None,
            amqp_url=environment.get("AMQP_URL") or None,
            redis_url=environment.get("REDIS_URL") or None,
        )

    @property
    def logs(self) -> Path:
        return self.state_dir / "logs"

    @property
    def description(self) -> Path:
        return self.state_dir / "stack.json"

    @property
    def environment(self) -> Path:
        return self.state_dir / "environment.json"

    @property
    def demo_password(self) -> Path:
        return self.state_dir / "demo-password"

    @property
    def identity(self) -> str:
        """Short and the same for the same folder: tells this stack's things from another's."""
        return hashlib.sha256(str(self.state_dir).encode()).hexdigest()[:8]

    def make_folders(self) -> None:
        self.logs.mkdir(parents=True, exist_ok=True)


def write_private(path: Path, text: str) -> None:
    """Replace a file at once, readable by its owner only."""
    fresh = path.with_suffix(path.suffix + ".new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    fresh.replace(path)


class Passwords:
    """Random, one per name, made when first asked for and kept in STATE_DIR."""

    def __init__(self, settings: Settings):
        self.path = settings.state_dir / "passwords.json"
        self.known: dict[str, str] = json.loads(self.path.read_text()) if self.path.exists() else {}

    def __getitem__(self, name: str) -> str:
        if name not in self.known:
            self.known[name] = secrets.token_urlsafe(24)
            write_private(self.path, json.dumps(self.known, indent=1))
        return self.known[name]


def ensure_demo_password(settings: Settings) -> None:
    """The one password of all demo people: easy to type, other on every stack."""
    if not settings.demo_password.exists():
        alphabet = "abcdefghjkmnpqrstuvwxyz23456789"
        groups = ("".join(secrets.choice(alphabet) for _ in range(5)) for _ in range(3))
        write_private(settings.demo_password, "-".join(groups) + "\n")
