"""The Official Account through wechatpy's client, with what that lacks:

1. every address, that of the token too, comes from the settings, and the token is the stable one;
2. a refused token is renewed once, by one of those who miss it, and the call repeated once;
3. one token for all workers and processes (tokens.py);
4. every wait has an end, and an answer that is no JSON object is no success (calls.py);
5. nothing secret is in an error, a log or a key.
"""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from wechatpy.client import WeChatClient

from services.notify.domain.outcomes import Kind
from services.notify.tencent.answers import EVERYWHERE, code_of
from services.notify.tencent.calls import Api
from services.notify.tencent.tokens import AccessToken, Shared

TOKEN_REFUSED = {code for code, kind in EVERYWHERE.items() if kind is Kind.TOKEN}


@dataclass(frozen=True)
class WeChatSettings:
    """``templates`` are template ids by step."""

    api_base: str
    app_id: str
    app_secret: str = field(repr=False)
    templates: dict[str, str] = field(default_factory=dict)


def stable_token(settings: WeChatSettings, shared: Shared | None = None, **more: Any) -> AccessToken:
    """The account's token; asking for it again brings the same one until it is near its end."""
    body = {
        "grant_type": "client_credential",
        "appid": settings.app_id,
        "secret": settings.app_secret,
        "force_refresh": False,
    }
    account = f"official:{settings.app_id}"
    return AccessToken(account, lambda api: api.post("/cgi-bin/stable_token", body), shared, **more)


class OfficialAccount(WeChatClient):
    """``account.post("message/template/send", data={...})`` is the platform's answer, whatever its errcode.

    Raises calls.Failed when there is none.
    """

    def __init__(self, settings: WeChatSettings, token: AccessToken, api: Api | None = None):
        super().__init__(settings.app_id, settings.app_secret, auto_retry=False)
        self.api = api or Api(settings.api_base)
        self.token = token

    @property
    def access_token(self) -> str:
        return self.token.get(self.api)

    def fetch_access_token(self) -> dict[str, Any]:
        return {"access_token": self.token.get(self.api)}

    def _request(self, method: str, url_or_endpoint: str, **options: Any) -> dict[str, Any]:
        token = self.token.get(self.api)
        answer = self.call(url_or_endpoint, token, options.get("data"))
        if code_of(answer) in TOKEN_REFUSED:
            token = self.token.get(self.api, refused=token)
            answer = self.call(url_or_endpoint, token, options.get("data"))
        return answer

    def call(self, endpoint: str, token: str, data: Any) -> dict[str, Any]:
        path = f"/cgi-bin/{endpoint}?access_token={quote(token)}"
        return self.api.get(path) if data is None else self.api.post(path, data)

    def close(self) -> None:
        self.api.close()
