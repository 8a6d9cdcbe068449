"""The SMTP side: takes mails, or fails in the way a test asked for."""

import asyncio
import re
import ssl

from aiosmtpd.smtp import SMTP, Envelope

from deploy.standins.faults import Fault, Faults
from deploy.standins.mailbox.inbox import Inbox
from deploy.standins.web import HOST, reset_on_close

LARGEST_MAIL = 10_000_000
STAGES = ("mail", "rcpt", "data")
REFUSAL = {"code": 451, "stage": "rcpt"}
FAULT_DEFAULTS = {"slow": {"seconds": 2}, "reset": {}, "status": REFUSAL, "code": REFUSAL}


def smtp_faults() -> Faults:
    """`stage` says which step a status answers, `recipient` for whom; 421 also hangs up, as a real server does."""
    return Faults(FAULT_DEFAULTS, {"recipient", "stage"})


class Door(SMTP):
    """One connection."""

    async def push(self, status):
        await super().push(status)
        if re.match(rb"421[ -]", status if isinstance(status, bytes) else status.encode()):
            self.transport.close()


class Sink:
    """What aiosmtpd asks at each step of a mail."""

    def __init__(self, inbox: Inbox, faults: Faults):
        self.inbox = inbox
        self.faults = faults

    async def handle_EHLO(self, _server, session, _envelope, hostname, responses):
        session.host_name = hostname
        return [line for line in responses if "8BITMIME" not in line]

    async def handle_MAIL(self, _server, _session, envelope, address, options):
        if refusal := self._refusal("mail"):
            return refusal
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 OK"

    async def handle_RCPT(self, _server, _session, envelope, address, options):
        if refusal := self._refusal("rcpt", [address]):
            return refusal
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server, _session, envelope):
        if refusal := self._refusal("data", envelope.rcpt_tos):
            return refusal
        fault = self.faults.take(lambda fault: fault.fault in ("slow", "reset") and _meant(fault, envelope.rcpt_tos))
        if fault is None or fault.when == "after":
            self._accept(envelope)
        if fault is None:
            return "250 2.0.0 OK"
        if fault.fault == "reset":
            return _hang_up(server)
        await asyncio.sleep(fault.seconds)  # a client that leaves meanwhile cancels this: "before" then stores nothing
        if fault.when == "before":
            self._accept(envelope)
        return "250 2.0.0 OK"

    def _accept(self, envelope: Envelope):
        self.inbox.take(envelope.content, envelope.mail_from, list(envelope.rcpt_tos))

    def _refusal(self, stage: str, recipients: list[str] = ()) -> str | None:
        fault = self.faults.take(
            lambda fault: fault.fault in ("status", "code") and fault.stage == stage and _meant(fault, recipients)
        )
        return fault and f"{fault.code} {fault.code // 100}.0.0 Set by the development mailbox"


def _meant(fault: Fault, recipients: list[str]) -> bool:
    return fault.recipient is None or fault.recipient.lower() in [address.lower() for address in recipients]


def _hang_up(server: SMTP) -> str:
    reset_on_close(server.transport.get_extra_info("socket"))
    server.transport.abort()
    return "421 4.4.2 Nobody reads this"


async def listen(
    port: int, inbox: Inbox, faults: Faults, tls: ssl.SSLContext | None = None, at_once: bool = False
) -> asyncio.Server:
    """With ``tls`` nothing is taken without it: from the first byte (``at_once``), or after STARTTLS."""
    sink = Sink(inbox, faults)
    later = tls if not at_once else None

    def new_door() -> SMTP:
        return Door(
            sink,
            hostname="mailbox.localhost",
            ident="development mailbox",
            data_size_limit=LARGEST_MAIL,
            loop=asyncio.get_running_loop(),
            tls_context=later,
            require_starttls=later is not None,
        )

    return await asyncio.get_running_loop().create_server(
        new_door, HOST, port, backlog=128, ssl=tls if at_once else None
    )
