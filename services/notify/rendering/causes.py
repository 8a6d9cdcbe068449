"""What has taken time away, as words for one reader."""

from collections.abc import Mapping
from typing import Any

from services.notify.rendering.words import INTERRUPTIONS

OTHER_CAUSES = {
    "zh-Hans": {"hours": "开放时间变更", "priority": "优先任务"},
    "en": {"hours": "Changed opening hours", "priority": "Priority case"},
}
"""Beside INTERRUPTIONS."""


def cause_words(cause: Mapping[str, Any], language: str, where: str = "") -> str:
    """Outage · High/low-temperature ageing · Compressor failure."""
    kind = {**INTERRUPTIONS[language], **OTHER_CAUSES[language]}.get(cause["kind"], "")
    reason = cause.get("reason") or {}
    told = reason.get(language) or reason.get("zh-Hans") or "" if isinstance(reason, Mapping) else reason
    return " · ".join(filter(None, (kind, where, " ".join(told.split()))))
