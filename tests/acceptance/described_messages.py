"""Each operation on messages once: to a keeper of whom no other test knows, and to a program of our own."""

from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import httpx

from tests.waiting import until

KEEPER = "described-keeper"
ONE = "webhooks/{webhook}"


class Program(BaseHTTPRequestHandler):
    """Takes whatever it is told."""

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_words):
        """Nobody reads it."""


@contextmanager
def listening():
    """The address of a program that takes what it is told."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Program)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/told"
    server.shutdown()
    server.server_close()


def keeper(do, stack, facility):
    """Somebody who manages the facility, and whose next mail comes back as if there were no such address."""
    stack.new_person(KEEPER, "facility_manager", manages=(facility,))
    until(lambda: stack.api(KEEPER).get("me/notifications").is_success, 30)
    do(KEEPER, "GET", "me/notifications")
    do(KEEPER, "PUT", "me/notifications", {"language": "zh-Hans"})
    fault = {"fault": "status", "code": 550, "stage": "rcpt", "recipient": f"{KEEPER}@fuzz.example"}
    assert httpx.post(f"{stack.description['mailbox']}/api/faults", json=fault).status_code == 201


def comes_back(do, stack):
    """The mail that came back, and what can be done about it."""
    asked = {"recipient": KEEPER}
    until(lambda: stack.api("admin").get("deliveries/undelivered", params=asked).json()["items"], 60)
    dead = do("admin", "GET", "deliveries/undelivered", query=asked)["items"][0]
    assert dead["resendable"]
    assert do(KEEPER, "GET", "me/channels")["suppressed"]
    do(KEEPER, "POST", "me/channels/email/confirm", None)
    do("admin", "POST", "deliveries/{delivery}/resend", None, delivery=dead["id"])
    until(lambda: stack.mails(to=f"{KEEPER}@fuzz.example"), 60)


def binding(do, stack):
    """An account that an operator has bound, until its person unties it."""
    stack.bind(KEEPER, "wechat", KEEPER)
    assert do(KEEPER, "GET", "me/channels")["items"]
    do(KEEPER, "DELETE", "me/channels/{channel}", channel="wechat")


def hear(do, address):
    """A webhook that is told of one team; returns what names it."""
    wanted = {"name": "静", "url": address, "team": "team-28", "facts": ["ReservationFinished"]}
    return {"webhook": do("admin", "POST", "webhooks", wanted)["webhook"]}


def heard(do, stack, one):
    """What it was told, and everything that can be done with it; in the end it is told nothing more."""
    address = f"webhooks/{one['webhook']}"
    until(lambda: stack.api("admin").get(address).json()["last_accepted_at"], 60)
    do("admin", "GET", "webhooks")
    do("admin", "GET", ONE, **one)
    assert len(do("admin", "GET", f"{ONE}/deliveries", **one)["items"][0]["tries"]) == 1
    do("admin", "POST", f"{ONE}/replay", {}, **one)
    do("admin", "POST", f"{ONE}/rotate", None, **one)
    do("admin", "POST", f"{ONE}/enable", None, **one)
    do("admin", "POST", f"{ONE}/disable", None, **one)
