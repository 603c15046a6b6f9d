"""`make tune`: learn from the examples and write the changes; an hour or more on two cores.

It goes on from what was learned before. Without that file it begins anew: then do it twice.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import torch
import torch.nn.functional as F  # noqa: N812 (its usual name)
from safetensors.numpy import load_file
from safetensors.torch import save_file
from torch import Tensor, nn

from assistant.danger.screen import NONE, danger_label
from assistant.encoder.changes import CHANGES, WITNESSED, WITNESSES, changed
from assistant.encoder.graph import WIDTH
from assistant.encoder.weights import checked
from tuning.examples import SEVERAL, Example, examples, leads_on, tokenizer
from tuning.network import Encoder

HOUSE = Path(__file__).resolve().parent.parent
SEED = 20261123
ROUNDS = 1.5
BATCH = 32
RATE = 1e-4  # of learning, at its highest
RATE_OF_HEADS = 5e-3
WARMING = 0.06  # share of the steps until the rate is at its highest
HIDDEN = 0.05  # share of the word pieces that are covered, so that no single one decides
SHARPNESS = 20.0  # of the heads: vectors of length 1 give small scores
DOUBT = {"topic": 0.1, "danger": 0.03}  # how much of an answer is spread over all others
NOT_ASKED = -100  # what the loss leaves out
PAD, BEGIN, END, COVER = 0, 101, 102, 103  # word pieces of the vocabulary
TOLD_EVERY = 100  # steps
# A processor with one of these is faster with numbers of half the size; others, 30 times slower.
HALF_AS_FAST = ("avx512_bf16", "amx_bf16", "arm_bf16", "bf16")


def padded(messages: Sequence[list[int]]) -> tuple[Tensor, Tensor]:
    """Word pieces as a table, and which of them are of the message."""
    longest = max(map(len, messages))
    pieces = torch.full((len(messages), longest), PAD)
    for row, message in enumerate(messages):
        pieces[row, : len(message)] = torch.tensor(message)
    return pieces, pieces != PAD


def batches(shown: list[Example], chance: random.Random) -> Iterator[list[Example]]:
    """Batches without end, of messages about as long as each other."""
    while True:
        chance.shuffle(shown)
        some = 16 * BATCH
        chunks = [
            sorted(shown[i : i + some], key=lambda e: len(e.spellings[0]))
            for i in range(0, len(shown), some)
        ]
        cut = [chunk[i : i + BATCH] for chunk in chunks for i in range(0, len(chunk), BATCH)]
        chance.shuffle(cut)
        yield from cut


def one_spelling(example: Example, chance: random.Random) -> list[int]:
    """The message in one of its spellings, some pieces covered."""
    return [
        COVER if piece not in (BEGIN, END) and chance.random() < HIDDEN else piece
        for piece in chance.choice(example.spellings)
    ]


def number_of_topic(topic: str, topics: list[str]) -> int:
    """Which topic an example is; of several messages in one, that is not asked."""
    return NOT_ASKED if topic == SEVERAL else topics.index(topic)


def number_of_danger(topic: str, dangers: list[str]) -> int:
    """Which danger an example is; of what is said in the middle of one, that is not asked."""
    return NOT_ASKED if leads_on(topic) else dangers.index(danger_label(topic))


def learn(encoder: Encoder, shown: list[Example], chance: random.Random) -> None:
    """Teach the encoder to tell topics and steps, and danger from none, apart."""
    topics = sorted({example.topic for example in shown} - {SEVERAL})
    dangers = sorted({NONE, *map(danger_label, topics)})
    heads = nn.ModuleDict(
        {"topic": nn.Linear(WIDTH, len(topics)), "danger": nn.Linear(WIDTH, len(dangers))}
    )
    learning = [p for p in encoder.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(
        [
            {"params": learning, "lr": RATE},
            {"params": heads.parameters(), "lr": RATE_OF_HEADS},
        ]
    )
    steps = int(ROUNDS * len(shown)) // BATCH
    rate = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1, (step + 1) / (WARMING * steps)) * (1 - step / steps)
    )
    encoder.train()
    able = torch.cpu.get_capabilities()
    is_fast = any(able.get(name) for name in HALF_AS_FAST)
    for step, batch in zip(range(1, steps + 1), batches(shown, chance), strict=False):
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=is_fast):
            vectors = encoder(*padded([one_spelling(example, chance) for example in batch]))
        right = {
            "topic": torch.tensor([number_of_topic(e.topic, topics) for e in batch]),
            "danger": torch.tensor([number_of_danger(e.topic, dangers) for e in batch]),
        }
        losses = [
            F.cross_entropy(SHARPNESS * heads[what](vectors), right[what], label_smoothing=doubt)
            for what, doubt in DOUBT.items()
        ]
        optimizer.zero_grad()
        sum(losses, torch.tensor(0.0)).backward()
        nn.utils.clip_grad_norm_(learning, 1.0)
        optimizer.step()
        rate.step()
        if step % TOLD_EVERY == 0:
            print(f"  {step} of {steps} steps, surprise {sum(losses):.2f}", flush=True)


def main() -> None:
    """Learn, then write the changes in half precision (5 MB)."""
    torch.manual_seed(SEED)
    chance = random.Random(SEED)
    shown = examples(HOUSE, chance)
    print(f"Teaching the encoder {len(shown)} examples ...", flush=True)
    published = load_file(checked("model.safetensors"))
    encoder = Encoder(changed(published) if CHANGES.exists() else published)
    learn(encoder, shown, chance)
    to = Path(sys.argv[1]) if len(sys.argv) > 1 else CHANGES
    changes = encoder.changes(published)
    save_file(changes, to)
    kept = Encoder(changed(published, to)).eval()
    with torch.no_grad():
        said = [tokenizer().encode(text).ids for text in WITNESSES]
        changes[WITNESSED] = kept(*padded(said))
    save_file(changes, to)
    print(f"Written: {to}. Train, then look at `make report`.")


if __name__ == "__main__":
    main()
