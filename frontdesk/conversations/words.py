"""Makes what a person typed fit to keep and to ask, without losing any of its words."""

import re

# The assistant reads no more than this at once, in characters.
PIECE = 1000
# Each piece begins with the end of the one before, so that no phrase is cut in two.
OVERLAP = 80

# Half characters cannot be written as UTF-8, and PostgreSQL keeps no NUL.
_UNKEEPABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


def cleaned(text: str) -> str:
    """Return the text without control characters and outer spaces; line ends become \\n."""
    return _UNKEEPABLE.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def pieces(text: str) -> list[str]:
    """Split a text into pieces of at most PIECE characters, at spaces where it has any.

    Together they hold every word of the text; a text that fits is its only piece.
    """
    found, start = [], 0
    while len(text) - start > PIECE:
        end = _last_space(text, start + PIECE // 2, start + PIECE) or start + PIECE
        found.append(text[start:end])
        start = _last_space(text, end - 2 * OVERLAP, end - OVERLAP) or end - OVERLAP
    return [*found, text[start:]]


def _last_space(text: str, low: int, high: int) -> int | None:
    for place in range(high, low, -1):
        if text[place].isspace():
            return place
    return None
