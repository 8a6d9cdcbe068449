"""Settings of the portal, from the environment and nowhere else."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from services.contracts.messaging.configuration import MissingSettings


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What the portal must be told; deploy/env.example explains each name."""

    amqp_url: str
    redis_url: str
    secret_key: str
    public_url: str
    live_url: str = "/live"
    secure_cookies: bool = False
    frame_ancestors: str = "'none'"
    requests_per_minute: int = 6000
    trusted_proxies: int = 0
    wechat_app_id: str = ""
    wecom_corp_id: str = ""
    wecom_agent_id: str = ""
    wechat_open_base: str = "https://open.weixin.qq.com"
    wechat_callback_token: str = field(default="", repr=False)
    wechat_callback_key: str = field(default="", repr=False)

    @property
    def live_origin(self) -> str:
        """The host of the live stream, when that is not the portal's own."""
        return origin_of(self.live_url)

    @property
    def session_cookie(self) -> str:
        return session_cookie(self.secure_cookies)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Settings":
        """Raises MissingSettings, naming all that are missing."""
        needed = ("PORTAL_AMQP_URL", "REDIS_URL", "SECRET_KEY", "PUBLIC_URL")
        if missing := [name for name in needed if not environment.get(name)]:
            raise MissingSettings(", ".join(missing))
        return cls(
            amqp_url=environment["PORTAL_AMQP_URL"],
            redis_url=environment["REDIS_URL"],
            secret_key=environment["SECRET_KEY"],
            public_url=environment["PUBLIC_URL"],
            live_url=stream_address(environment.get("LIVE_URL") or ""),
            secure_cookies=is_on(environment.get("SECURE_COOKIES")),
            frame_ancestors=environment.get("FRAME_ANCESTORS") or "'none'",
            requests_per_minute=int(environment.get("API_REQUESTS_PER_MINUTE") or 6000),
            trusted_proxies=int(environment.get("TRUSTED_PROXIES") or 0),
            wechat_app_id=environment.get("WECHAT_APP_ID") or "",
            wecom_corp_id=environment.get("WECOM_CORP_ID") or "",
            wecom_agent_id=environment.get("WECOM_AGENT_ID") or "",
            wechat_open_base=(environment.get("WECHAT_OPEN_BASE") or "https://open.weixin.qq.com").rstrip("/"),
            wechat_callback_token=environment.get("WECHAT_CALLBACK_TOKEN") or "",
            wechat_callback_key=environment.get("WECHAT_CALLBACK_KEY") or "",
        )


def stream_address(url: str) -> str:
    """The live stream's address; a host alone will do."""
    return url if urlsplit(url).path.strip("/") else f"{url.rstrip('/')}/live"


def is_on(text: str | None) -> bool:
    return text in ("1", "true", "yes")


def session_cookie(secure: bool) -> str:
    """The name of the session cookie. Browsers take a __Host- cookie only over HTTPS, from this host, for all paths."""
    return "__Host-session" if secure else "session"


def origin_of(url: str) -> str:
    """``https://host:port`` of an address, empty for one without a host."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""
