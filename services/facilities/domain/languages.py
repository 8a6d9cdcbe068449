"""Texts are there in both languages of the base, and in no other."""

LANGUAGES = ("zh-Hans", "en")


def wrong_in_languages(name: str, texts: dict[str, str]) -> dict[str, list[str]]:
    """What is wrong with a text; words: required, unknown_language."""
    missing = {f"{name}.{language}": ["required"] for language in LANGUAGES if not texts.get(language, "").strip()}
    return missing | {f"{name}.{language}": ["unknown_language"] for language in texts if language not in LANGUAGES}
