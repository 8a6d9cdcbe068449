"""Free ports on the loopback, remembered so that a restart keeps its addresses."""

import json
import random
import socket
from collections.abc import Iterable
from pathlib import Path

# Below the range from which the kernel takes ports for outgoing connections.
LOWEST, HIGHEST = 15000, 32000


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        # A connection of the last run that still lingers is no listener.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def answers(port: int) -> bool:
    """Whether somebody listens."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def choose(offsets: Iterable[int] = (0,), taken: Iterable[int] = ()) -> int:
    """A port P such that P + offset is free for each of ``offsets`` and not among ``taken``."""
    wanted, refused = tuple(offsets), set(taken)
    for base in random.sample(range(LOWEST, HIGHEST), 2000):
        if all(base + offset not in refused and is_free(base + offset) for offset in wanted):
            return base
    raise OSError("no free ports on 127.0.0.1")


class Ports:
    """Ports by name, kept in a file; a remembered port that somebody else took is chosen anew."""

    def __init__(self, path: Path):
        self.path = path
        self.known: dict[str, int] = json.loads(path.read_text()) if path.exists() else {}

    def port(self, name: str, offsets: Iterable[int] = (0,)) -> int:
        wanted = tuple(offsets)
        kept = self.known.get(name)
        if kept is None or not all(is_free(kept + offset) for offset in wanted):
            self.known[name] = choose(wanted, taken=self.known.values())
            self.path.write_text(json.dumps(self.known, indent=1))
        return self.known[name]
