"""A private PostgreSQL cluster. It refuses to run as root, so root hands it to the user postgres."""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg2

from deploy.local.packages import newest_postgresql
from deploy.local.ports import Ports
from deploy.local.program import STACK_MARK, Program, as_user
from deploy.local.settings import Passwords, Settings, write_private

ADMINISTRATOR = "postgres"

ELSEWHERE = Path("/var/lib/pilot-base-booking")
"""Where clusters lie whose user cannot reach STATE_DIR."""
OWNER = "state-dir"

# No replication and no socket in the file system. Durability (fsync, full_page_writes,
# synchronous_commit) stays as it comes: what is accepted survives.
OPTIONS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
}

THROWN_AWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
"""For a cluster whose data nobody wants back after the machine has lost its power; one that is killed keeps them."""


class PostgreSQL:
    name = "postgresql"

    def __init__(self, settings: Settings, ports: Ports, passwords: Passwords):
        self.settings = settings
        self.port = ports.port(self.name)
        self.password = passwords["postgresql"]
        self.options = OPTIONS
        self.user = "postgres" if os.geteuid() == 0 else None
        self.url = f"postgresql://{ADMINISTRATOR}:{self.password}@127.0.0.1:{self.port}/postgres"

    def prepare(self) -> None:
        """Make the cluster unless a complete one is there."""
        self.folder = self.find_folder()
        self.data = self.folder / "data"
        complete = self.folder / "complete"
        if complete.exists():
            return
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True, mode=0o700)
        self.initialise()
        (self.folder / OWNER).write_text(str(self.settings.state_dir))
        complete.touch()

    def birth(self) -> str:
        return str((self.folder / "complete").stat().st_mtime_ns)

    def find_folder(self) -> Path:
        """Under STATE_DIR where the server's user can get there, else under /var/lib."""
        usual = self.settings.state_dir / self.name
        note = self.settings.state_dir / "postgresql.folder"
        if note.exists():
            return Path(note.read_text())
        if self.user and not reaches(self.user, self.settings.state_dir):
            usual = ELSEWHERE / self.settings.identity
            forget_thrown_away_states()
        # Without our note what lies there belongs to a state that somebody has thrown away.
        shutil.rmtree(usual, ignore_errors=True)
        note.write_text(str(usual))
        return usual

    def initialise(self) -> None:
        password_file = self.folder / "password"
        write_private(password_file, self.password)
        if self.user:
            for path in (self.folder, password_file):
                shutil.chown(path, self.user, self.user)
        subprocess.run(
            [newest_postgresql() / "initdb", "--pgdata", self.data, "--username", ADMINISTRATOR, "--encoding", "UTF8",
             "--locale", "C.UTF-8", "--auth", "scram-sha-256", "--pwfile", password_file],
            check=True, cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, **as_user(self.user),
        )  # fmt: skip
        password_file.unlink()

    def programs(self) -> Iterator[Program]:
        # A lock file of a killed server holds a process id that may belong to anybody by now.
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        command = [str(newest_postgresql() / "postgres"), "-D", str(self.data), "-p", str(self.port)]
        for option, value in self.options.items():
            command += ["-c", f"{option}={value}"]
        # Fast shutdown when we stop it; an immediate one, which takes its children along, when we die.
        yield Program(
            self.name, command, {"LANG": "C.UTF-8", "PATH": os.defpath, STACK_MARK: self.settings.identity},
            user=self.user, stops_on=signal.SIGINT, ends_with=signal.SIGQUIT, server=True,
        )  # fmt: skip

    def answers(self) -> bool:
        try:
            psycopg2.connect(self.url, connect_timeout=2).close()
        except psycopg2.OperationalError:
            return False
        return True


def reaches(user: str, folder: Path) -> bool:
    return subprocess.run(["test", "-x", folder], cwd="/", check=False, **as_user(user)).returncode == 0


def forget_thrown_away_states() -> None:
    """Remove the clusters elsewhere whose STATE_DIR is no more."""
    for note in ELSEWHERE.glob(f"*/{OWNER}"):
        if not Path(note.read_text()).exists():
            shutil.rmtree(note.parent)
