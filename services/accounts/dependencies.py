"""Password hashing: argon2id, off the event loop, one at a time."""

import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from eventlet import tpool
from eventlet.semaphore import Semaphore
from nameko.extensions import DependencyProvider

from services.contracts.errors import TooManyRequests

HASHER = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
MOST_WAITING = 20


class Passwords:
    """Hashes and verifies. ``compute(function, *arguments)`` says where the slow part runs."""

    def __init__(self, hasher=HASHER, compute=lambda function, *arguments: function(*arguments)):
        self.hasher = hasher
        self.compute = compute
        # Verified in place of a hash that is not there, so that the unknown take as long as the known.
        self.nobody = hasher.hash("nobody")

    def hash(self, password: str) -> str:
        return self.compute(self.hasher.hash, normalised(password))

    def verify(self, password_hash: str | None, password: str) -> bool:
        try:
            self.compute(self.hasher.verify, password_hash or self.nobody, normalised(password))
        except (VerificationError, InvalidHashError):
            return False
        return password_hash is not None

    def renewed(self, password_hash: str, password: str) -> str | None:
        """The hash under today's parameters, when the stored one has others."""
        return self.hash(password) if self.hasher.check_needs_rehash(password_hash) else None


def normalised(password: str) -> str:
    """The same text whatever keyboard wrote it: composed or not, full or half width."""
    return unicodedata.normalize("NFKC", password)


class PasswordHashing(DependencyProvider):
    """Gives a service its ``Passwords``.

    A flood of sign-ins takes one core at most, and leaves workers free for other calls.
    """

    def setup(self):
        self.turn = Semaphore(1)
        self.waiting = 0
        self.passwords = Passwords(compute=self.compute)

    def get_dependency(self, worker_ctx):
        return self.passwords

    def compute(self, function, *arguments):
        if self.waiting >= MOST_WAITING:
            raise TooManyRequests(retry_after=1)
        self.waiting += 1
        try:
            with self.turn:
                return tpool.execute(function, *arguments)
        finally:
            self.waiting -= 1
