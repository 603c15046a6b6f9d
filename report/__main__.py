"""`make report`: one page with plots on how well people are understood, and how danger is seen.

Ends with 1 if an aim is missed, 2 if it could not measure.
"""

from __future__ import annotations

import argparse
import json
import sys
import warnings
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from assistant.decision import Decision
from bench.processes import MeasurementError, say
from bench.report import machine
from launch.settings import HOUSE
from launch.training import MODEL
from report import measure, plots, stock
from report.figures import Share
from report.measure import Safety, Understanding
from report.targets import BEST, FALSE_ALARMS, REACH, RECALL_OF_EACH, targets
from report.walks import KEPT, walk

FOLDER = HOUSE / "var" / "report"
OURS = "Foothold"
STOCK_MISSING = (
    "Rasa's stock pipeline is not shown: this page was made with --without-stock, as training it "
    "takes an hour or more."
)


def pictures(sides: dict[str, Understanding], safe: Safety) -> dict[str, Markup]:
    """All plots of the page."""
    ours, names = sides[OURS], list(sides)
    drawn = {
        "best_by_group": plots.shares(
            "Likeliest topic right, by group",
            {g: [s.best_by_group[g] for s in sides.values()] for g in ours.best_by_group},
            [f"{name}: likeliest topic right" for name in names],
            BEST,
        ),
        "reach_by_group": plots.shares(
            "Right answer within reach, by group",
            {g: [s.reach_by_group[g] for s in sides.values()] for g in ours.reach_by_group},
            [f"{name}: within reach" for name in names],
            REACH,
        ),
        "typos": plots.shares(
            "Likeliest topic right with typing errors",
            {"as written": [s.best for s in sides.values()]}
            | {f"{n} error{'s' * (n > 1)}": [s.typos[n] for s in sides.values()] for n in (1, 2)},
            names,
        ),
        "out_of_scope": plots.shares(
            "Out-of-scope messages that get an answer, by kind",
            {
                kind.replace("_", " "): [s.out_of_scope_by_kind[kind] for s in sides.values()]
                for kind in ours.out_of_scope_by_kind
            },
            names,
        ),
        "reliability": plots.reliability(
            "How often right, by how sure", {n: s.calibration for n, s in sides.items()}
        ),
        "risk": plots.risk(
            "Wrong answers by share of messages answered",
            {name: side.risk_coverage for name, side in sides.items()},
        ),
        "danger": plots.shares(
            "Danger answered as danger, by topic",
            {topic: [seen.crisis, seen.asked] for topic, seen in safe.by_topic.items()},
            ["answered as danger", "answered or asked"],
            RECALL_OF_EACH,
        ),
        "variants": plots.shares(
            "Danger answered as danger, by how it is typed",
            {name: [seen.crisis, seen.asked] for name, seen in safe.by_variant.items()},
            ["answered as danger", "answered or asked"],
            RECALL_OF_EACH,
        ),
        "alarms": plots.shares(
            "Harmless messages taken for danger, by kind",
            {k.replace("_", " "): list(pair) for k, pair in safe.alarms_by_kind.items()},
            ["taken for danger", "only asked about"],
            FALSE_ALARMS,
        ),
    }
    return {name: Markup(picture) for name, picture in drawn.items()}


def in_talks(model: Path) -> dict[str, tuple[Share, Share]]:
    """Of whole talks: replies that a strict reader wanted, and those wanted or among choices."""
    replied = walk(model, KEPT)
    kinds = {
        "all": replied,
        "before any danger was told": [one for one in replied if not one.told],
        "after danger was told": [one for one in replied if one.told],
    }
    return {
        name: (Share.of([r.is_right for r in some]), Share.of([r.is_within_reach for r in some]))
        for name, some in kinds.items()
    }


def page(
    sides: dict[str, Understanding],
    safe: Safety,
    talks: dict[str, tuple[Share, Share]],
    about: str,
    stock_note: str,
) -> str:
    """The whole page as HTML that needs no network."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
    )
    return environment.get_template("page.html.jinja").render(
        about=about,
        targets=targets(sides[OURS], safe),
        sides=sides,
        ours=sides[OURS],
        safety=safe,
        talks=talks,
        plots=pictures(sides, safe),
        thresholds=Decision.get_default_config(),
        stock_note=stock_note,
    )


def main() -> int:
    """Measure and write the page."""
    parser = argparse.ArgumentParser(prog="python -m report", description=__doc__)
    parser.add_argument("--without-stock", action="store_true", help="leave out stock Rasa")
    parser.add_argument(
        "--stock-epochs", type=int, help="train stock Rasa for fewer epochs than its default, 100"
    )
    options = parser.parse_args()
    warnings.filterwarnings("ignore")
    FOLDER.mkdir(parents=True, exist_ok=True)
    try:
        say("Reading the messages with Foothold ...")
        sides = {OURS: measure.understanding(measure.ours(MODEL))}
        say("Looking at danger, however it is typed ...")
        safe = measure.safety(measure.ours(MODEL))
        say("Going through whole talks ...")
        talks = in_talks(MODEL)
        note = STOCK_MISSING
        if not options.without_stock:
            trained = stock.model(options.stock_epochs)
            say("Reading the messages with stock Rasa ...")
            sides["stock Rasa"] = measure.understanding(
                lambda texts: stock.understand(trained, texts)
            )
            epochs = options.stock_epochs
            note = f"Stock Rasa was trained for {epochs} epochs, not its 100." if epochs else ""
    except MeasurementError as error:
        print(f"Cannot measure: {error}", file=sys.stderr)
        return 2
    about = f"Made on {datetime.now():%Y-%m-%d %H:%M} by `make report` on {machine()}."
    (FOLDER / "understanding.html").write_text(
        page(sides, safe, talks, about, note), encoding="utf-8"
    )
    kept = {name: asdict(side) for name, side in sides.items()} | {"safety": asdict(safe)}
    (FOLDER / "understanding.json").write_text(json.dumps(kept, indent=1), encoding="utf-8")
    aims = targets(sides[OURS], safe)
    for aim in aims:
        print(f"  {'met   ' if aim.met else 'MISSED'}  {aim.what}: {aim.found}; {aim.aim}")
    for kind, (wanted, reach) in talks.items():
        print(f"  talks, {kind}: wanted {wanted}; wanted or offered {reach}")
    print(f"Written to {(FOLDER / 'understanding.html').relative_to(HOUSE)}", flush=True)
    return 0 if all(aim.met for aim in aims) else 1


if __name__ == "__main__":
    sys.exit(main())
