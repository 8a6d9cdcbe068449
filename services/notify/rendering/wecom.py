"""What WeCom shows: a card for a colleague, and a note for the group of those on duty."""

from typing import Any

from services.notify.domain.wecom_texts import DESCRIPTION_BYTES, MARKDOWN_BYTES, TITLE_BYTES, cut, harmless

BUTTON = {"zh-Hans": "查看", "en": "Open"}
"""Four characters at most."""


def card(title: str, brief: str, url: str, language: str) -> dict[str, Any]:
    return {
        "title": cut(harmless(title), TITLE_BYTES),
        "description": cut(harmless(brief), DESCRIPTION_BYTES),
        "url": url,
        "button": BUTTON[language],
    }


def note(title: str, brief: str, url: str, language: str) -> dict[str, Any]:
    """Markdown; the link stays whole whatever must be cut."""
    link = f"\n[{BUTTON[language]}]({url})"
    quoted = "\n".join(f"> {line}" for line in harmless(brief).splitlines())
    text = cut(f"**{harmless(title)}**\n{quoted}", MARKDOWN_BYTES - len(link.encode()))
    return {"markdown": text + link}
