"""One open board, and what it has not been told yet."""

import asyncio

from services.contracts.messaging import encoding
from services.portal.session_record import hash_of, key_of

GATHER_SECONDS = 0.05


class Viewer:
    """News is kept as a set of facility codes, which cannot grow beyond the base, however slow the viewer."""

    def __init__(self, session_id: str):
        self.session = hash_of(session_id)
        self.key = key_of(session_id)
        self.changed: set[str] = set()
        self.ended = False
        self.woken = asyncio.Event()

    def tell(self, facility: str) -> None:
        self.changed.add(facility)
        self.woken.set()

    def end(self) -> None:
        self.ended = True
        self.woken.set()

    async def text(self) -> str:
        """What to send next, as soon as there is something; without news it is a comment."""
        await self.woken.wait()
        if self.changed:
            await asyncio.sleep(GATHER_SECONDS)  # a burst of changes to one row is one message
        self.woken.clear()
        changed, self.changed = sorted(self.changed), set()
        return "".join(f"data: {encoding.dumps({'facility': each}).decode()}\n\n" for each in changed) or ": beat\n\n"
