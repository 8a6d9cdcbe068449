"""A WeCom group robot: a note to the group of those on duty.

It knows nobody by name, gives no message id and shows a repeat twice: so what is in doubt is not
repeated. The key in its address is the secret; a delivery names only the group.
"""

from collections.abc import Mapping
from datetime import timedelta
from urllib.parse import quote

from services.notify.channels import Channel
from services.notify.domain.deliveries import Delivery
from services.notify.domain.outcomes import Kind, Outcome
from services.notify.tencent.answers import EVERYWHERE, outcome_of
from services.notify.tencent.calls import Api, Failed

KINDS = EVERYWHERE | {93000: Kind.CONFIGURATION}
NO_PAUSES: dict[Kind, timedelta] = {}
"""Each group has a robot, a key and a limit of its own, so that one in trouble holds up no other."""


class RobotChannel(Channel):
    name = "robot"
    deadline = 20.0
    recognised = timedelta()
    workers = 1
    per_minute = 15

    def __init__(self, api_base: str, keys: Mapping[str, str]):
        self.keys = keys
        self.api = Api(api_base)

    def send(self, delivery: Delivery) -> Outcome:
        key = self.keys.get(delivery.address)
        if key is None:
            return Outcome(kind=Kind.CONFIGURATION, detail=f"no key is set for the group {delivery.address}")
        body = {"msgtype": "markdown", "markdown": {"content": delivery.content["markdown"]}}
        try:
            return outcome_of(self.api.post(f"/cgi-bin/webhook/send?key={quote(key)}", body), KINDS, NO_PAUSES)
        except Failed as failed:
            return failed.outcome

    def close(self) -> None:
        self.api.close()
