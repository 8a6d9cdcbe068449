"""The programs that no Python package brings: found, installed where we may, named where not.

    python3 deploy/local/packages.py              the three servers
    python3 deploy/local/packages.py --browser    and what the browser tests need

Runs before anything is installed, so it uses the standard library alone. Exit code 1: something
is missing and we may not install it.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

RABBITMQ_SERVER = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
POLICY = Path("/usr/sbin/policy-rc.d")
REFUSE_STARTS = "#!/bin/sh\nexit 101\n"


def newest_postgresql() -> Path | None:
    """The folder with the newest server's programs, btree_gist included."""
    found = [
        path.parent
        for path in Path("/usr/lib/postgresql").glob("*/bin/postgres")
        if Path(f"/usr/share/postgresql/{path.parents[1].name}/extension/btree_gist.control").exists()
    ]
    return max(found, key=lambda path: int(path.parent.name), default=None)


def chromium() -> str | None:
    return shutil.which("chromium") or shutil.which("chromium-browser")


def chinese_font() -> bool:
    return any(Path("/usr/share/fonts").rglob("NotoSansCJK*"))


NEEDS: dict[str, Callable[[], object]] = {
    "postgresql": newest_postgresql,
    "rabbitmq-server": RABBITMQ_SERVER.exists,
    "redis-server": lambda: shutil.which("redis-server"),
}
BROWSER_NEEDS: dict[str, Callable[[], object]] = {
    "chromium": chromium,
    "fonts-noto-cjk": chinese_font,
}
"""Debian package -> whether what we need of it is there."""


def missing(needs: dict[str, Callable[[], object]]) -> list[str]:
    return [package for package, is_there in needs.items() if not is_there()]


@contextmanager
def no_service_starts(policy: Path = POLICY) -> Iterator[None]:
    """Keep the packages from starting services of their own: we run private ones."""
    before = (policy.read_bytes(), policy.stat().st_mode) if policy.exists() else None
    policy.write_text(REFUSE_STARTS)
    policy.chmod(0o755)
    try:
        yield
    finally:
        if before is None:
            policy.unlink()
        else:
            policy.write_bytes(before[0])
            policy.chmod(before[1])


def install(packages: list[str]) -> None:
    """Raises subprocess.CalledProcessError when apt does."""
    print(f"Installing {' '.join(packages)} (their own services are not started)", flush=True)
    with no_service_starts():
        apt_get("update")
        apt_get("install", "-y", "--no-install-recommends", *packages)


def apt_get(*words: str) -> None:
    """Quiet, unless it fails."""
    done = subprocess.run(
        ["apt-get", "-q", *words],
        env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        print(done.stdout[-4000:], file=sys.stderr)
    done.check_returncode()


def advise(packages: list[str]) -> None:
    print(
        f"Missing: {', '.join(packages)}. Install them with\n\n    sudo apt-get install {' '.join(packages)}\n\n"
        "or run everything in containers with\n\n    docker compose -f deploy/compose.yml up\n",
        file=sys.stderr,
    )


def main(words: list[str]) -> int:
    needs = NEEDS | (BROWSER_NEEDS if "--browser" in words else {})
    # With addresses given there is nothing to start, hence nothing to install.
    given = {"postgresql": "DATABASE_URL", "rabbitmq-server": "AMQP_URL", "redis-server": "REDIS_URL"}
    wanted = [package for package in missing(needs) if not os.environ.get(given.get(package, ""))]
    if not wanted:
        return 0
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        advise(wanted)
        return 1
    try:
        install(wanted)
    except subprocess.CalledProcessError as error:
        print(f"apt-get failed ({error})", file=sys.stderr)
    still = missing({package: needs[package] for package in wanted})
    if still:
        advise(still)
    return int(bool(still))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
