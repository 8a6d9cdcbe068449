"""WeCom's group robot."""

from deploy.standins.wechat.provider import Call, Provider, Verdict, message
from deploy.standins.wechat.wecom import missing_part, readable

MESSAGES_A_MINUTE = 20
TYPES = {"text", "markdown", "markdown_v2", "image", "news", "file", "voice", "template_card"}
LIMITS = {"text": 2048, "markdown": 4096, "markdown_v2": 4096}  # bytes of UTF-8


def webhook_send(provider: Provider, call: Call) -> Verdict:
    """The group robot: no token, no message id, and no second look at repetitions."""
    key, kind = call.query.get("key", ""), call.body.get("msgtype")
    if key != provider.settings.robot_key:
        return Verdict(93000)
    if kind not in TYPES:
        return Verdict(40008)
    if missing := missing_part(call.body, kind):
        return Verdict(40035, missing)
    content = call.body[kind]
    if kind in LIMITS and len(content["content"].encode()) > LIMITS[kind]:
        return Verdict(40058, f"{kind}.content exceed max length {LIMITS[kind]}")
    if provider.robot_minute.count(key, call.now) >= MESSAGES_A_MINUTE:
        return Verdict(45009, "webhook/send")
    provider.robot_minute.add(key, call.now)
    shown = message("robot", key, [], template="", text=readable(content), data=content, msgtype=kind)
    return Verdict(messages=[shown])
