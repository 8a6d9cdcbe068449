"""Who somebody is on the Official Account: a code to scan, and whose phone opened a page.

Asked by a person who waits, so every wait is short.
"""

import logging
from urllib.parse import urlencode

from services.contracts.errors import InvalidInput, Unavailable
from services.notify.domain.bindings import LIFE, scene_of
from services.notify.tencent.answers import code_of
from services.notify.tencent.calls import Api, Failed
from services.notify.tencent.official import OfficialAccount, WeChatSettings
from services.notify.tencent.tokens import AccessToken

log = logging.getLogger(__name__)

SECONDS = 2.5
SPENT = (40029, 40163)


class Identities:
    """Raises Unavailable when the platform does not answer, or refuses us."""

    def __init__(self, settings: WeChatSettings, token: AccessToken, seconds: float = SECONDS):
        self.settings = settings
        self.token = token
        self.seconds = seconds

    def ticket(self, code: str) -> str:
        """The address that a picture of this code must say for WeChat to report the scan."""
        account = OfficialAccount(self.settings, self.token, Api(self.settings.api_base, self.seconds))
        body = {
            "expire_seconds": int(LIFE.total_seconds()),
            "action_name": "QR_STR_SCENE",
            "action_info": {"scene": {"scene_str": scene_of(code)}},
        }
        answer = self.answered(account.api, lambda: account.post("qrcode/create", data=body))
        if not isinstance(answer.get("url"), str):
            raise refused(answer)
        return answer["url"]

    def external_id(self, proof: str) -> str:
        """Whose one-time code this is, from inside WeChat. Raises InvalidInput."""
        asked = {
            "appid": self.settings.app_id,
            "secret": self.settings.app_secret,
            "code": proof,
            "grant_type": "authorization_code",
        }
        api = Api(self.settings.api_base, self.seconds)
        answer = self.answered(api, lambda: api.get(f"/sns/oauth2/access_token?{urlencode(asked)}"))
        if code_of(answer) in SPENT:
            raise InvalidInput(errors={"code": ["spent"]})
        if not isinstance(answer.get("openid"), str) or not answer["openid"]:
            raise refused(answer)
        return answer["openid"]

    @staticmethod
    def answered(api, ask):
        """The answer of one short conversation."""
        try:
            return ask()
        except Failed as failed:
            log.warning("the platform does not answer", extra={"outcome": failed.outcome.kind.value})
            raise Unavailable(retry_after=5) from None
        finally:
            api.close()


def refused(answer: dict) -> Unavailable:
    """The code alone is logged: the text beside it may quote what was sent."""
    log.error("the platform refuses", extra={"code": code_of(answer)})
    return Unavailable(retry_after=60)
