"""Links in mails by which a reader hears no more of what is optional, without signing in.

The token says who and of what, and is signed; it never runs out, because mails are kept for years,
and it can do nothing but switch this off. The address stays short: some relays break a header
line that is folded, and with it the signature of the mail.
"""

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass, field

from services.notify.domain.preferences import BY_MAIL, LIGHT
from services.notify.domain.steps import Category

OPTIONAL = LIGHT | BY_MAIL
"""What merely helps. What decides about a reader's own time is not offered to be ended from a mail."""

SIGNATURE_BYTES = 12
BETWEEN = b"\0"


@dataclass(frozen=True)
class Links:
    """Without a key or an address of ours no mail has such a link; without a key none is read."""

    public_url: str
    key: str = field(repr=False)

    def address(self, person: str, category: str) -> str | None:
        """The address for a mail of this category; None for one that must be read."""
        if not (self.key and self.public_url) or category not in OPTIONAL:
            return None
        return f"{self.public_url.rstrip('/')}/unsubscribe/{self.token(person, category)}"

    def token(self, person: str, category: str) -> str:
        told = BETWEEN.join((person.encode(), category.encode()))
        return base64.urlsafe_b64encode(self.signature(told) + told).decode().rstrip("=")

    def read(self, token: str) -> tuple[str, Category] | None:
        """Who wants to hear no more of what; None for a token that is not ours."""
        try:
            whole = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            return None
        signature, told = whole[:SIGNATURE_BYTES], whole[SIGNATURE_BYTES:]
        if not self.key or not hmac.compare_digest(signature, self.signature(told)):
            return None
        person, _, category = told.partition(BETWEEN)
        return person.decode(), Category(category.decode())

    def signature(self, told: bytes) -> bytes:
        return hmac.new(self.key.encode(), b"unsubscribe:" + told, hashlib.sha256).digest()[:SIGNATURE_BYTES]
