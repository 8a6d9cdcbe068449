"""Who may call, from the environment; the defaults are those of the demo and open nothing but this stand-in."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from deploy.standins.wechat.callbacks import Receiver

TEMPLATES = Path(__file__).with_name("templates.json")


@dataclass(frozen=True)
class Settings:
    app_id: str
    app_secret: str
    corp_id: str
    corp_secret: str
    agent_id: int
    robot_key: str
    templates: dict[str, dict]  # template id -> {title, fields: {key: label}}
    receiver: Receiver


def settings_from(environment: Mapping[str, str]) -> Settings:
    app_id = environment.get("WECHAT_APP_ID") or "wx-demo-app"
    return Settings(
        app_id=app_id,
        app_secret=environment.get("WECHAT_APP_SECRET") or "demo-app-secret",
        corp_id=environment.get("WECOM_CORP_ID") or "ww-demo-corp",
        corp_secret=environment.get("WECOM_SECRET") or "demo-corp-secret",
        agent_id=int(environment.get("WECOM_AGENT_ID") or 1000002),
        robot_key=environment.get("WECOM_ROBOT_KEY") or "demo-robot-key",
        templates=json.loads(TEMPLATES.read_text("utf-8")),
        receiver=Receiver(
            environment.get("WECHAT_CALLBACK_URL") or "",
            environment.get("WECHAT_CALLBACK_TOKEN") or "",
            environment.get("WECHAT_CALLBACK_KEY") or "",
            app_id,
        ),
    )
