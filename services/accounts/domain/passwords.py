"""Which passwords are too easy to guess. No rule asks for capitals, digits or signs: they make none harder."""

import re

from services.accounts.domain.common_passwords import COMMON

SHORTEST = 8
LONGEST = 200
PRODUCT_WORDS = frozenset({
    "pilot", "base", "pilotbase", "pilotbasebooking", "booking", "reservation",
    "zhongshi", "jidi", "zhongshijidi", "yuyue",
})
DRESS = "0123456789!@#$%^&*._- "
LOOKALIKES = str.maketrans("013457@$!", "oleastasi")
ROWS = ("01234567890", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm", "1qaz2wsx3edc4rfv5tgb")


def wrong_with(password: str, person: str) -> list[str]:
    """Every reason to refuse the password of this person (sign-in name): too_short, too_long, too_common."""
    reasons = []
    if len(password) < SHORTEST:
        reasons.append("too_short")
    if len(password) > LONGEST:
        reasons.append("too_long")
    if is_common(password, person):
        reasons.append("too_common")
    return reasons


def is_common(password: str, person: str) -> bool:
    """Whether it is a listed word, a product word or the own name, dressed up or not, or a run of keys."""
    lowered = password.casefold()
    bare, own = lowered.strip(DRESS), person.casefold()
    forms = (lowered, bare, lowered.translate(LOOKALIKES), bare.translate(LOOKALIKES))
    words = {re.sub(r"[\W_]", "", form) for form in forms} - {""}
    return bool(words & (COMMON | PRODUCT_WORDS | {own, own.strip(DRESS)})) or is_run(lowered) or is_repeated(lowered)


def is_run(text: str) -> bool:
    """Whether the keys lie side by side: 12345678, hgfedcba, qwertyui, 1qaz2wsx."""
    return any(text in row * 2 or text in row[::-1] * 2 for row in ROWS)


def is_repeated(text: str) -> bool:
    """Whether one to four characters come again and again: aaaaaaaa, abcabcabc, 12341234."""
    return re.fullmatch(r"(.{1,4}?)\1+", text, re.DOTALL) is not None
