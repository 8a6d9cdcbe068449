"""The small HTTP server under both stand-ins: routes, replies, and answers that break on purpose."""

import json
import re
import socket
import ssl
import struct
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

HOST = "127.0.0.1"  # never another: whatever arrives here may be read by anybody who can connect
LARGEST_BODY = 2_000_000


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    query: dict[str, str]
    headers: object
    body: bytes = b""

    def json(self) -> object:
        """The body as JSON, or None when it is none."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None

    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode("utf-8", "replace")))


@dataclass
class Reply:
    body: bytes = b""
    status: int = 200
    content_type: str = "application/json; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)
    ending: str = "whole"  # or "truncate": half the body, or "reset": nothing, both with a broken connection
    drip: float = 0  # seconds between the bytes of the body


def json_reply(value: object, status: int = 200) -> Reply:
    return Reply(json.dumps(value, ensure_ascii=False).encode(), status)


def redirect(address: str) -> Reply:
    return Reply(status=303, headers={"Location": address})


class Routes:
    """Finds the function for a request; `{number}` in a path stands for one segment and is handed over by name."""

    def __init__(self):
        self._routes = []

    def add(self, method: str, path: str, function: Callable[..., Reply]) -> None:
        pattern = re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path))
        self._routes.append((method, pattern, function))

    def answer(self, request: Request) -> Reply:
        found = [
            (method, match, function)
            for method, pattern, function in self._routes
            if (match := pattern.fullmatch(request.path))
        ]
        for method, match, function in found:
            if method == request.method:
                return function(request, **match.groupdict())
        return json_reply({"error": "method_not_allowed" if found else "not_found"}, 405 if found else 404)


def serve(port: int, answer: Callable[[Request], Reply], tls: ssl.SSLContext | None = None) -> ThreadingHTTPServer:
    """A bound server; the caller runs serve_forever()."""
    handler = type("Handler", (_Handler,), {"answer": staticmethod(answer)})
    server = _Server((HOST, port), handler)
    if tls:
        # The greeting is read by the thread of its connection, so that a silent client holds up no other.
        server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    return server


def tls_context(certificate: str | None) -> ssl.SSLContext | None:
    """For a PEM file with a key and its certificate; None without one."""
    if not certificate:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request, client_address):
        """A client that hangs up is daily life here; anything else is shown."""
        if not isinstance(sys.exc_info()[1], ConnectionError | TimeoutError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # head and body are two writes; without this every kept connection waits 40 ms
    timeout = 60

    def _run(self):
        refusal = self._refuse_early()
        if refusal:
            self.close_connection = True  # the body was not read and would be taken for the next request
        reply = refusal or self._answer()
        if reply.ending != "reset":
            self._write(reply)
        if reply.ending != "whole":
            self._break_connection()

    do_GET = do_POST = do_DELETE = do_PUT = do_PATCH = _run

    def _refuse_early(self) -> Reply | None:
        length = self.headers.get("Content-Length", "0")
        if "Transfer-Encoding" in self.headers or not length.isdecimal():
            return json_reply({"error": "length_required"}, 411)
        if int(length) > LARGEST_BODY:
            return json_reply({"error": "too_large"}, 413)
        if self.command != "GET" and self.headers.get("Sec-Fetch-Site") == "cross-site":
            return json_reply({"error": "cross_site"}, 403)  # a page of somewhere else must not empty the mailbox
        return None

    def _answer(self) -> Reply:
        parts = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        try:
            return self.answer(Request(self.command, parts.path, query, self.headers, body))
        except Exception:
            traceback.print_exc()
            return json_reply({"error": "standin_failed"}, 500)

    def _write(self, reply: Reply):
        self.send_response(reply.status)
        for name, value in {
            "Content-Type": reply.content_type,
            "Content-Length": str(len(reply.body)),
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Cache-Control": "no-store",
            **reply.headers,
        }.items():
            self.send_header(name, value)
        self.end_headers()
        body = reply.body[: len(reply.body) // 2] if reply.ending == "truncate" else reply.body
        if not reply.drip:
            self.wfile.write(body)
            return
        for byte in body:
            self.wfile.write(bytes([byte]))
            time.sleep(reply.drip)

    def _break_connection(self):
        """Close with a TCP reset, so that the client sees a broken line and no tidy end."""
        self.close_connection = True
        reset_on_close(self.connection)
        self.connection.close()

    def log_message(self, *_):
        """Silent: the pages show what arrived."""


def reset_on_close(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
