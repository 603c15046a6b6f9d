"""What the encoder learns from: the examples of `data/` and of `more/`, as typed and as mistyped.

A message of a talk is shown behind what came before it. So are some of the examples, behind one
that has nothing to do with it: what was said before colours what is left open, and no more. What
people go on to say after an answer to danger is shown by itself, or as their talk has it. Some
messages are several in one: a danger among harmless ones is danger; harmless ones are none.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

from rasa.shared.nlu.constants import INTENT, TEXT
from tokenizers import BertWordPieceTokenizer

from assistant.danger.situations import STAY, examples_to_learn
from assistant.encoder.changes import is_kept_apart
from assistant.encoder.sentence_encoder import behind, shortened
from assistant.encoder.weights import checked
from assistant.examples import ExampleImporter
from assistant.features import plain
from assistant.spelling import Spelling
from assistant.talks import AFTERWARDS, ASKED
from assistant.understood import MOMENT, TOGETHER, topic_in

SHORTEST = 4  # letters of a text that is mistyped
BEHIND_ANOTHER = 0.25  # share of the examples that are also shown behind another
SEVERAL = "several"  # the topic of harmless messages in one
JOINED = 0.12  # as many of these, for each example
WITH_DANGER = 0.35  # share of those that have a danger in them
SHORT = 40  # word pieces of a message that is joined with others
LONGEST = 90  # word pieces of what they make together
LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class Example:
    """One message: its word pieces in several spellings, and its topic, or the step it leads to."""

    spellings: list[list[int]]
    topic: str


def leads_on(key: str) -> bool:
    """Whether a key is of what is said in the middle of a talk about danger, and no topic."""
    return key in (STAY, AFTERWARDS) or key.startswith(("step/", ASKED))


def tokenizer() -> BertWordPieceTokenizer:
    """Cuts text into the word pieces that the encoder knows."""
    return BertWordPieceTokenizer(str(checked("vocab.txt")), lowercase=True)


def mistyped(text: str, mistakes: int, chance: random.Random) -> str:
    """The text with letters lost, doubled, swapped or wrong, anywhere; a short word stays."""
    if len(text) < SHORTEST:
        return text
    for _ in range(mistakes):
        place = chance.randrange(len(text))
        before, letter, after = text[:place], text[place], text[place + 1 :]
        other = {
            "lost": "",
            "doubled": letter * 2,
            "swapped": after[:1] + letter,
            "wrong": chance.choice(LETTERS),
        }
        how = chance.choice(list(other))
        text = before + other[how] + (after[1:] if how == "swapped" else after)
    return text


def joined(some: list[Example], joints: list[list[int]], chance: random.Random) -> list[list[int]]:
    """Several messages as one, in each of their spellings."""
    spellings = []
    for number in range(len(some[0].spellings)):
        pieces = some[0].spellings[number][:-1]
        for example in some[1:]:
            pieces = pieces + chance.choice(joints) + example.spellings[number][1:-1]
        spellings.append(pieces[:LONGEST] + some[0].spellings[number][-1:])
    return spellings


def several(shown: list[Example], joints: list[list[int]], chance: random.Random) -> list[Example]:
    """Messages of several examples, in any order; their topic is the danger in them, if any."""
    short = [
        example
        for example in shown
        if not leads_on(example.topic) and len(example.spellings[0]) < SHORT
    ]
    dangers = [example for example in short if example.topic.startswith("crisis/")]
    others = [example for example in short if not example.topic.startswith("crisis/")]
    made = []
    for _ in range(int(JOINED * len(shown))):
        with_danger = chance.random() < WITH_DANGER
        some = [chance.choice(others) for _ in range(chance.choice([1, 1, 2, 3]))]
        some.append(chance.choice(dangers if with_danger else others))
        topic = some[-1].topic if with_danger else SEVERAL
        chance.shuffle(some)
        made.append(Example(joined(some, joints, chance), topic))
    return made


def examples(house: Path, chance: random.Random) -> list[Example]:
    """Every example that is not kept apart to measure how sure the assistant may be."""
    folders = [house / "data", house / "tuning" / "more"]
    importer = ExampleImporter(training_data_paths=[str(folder) for folder in folders])
    read_in = importer.get_nlu_data()
    asked = [
        (str(message.get(TEXT)), topic_in(message), before)
        for message in read_in.intent_examples
        for before in message.get(TOGETHER) or [""]
        if not is_kept_apart(str(message.get(TEXT)))
    ]
    texts = [text for text, _, _ in asked]
    asked += [
        (str(message.get(TEXT)), message.get(MOMENT).reply, before)
        for message in read_in.training_examples
        if message.get(MOMENT) and not message.get(INTENT)
        for before in message.get(TOGETHER) or ()
        if not is_kept_apart(str(message.get(TEXT)))
    ]
    steps = [
        (text, step, "")
        for text, step in examples_to_learn()
        if step.startswith("step/") and not is_kept_apart(text)
    ]
    asked += [
        (text, topic, chance.choice(texts))
        for text, topic, before in asked
        if not before and not leads_on(topic) and chance.random() < BEHIND_ANOTHER
    ]
    cut = tokenizer()
    whole_words = [word for word in cut.get_vocab() if not word.startswith("##")]
    spelling = Spelling.learn([plain(text) for text in texts], whole_words)

    def pieces(text: str) -> list[int]:
        return shortened(cut.encode(text).ids)

    def read(text: str) -> list[int]:
        return pieces(spelling.mend(spelling.spoken(plain(text))))

    def spellings(text: str) -> list[list[int]]:
        return [
            read(text),
            read(text),
            pieces(plain(text)),
            read(mistyped(text, 1, chance)),
            read(mistyped(text, 2, chance)),
        ]

    shown = [entry for entry in asked + steps if entry[0]]
    alone = [Example(spellings(text), topic) for text, topic, before in shown if not before]
    behind_others = [
        Example([behind(read(before), ids) for ids in spellings(text)], topic)
        for text, topic, before in shown
        if before
    ]
    joints = [[], [], *(cut.encode(mark).ids[1:-1] for mark in (".", ",", "and"))]
    return alone + behind_others + several(alone, joints, chance)
