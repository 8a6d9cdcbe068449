"""Texts for WeCom, which counts bytes of UTF-8 and cuts silently: so we cut first, where it does no harm."""

TITLE_BYTES, DESCRIPTION_BYTES, MARKDOWN_BYTES = 128, 512, 4096
ELLIPSIS = "…"

# Signs that would become a link, a mention of everybody, or markup.
HARMLESS = str.maketrans({"<": "＜", ">": "＞", "[": "［", "]": "］", "*": "＊", "`": "'", "#": "＃", "@": "＠"})


def cut(text: str, most: int) -> str:
    """The text in at most so many bytes, never through the middle of a character, the cut marked."""
    if len(text.encode()) <= most:
        return text
    room = most - len(ELLIPSIS.encode())
    return text.encode()[:room].decode("utf-8", "ignore").rstrip() + ELLIPSIS


def harmless(text: str) -> str:
    return text.translate(HARMLESS)
