"""Each service's Alembic migrations, run as the owner of its database."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from deploy.local.settings import ROOT


def folder(service: str) -> Path:
    return ROOT / "services" / service / "storage" / "migrations"


def upgrade(service: str, administrator_url: str, role: str) -> None:
    """Bring a database to the newest revision. Raises RuntimeError with what Alembic said."""
    # A process each: Alembic keeps its context in module globals, and four migrate at once.
    done = subprocess.run(
        [sys.executable, "-m", "deploy.local.migrations", service],
        cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
        # libpq takes the role from here, so that everything made belongs to the owner.
        env=os.environ | {"DATABASE_URL": administrator_url, "PGOPTIONS": f"-c role={role}"},
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"The migrations of {service} failed:\n{done.stderr.strip()[-2000:]}")


def fingerprint(files: Iterable[Path]) -> str:
    """Changes when any of the files does."""
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(str(path).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def main() -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(folder(sys.argv[1])))
    # A percent sign is special to this configuration's format.
    config.set_main_option("sqlalchemy.url", os.environ["DATABASE_URL"].replace("%", "%%"))
    command.upgrade(config, "head")


if __name__ == "__main__":
    main()
