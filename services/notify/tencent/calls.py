"""JSON calls to a platform. HTTP 200 means nothing there; what is no JSON object leaves it unknown what happened."""

import http.client
import json
import ssl
from datetime import timedelta
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from services.notify.domain.outcomes import CHANNEL_IS_DOWN, Kind, Outcome

SILENCE = 8.0
LONGEST_ANSWER = 65_536


class Failed(Exception):
    """A call that brought no answer; the outcome says what kind of failure it was."""

    def __init__(self, outcome: Outcome):
        super().__init__(outcome.kind.value)
        self.outcome = outcome


def checked_base(base: str) -> str:
    """A platform's address; without encryption only on this machine. Raises ValueError."""
    parts = urlsplit(base)
    if parts.scheme != "https" and not is_loopback(parts.hostname or ""):
        raise ValueError(f"{base}: an API base must be https, except on this machine")
    return base


def is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class Api:
    """Nothing of a request is ever part of an error: it holds secrets. ``silence`` ends a wait, in seconds."""

    def __init__(self, base: str, silence: float | None = None):
        self.silence = silence
        self.parts = urlsplit(checked_base(base))
        self.connection: http.client.HTTPConnection | None = None

    def get(self, path: str) -> dict[str, Any]:
        """The answer's JSON object. Raises Failed."""
        return self.call("GET", path, None)

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """The same; the same body is the same bytes, by which a platform knows a repeat. Raises Failed."""
        return self.call("POST", path, json.dumps(body, ensure_ascii=False).encode())

    def call(self, method: str, path: str, data: bytes | None) -> dict[str, Any]:
        connection = self.connected()
        try:
            connection.request(method, self.parts.path.rstrip("/") + path, data, {"Content-Type": "application/json"})
            response = connection.getresponse()
            status, answer = response.status, response.read(LONGEST_ANSWER)
        except (OSError, http.client.HTTPException) as error:
            raise self.failed(Kind.UNKNOWN, type(error).__name__) from None
        except BaseException:
            self.close()  # whoever ended the wait: half an answer must not be read by the next
            raise
        if status >= 500:
            raise self.failed(Kind.TRANSIENT, f"HTTP {status}", CHANNEL_IS_DOWN)
        try:
            found = json.loads(answer)
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise self.failed(Kind.UNKNOWN, f"HTTP {status} without JSON")
        return found

    def connected(self) -> http.client.HTTPConnection:
        """Raises Failed: without a connection certainly nothing was delivered."""
        if self.connection is None:
            address = self.parts.hostname, self.parts.port
            if self.parts.scheme == "https":
                connection = http.client.HTTPSConnection(
                    *address, timeout=self.silence or SILENCE, context=ssl.create_default_context()
                )
            else:
                connection = http.client.HTTPConnection(*address, timeout=self.silence or SILENCE)
            try:
                connection.connect()
            except ssl.SSLCertVerificationError:
                raise self.failed(Kind.CONFIGURATION, "nobody vouches for its certificate", CHANNEL_IS_DOWN) from None
            except OSError as error:
                raise self.failed(Kind.TRANSIENT, type(error).__name__, CHANNEL_IS_DOWN) from None
            self.connection = connection
        return self.connection

    def failed(self, kind: Kind, detail: str, pause: timedelta = timedelta()) -> Failed:
        self.close()
        return Failed(Outcome(kind=kind, detail=detail, pause=pause))

    def close(self) -> None:
        if self.connection is not None:
            self.connection.close()
            self.connection = None
