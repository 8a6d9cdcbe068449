"""Asks between teams in memory, for the pages: what was asked is kept, and answered by the book."""

from services.contracts.errors import InvalidInput, NotFound
from tests.unit.portal.swap_examples import ASK, SWAP_STEP, WAYS, an_ask

NAMES = ("asks", "ask", "asks_count", "ask_holder", "accept_ask", "decline_ask", "withdraw_ask")


class FakeSwaps:
    """Mixed into the fake base. ``asked`` are the asks by id; ``sent`` what was sent."""

    asked: dict
    sent: list

    def asks(self, actor, state="all", reservation=None):
        items = [each for each in self.asked.values() if reservation in (None, each["reservation"])]
        return {"items": [each for each in items if state == "all" or (state == "open") == (each["state"] == "asked")]}

    def ask(self, actor, ask):
        if ask not in self.asked:
            raise NotFound
        item = self.asked[ask]
        is_to_choose = item["side"] == "asked" and item["kind"] == "give_way"
        return item | {"alternatives": WAYS if is_to_choose else []}

    def asks_count(self, actor):
        return {"count": sum("accept" in each["allowed_actions"] for each in self.asked.values())}

    def ask_holder(self, **fields):
        self.sent.append(fields)
        if fields["kind"] == "swap" and not fields.get("reservation"):
            raise InvalidInput(errors={"reservation": ["required"]})
        self.asked[ASK] = an_ask("asking", fields["kind"])
        return SWAP_STEP | {"state": "asked", "reservation": None}

    def ended(self, state, **fields):
        self.sent.append(fields)
        self.asked[fields["ask"]] |= {"state": state, "allowed_actions": []}
        return SWAP_STEP | {"state": state}

    def accept_ask(self, **fields):
        return self.ended("accepted", **fields)

    def decline_ask(self, **fields):
        return self.ended("declined", **fields)

    def withdraw_ask(self, **fields):
        return self.ended("withdrawn", **fields)
