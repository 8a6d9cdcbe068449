"""The doors that belong to WeChat and not to a page of ours.

    callback.py   what the platform reports, verified     sealed.py   its envelope: signature, cipher, XML
    inside.py     signing in from inside WeChat
"""

from flask import Blueprint, Flask
from redis import Redis

from services.portal.config import Settings

blueprint = Blueprint("wechat", __name__)

from services.portal.wechat import callback, inside  # noqa: E402  the modules need the blueprint
from services.portal.wechat.sealed import Seal  # noqa: E402

__all__ = ["attach", "blueprint", "callback", "inside"]


def attach(app: Flask, redis: Redis, settings: Settings) -> None:
    """Without a callback key there is no callback. Raises ValueError for one that is none."""
    app.config.update(
        WECHAT_APP_ID=settings.wechat_app_id,
        WECOM_CORP_ID=settings.wecom_corp_id,
        WECOM_AGENT_ID=settings.wecom_agent_id,
        WECHAT_OPEN_BASE=settings.wechat_open_base,
        PUBLIC_URL=settings.public_url.rstrip("/"),
    )
    app.extensions["wechat_states"] = inside.States(redis)
    app.extensions["wechat_seal"] = seal_of(settings)
    app.register_blueprint(blueprint)


def seal_of(settings: Settings) -> Seal | None:
    if not settings.wechat_callback_key:
        return None
    return Seal(settings.wechat_app_id, settings.wechat_callback_token, settings.wechat_callback_key)
