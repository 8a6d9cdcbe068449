"""Who somebody is on the Official Account and in the base's WeCom: a code to scan, and whose phone opened a page.

Asked by a person who waits, so every wait is short.
"""

import logging
from collections.abc import Callable
from urllib.parse import urlencode

from services.contracts.errors import InvalidInput, Unavailable
from services.notify.domain.bindings import LIFE, scene_of
from services.notify.domain.outcomes import Kind
from services.notify.tencent.answers import EVERYWHERE, code_of
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
        answer = answered(account.api, lambda: account.post("qrcode/create", data=body))
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
        answer = answered(api, lambda: api.get(f"/sns/oauth2/access_token?{urlencode(asked)}"))
        if code_of(answer) in SPENT:
            raise InvalidInput(errors={"code": ["spent"]})
        if not isinstance(answer.get("openid"), str) or not answer["openid"]:
            raise refused(answer)
        return answer["openid"]


class Colleagues:
    """The same for the members of the base's WeCom. Raises Unavailable."""

    def __init__(self, api_base: str, token: AccessToken, seconds: float = SECONDS):
        self.api_base = api_base
        self.token = token
        self.seconds = seconds

    def external_id(self, proof: str) -> str:
        """The user id of the member whose one-time code this is. Raises InvalidInput, also for who is no member."""
        api = Api(self.api_base, self.seconds)
        answer = answered(api, lambda: self.asked(api, proof))
        if code_of(answer) in SPENT:
            raise InvalidInput(errors={"code": ["spent"]})
        if code_of(answer) != 0:
            raise refused(answer)
        # Of a stranger the platform tells another kind of id, and no error.
        user = answer.get("userid") or answer.get("UserId")
        if not isinstance(user, str) or not user:
            raise InvalidInput(errors={"code": ["not_a_member"]})
        return user

    def asked(self, api: Api, proof: str) -> dict:
        """With one fresh token if the platform refuses the one in hand."""
        token = self.token.get(api)
        answer = self.ask(api, proof, token)
        if EVERYWHERE.get(code_of(answer)) is Kind.TOKEN:
            answer = self.ask(api, proof, self.token.get(api, refused=token))
        return answer

    @staticmethod
    def ask(api: Api, proof: str, token: str) -> dict:
        return api.get(f"/cgi-bin/auth/getuserinfo?{urlencode({'access_token': token, 'code': proof})}")


def answered(api: Api, ask: Callable[[], dict]) -> dict:
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
