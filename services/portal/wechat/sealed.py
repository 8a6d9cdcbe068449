"""The envelope of a callback in encrypted mode: signed, enciphered, and XML inside and out.

    <xml><Encrypt>...</Encrypt></xml>    msg_signature = SHA-1 over token, timestamp, nonce and Encrypt, sorted
     └─ AES-CBC ─► 16 random bytes, length, <xml>the report</xml>, the account's id

The signature covers the cipher text, so nothing is deciphered that the platform has not sent.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass, field
from xml.parsers import expat

from wechatpy.crypto import PrpCrypto

WINDOW_SECONDS = 300


class Refused(Exception):
    """The callback is not taken; ``status`` is answered. Why is for the log alone."""

    def __init__(self, why: str, status: int = 403):
        super().__init__(why)
        self.status = status


@dataclass(frozen=True)
class Seal:
    """What we and the platform share. ``key`` is the EncodingAESKey of 43 characters. Raises ValueError for another."""

    account: str
    token: str = field(repr=False)
    key: str = field(repr=False)

    def __post_init__(self):
        if len(self.key) != 43 or len(base64.b64decode(f"{self.key}=")) != 32:
            raise ValueError("the EncodingAESKey has 43 characters")

    def signature(self, *parts: str) -> str:
        return hashlib.sha1("".join(sorted((self.token, *parts))).encode()).hexdigest()

    def check(self, signature: str, timestamp: str, nonce: str, now: float, *parts: str) -> None:
        """Raises Refused for what is forged or stale."""
        if not hmac.compare_digest(self.signature(timestamp, nonce, *parts).encode(), signature.encode()):
            raise Refused("forged")
        if not timestamp.isdecimal() or abs(now - int(timestamp)) > WINDOW_SECONDS:
            raise Refused("stale")

    def open(self, encrypted: str) -> str:
        """The text inside. Raises Refused when it is broken, or meant for another account."""
        try:
            return PrpCrypto(base64.b64decode(f"{self.key}=")).decrypt(encrypted, self.account)
        except Exception as error:  # the library lets through whatever its parts raise
            raise Refused(f"cannot be opened: {type(error).__name__}", 400) from error


def read_xml(text: str | bytes) -> dict[str, str]:
    """The texts of the elements right below the root. Raises Refused, also for any declaration of a type or entity."""
    found: dict[str, str] = {}
    path: list[str] = []
    parser = expat.ParserCreate()

    def begin(name, _attributes):
        path.append(name)
        if len(path) > 8 or len(found) > 100:
            raise Refused("too deep or too long", 400)

    def text_of(data):
        if len(path) == 2:
            found[path[1]] = found.get(path[1], "") + data

    def refuse(*_declared):
        raise Refused("a declaration", 400)

    parser.StartElementHandler, parser.EndElementHandler = begin, lambda _name: path.pop()
    parser.CharacterDataHandler = text_of
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = refuse
    try:
        parser.Parse(text, True)
    except (expat.ExpatError, ValueError) as error:
        raise Refused("no XML", 400) from error
    return found
