"""What the platform reports to the account's own address: enciphered, signed, and tried three times.

Written from the description and not with the product's library, so that the two check each other.
"""

import base64
import hashlib
import http.client
import secrets
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from deploy.standins.recent import Recent

TRIES, PATIENCE, AT_ONCE = 3, 5.0, 4
BLOCK = 32
BOMB = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><xml><Encrypt>&b;</Encrypt></xml>'
DAY = 86_400
TWISTS = ("bad_signature", "wrong_receiver", "old", "bomb", "plain", "broken_cipher", "twice", "replay")
"""Ways in which a report may come that is not as it should be, or comes once more."""


@dataclass(frozen=True)
class Receiver:
    """Where reports go. ``key`` is the EncodingAESKey of 43 characters; without an address nothing is reported."""

    address: str = ""
    token: str = ""
    key: str = ""
    account: str = ""


class Callbacks:
    """Sends reports, a few at a time; ``log`` keeps what was answered."""

    def __init__(self, receiver: Receiver, now: Callable[[], float]):
        self.receiver = receiver
        self.now = now
        self.log = Recent(500)
        self.pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="callbacks")

    def report(self, person: str, event: str, twist: str = "", **fields: object) -> None:
        """In the background, as the platform does: its own answers do not wait for ours."""
        if self.receiver.address:
            self.pool.submit(self.send, person, event, twist, **fields)

    def send(self, person: str, event: str, twist: str = "", **fields: object) -> list[dict]:
        """All tries of a report, and of its repeat where the twist asks for one. Returns what was answered."""
        xml = self.xml(person, event, fields)
        first = self.request(xml, twist)
        rounds = [first]
        if twist == "twice":  # the same report, sealed anew
            rounds.append(self.request(xml))
        elif twist == "replay":  # the very same bytes
            rounds.append(first)
        answers = [answer for sealed in rounds for answer in self.tried(*sealed)]
        self.log.add({"person": person, "event": event, "twist": twist, "tries": answers})
        return answers

    def xml(self, person: str, event: str, fields: dict[str, object]) -> str:
        told = {
            "ToUserName": "gh_standin",
            "FromUserName": person,
            "CreateTime": int(self.now()),
            "MsgType": "event",
            "Event": event,
            **fields,
        }
        return "<xml>" + "".join(f"<{name}><![CDATA[{value}]]></{name}>" for name, value in told.items()) + "</xml>"

    def request(self, xml: str, twist: str = "") -> tuple[str, bytes]:
        """The query and body of one callback."""
        timestamp = str(int(self.now()) - (DAY if twist == "old" else 0))
        nonce = str(secrets.randbelow(10**10))
        account = "wx-somebody-else" if twist == "wrong_receiver" else self.receiver.account
        sealed = self.sealed(xml, account)
        if twist == "broken_cipher":
            sealed = sealed[:-8] + "AAAAAAA="
        signature = self.signature(timestamp, nonce, sealed)
        if twist == "bad_signature":
            signature = hashlib.sha1(b"guessed").hexdigest()
        asked = {
            "signature": self.signature(timestamp, nonce),
            "timestamp": timestamp,
            "nonce": nonce,
            "encrypt_type": "aes",
            "msg_signature": signature,
        }
        body = {"bomb": BOMB, "plain": xml}.get(twist)
        body = body or f"<xml><ToUserName>gh_standin</ToUserName><Encrypt><![CDATA[{sealed}]]></Encrypt></xml>"
        return urlencode(asked), body.encode()

    def sealed(self, xml: str, account: str) -> str:
        text = xml.encode()
        plain = secrets.token_bytes(16) + len(text).to_bytes(4, "big") + text + account.encode()
        pad = BLOCK - len(plain) % BLOCK
        key = base64.b64decode(f"{self.receiver.key}=")
        cipher = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
        return base64.b64encode(cipher.update(plain + bytes([pad]) * pad) + cipher.finalize()).decode()

    def signature(self, *parts: str) -> str:
        return hashlib.sha1("".join(sorted((self.receiver.token, *parts))).encode()).hexdigest()

    def tried(self, query: str, body: bytes) -> list[dict]:
        """Until it is answered 200, at most three times; each with the same seal."""
        answers: list[dict] = []
        while len(answers) < TRIES and (not answers or answers[-1]["status"] != 200):
            if answers:
                time.sleep(0.2 * len(answers))
            answers.append(self.asked("POST", query, body))
            if 400 <= answers[-1]["status"] < 500:
                break  # it will not get better
        return answers

    def prove(self) -> dict:
        """The question whether the address is the account's own."""
        timestamp, nonce, text = str(int(self.now())), "n" + secrets.token_hex(4), secrets.token_hex(8)
        asked = {"signature": self.signature(timestamp, nonce), "timestamp": timestamp, "nonce": nonce}
        return self.asked("GET", urlencode(asked | {"echostr": text})) | {"asked": text}

    def asked(self, method: str, query: str, body: bytes = b"") -> dict:
        parts, began = urlsplit(self.receiver.address), time.monotonic()
        connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=PATIENCE)
        try:
            connection.request(method, f"{parts.path}?{query}", body or None, {"Content-Type": "text/xml"})
            response = connection.getresponse()
            status, text = response.status, response.read(500).decode("utf-8", "replace")
        except (OSError, http.client.HTTPException) as error:
            status, text = 0, type(error).__name__
        finally:
            connection.close()
        return {"status": status, "answer": text, "milliseconds": round((time.monotonic() - began) * 1000)}
