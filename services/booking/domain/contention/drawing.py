"""A draw that everybody can check.

When the first request is collected a secret seed is made, and its fingerprint published: it cannot be changed any
more. Each company that asks gets the next number, once: asking again, or several times, leaves it with the one
it has. When it is decided, the seed is published, and with it anybody computes the same:

    number = (first 13 hexadecimal digits of SHA-256("seed:entry") + 1) / (16 ** 13 + 1)
    key    = number ** (1 / weight)
    the highest key comes first, then the next

That draws without replacement, each with a chance in proportion to its weight (Efraimidis and Spirakis, 2006).
"""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from services.booking.domain.contention.fair_share import Share
from services.booking.domain.contention.rivals import Rival

DIGITS = 13
LEAST_WEIGHT = 0.1
"""Who has used very much still has a chance."""


class Ticket(NamedTuple):
    """The entry with which a party takes part, and what it drew."""

    draw: str
    entry: int
    weight: float
    key: float

    def to_dict(self) -> dict[str, Any]:
        return {"draw": self.draw, "entry": self.entry, "weight": self.weight, "key": round(self.key, 6)}


def fingerprint_of(seed: str) -> str:
    return hashlib.sha256(seed.encode()).hexdigest()


def number_of(seed: str, entry: int) -> float:
    """Between 0 and 1, neither included."""
    digits = hashlib.sha256(f"{seed}:{entry}".encode()).hexdigest()[:DIGITS]
    return (int(digits, 16) + 1) / (16**DIGITS + 1)


def key_of(seed: str, entry: int, weight: float) -> float:
    return number_of(seed, entry) ** (1 / weight)


def weight_of(share: Share) -> float:
    """As it is published: rounded, so that everybody computes with the same figure."""
    return max(LEAST_WEIGHT, round(share.factor, 3))


def is_drawn(group: Iterable[Rival]) -> bool:
    """Whether a draw was promised to all of a group."""
    return all(each.entry is not None for each in group)


def tickets(group: Iterable[Rival], seeds: Mapping[str, str], weights: Mapping[str, float]) -> dict[str, Ticket]:
    """One for each party, by its first request in the group; ``seeds`` by draw, ``weights`` by party."""
    found: dict[str, Ticket] = {}
    for rival in sorted(group, key=lambda each: each.age):
        if rival.party not in found:
            weight = weights[rival.party]
            key = key_of(seeds[rival.draw], rival.entry, weight)
            found[rival.party] = Ticket(rival.draw, rival.entry, weight, key)
    return found


def drawn(group: Iterable[Rival], found: Mapping[str, Ticket]) -> list[Rival]:
    """In the order of the keys; of one party who came first."""
    return sorted(group, key=lambda each: (-found[each.party].key, found[each.party][:2], each.age))
