"""How an SMS is counted: the GSM 03.38 seven-bit alphabet and its segments.

Source: 3GPP TS 23.038, section 6.2.1 (alphabet) and TS 23.040 (concatenation).
"""

from __future__ import annotations

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = frozenset("^{}\\[~]|€\f")  # each takes an escape, so two places

SINGLE, PART = 160, 153


def not_gsm7(text: str) -> str:
    """The characters of a text that would force it out of the seven-bit alphabet."""
    return "".join(sorted(set(text) - BASIC - EXTENDED))


def segments(text: str) -> int:
    """How many SMS segments a seven-bit text takes: one up to 160 places, else 153 each."""
    parts, used = 1, 0
    places = [2 if character in EXTENDED else 1 for character in text]
    if sum(places) <= SINGLE:
        return 1
    for place in places:  # an escape is never split from its character
        if used + place > PART:
            parts, used = parts + 1, 0
        used += place
    return parts
