"""WeChat Official Account template messages.

A repeat carries the same ``client_msg_id``, which the platform recognises for a while. Whether a
message arrived is reported later, under the id that the platform gives it.
"""

from datetime import timedelta
from typing import Any

from services.notify.channels import Channel
from services.notify.domain.deliveries import Delivery
from services.notify.domain.outcomes import Kind, Outcome
from services.notify.tencent.answers import EVERYWHERE, PAUSES, code_of, outcome_of
from services.notify.tencent.calls import Failed
from services.notify.tencent.official import OfficialAccount, WeChatSettings
from services.notify.tencent.tokens import AccessToken

WRONG_TEMPLATE = 40037
KINDS = EVERYWHERE | {
    43004: Kind.RECIPIENT,
    43019: Kind.RECIPIENT,
    43101: Kind.RECIPIENT,
    WRONG_TEMPLATE: Kind.CONFIGURATION,
    40125: Kind.CONFIGURATION,
    41030: Kind.OUR_BUG,
}


class WeChatChannel(Channel):
    name = "wechat"
    deadline = 30.0
    # The platform says ten minutes; clocks and queues in between take some of them.
    recognised = timedelta(minutes=9)
    workers = 8

    def __init__(self, settings: WeChatSettings, token: AccessToken):
        self.settings = settings
        self.account = OfficialAccount(settings, token)

    def send(self, delivery: Delivery) -> Outcome:
        try:
            answer = self.account.post("message/template/send", data=self.body(delivery))
        except Failed as failed:
            return failed.outcome
        # One wrong template, of which there are false alarms too, holds up no other.
        alone = code_of(answer) == WRONG_TEMPLATE
        return outcome_of(answer, KINDS, {} if alone else PAUSES)

    def body(self, delivery: Delivery) -> dict[str, Any]:
        content = delivery.content
        return {
            "touser": delivery.address,
            "template_id": self.settings.templates[content["step"]],
            "url": content["url"],
            "client_msg_id": delivery.id.replace("-", ""),
            "data": content["data"],
        }

    def close(self) -> None:
        self.account.close()
