"""Cuts a message into the parts that may each say something of their own."""

from __future__ import annotations

import re

SENTENCE_END = re.compile(r"(?<=[.!?;\n])\s*|\n+|(?<=[^\W\d_])[,:]\s+|\s+[-–—]+\s+")
FULL_STOP = re.compile(r"(?<=[.!?;])\s*|\n+")
OPENING = re.compile(
    r"^\s*(?:(?:lol|lmao|lmfao|haha+|omg|hey+|hi+|hello|yo|so|um+|ok|okay|well|bro|dude)\b[\s,.!]*)+",
    re.IGNORECASE,
)
JOINTS = {"and", "n", "then", "also", "plus", "y"}
TURNS = {"but", "so", "because", "bc", "cuz", "cause", "now", "pero", "ahora", "porque"}
# "so" joins only before one of these: "so much", "so sick", "so addictive" go on with the clause.
SO_JOINS_BEFORE = {
    "i", "im", "ive", "he", "hes", "she", "shes", "they", "theyre", "we", "you", "it", "its", "my",
    "his", "her", "the", "this", "now", "then", "if", "is", "are", "do", "does", "can", "could",
    "should", "would", "will", "what", "whats", "how", "who", "where", "when", "why", "please",
}  # fmt: skip
GOES_ON_BEFORE = {"now": {"right", "by", "until", "til", "till", "from", "is", "hes", "shes", "im"}}
LONG = 18  # words; a longer part without any mark is read in overlapping stretches
STRETCH, STEP = 14, 8  # words
MOST_PARTS = 40


def sentences(text: str) -> list[str]:
    """The sentences and clauses that punctuation marks, also where no space follows it."""
    return [part for part in (p.strip() for p in SENTENCE_END.split(text)) if part]


def joint(before: str, word: str, after: str) -> str | None:
    """Whether a word starts a clause: a "joint" ("and"), or a "turn" of thought ("but", "now")."""
    if not after or word not in JOINTS | TURNS:
        return None
    if before in GOES_ON_BEFORE.get(word, ()) or (word == "so" and after not in SO_JOINS_BEFORE):
        return None
    return "turn" if word in TURNS else "joint"


def clauses(text: str) -> list[str]:
    """Sentences cut again where a word joins two clauses: "he fell and now he wont wake up"."""
    found: list[list[str]] = []
    for sentence in sentences(text):
        found.append([])
        words = sentence.split()
        for before, word, after in zip(["", *words], words, [*words[1:], ""], strict=False):
            if found[-1] and joint(before.lower(), word.lower(), after.lower()):
                found.append([])
            found[-1].append(word)
    return [" ".join(words) for words in found]


def parts(text: str) -> list[str]:
    """The sentences of a message and the pieces of each; none if the message is one piece.

    A "lol" or "hey" in front makes a sentence of what follows.
    """
    after = OPENING.sub("", text)
    pieces = stretches(text)
    if len(pieces) <= 1 and after == text:
        return []
    whole = [part for part in (p.strip() for p in FULL_STOP.split(after)) if part]
    found = whole if len(whole) > 1 or after != text else []
    return list(dict.fromkeys([*found, *pieces]))[:MOST_PARTS]


def stretches(text: str) -> list[str]:
    """Clauses, and of long ones overlapping stretches, so that nothing is drowned by the rest."""
    found: list[str] = []
    for clause in clauses(text):
        words = clause.split()
        if len(words) <= LONG:
            found.append(clause)
            continue
        starts = range(0, len(words) - STRETCH + STEP, STEP)
        found += [" ".join(words[start : start + STRETCH]) for start in starts]
    return found


# First words of a question.
ASKS = {
    "is", "are", "was", "can", "could", "do", "does", "did", "will", "would", "should", "what",
    "whats", "how", "why", "when", "where", "who", "need", "want", "find",
}  # fmt: skip
# The order of words in a question, however its first word is spelt: "wen can i see her".
ASKED_IN_ORDER = re.compile(
    r"(?<!so )(?<!neither )\b(?:can|could|do|does|did|is|are|will|would|should|am|may)"
    r" (?:i|you|u|he|she|they|we|it|my|his|her|their)\b",
    re.IGNORECASE,
)


def asks(text: str) -> bool:
    """Whether a text asks something, by its mark, its first word or the order of its words."""
    is_first = text.lower().replace("'", "").partition(" ")[0] in ASKS
    return "?" in text or is_first or bool(ASKED_IN_ORDER.search(text))
