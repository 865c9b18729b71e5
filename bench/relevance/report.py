"""Makes the page and the picture of the docs from the JSON files that `bench.relevance.run --json` wrote.

python -m bench.relevance.report docs/relevance.md docs/relevance.svg var/bench/*.json
"""

import json
import sys
from pathlib import Path
from typing import Any

from bench.relevance.plot import svg
from bench.relevance.run import ENGINES

_INTRODUCTION = """# How well the right customer is found

The people are made up and the typing errors are drawn from a model, so read these figures as a comparison
between engines on the same questions, not as a promise. `bench/relevance` holds the people, the classes of
questions (each says in its docstring what is asked and who is right) and the engines. One seed was used while
the search was being improved (`tuning`), one only ever to report (`report`): other people, other questions.

`embedded` and `meilisearch` are our two engines. `meilisearch-as-it-comes` is the same server with its
default settings; `pg_trgm` is PostgreSQL with a trigram index over all fields, ordered by word similarity.
`python -m bench.relevance.run --help` says how to run it again.

"""


def main(words: list[str]) -> None:
    """Write the page and the picture."""
    page, picture, *files = map(Path, words)
    runs = _merged([json.loads(file.read_text()) for file in files])
    shown = max(
        (run for run in runs if run["seed"] == "report"),
        key=lambda run: (len(run["engines"]), min(map(_asked, run["engines"].values())), run["size"]),
    )
    heading = f"{shown['size']:,} customers, seed `{shown['seed']}`"
    sections = (
        f"## The mean over the classes\n\n{_overview(runs)}",
        f"![Share of right ones first, by group of classes]({picture.name})\n\n{heading}.",
        f"## By language\n\nFirst / among the first three; {heading}.\n\n{_scores(shown, 'languages')}",
        f"## By class\n\nFirst / among the first three; {heading}.\n\n{_scores(shown, 'classes')}",
    )
    page.write_text(_INTRODUCTION + "\n\n".join(sections) + "\n")
    picture.write_text(svg({engine: _first(result["groups"]) for engine, result in shown["engines"].items()}))


def _merged(files: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One run for each seed and size, with the engines of all its files, by seed and size."""
    runs: dict[tuple[str, int], dict[str, Any]] = {}
    for file in files:
        run = runs.setdefault((file["seed"], file["size"]), {**file, "engines": {}})
        run["engines"].update(file["engines"])
    for run in runs.values():
        run["engines"] = {name: run["engines"][name] for name in ENGINES if name in run["engines"]}
    return [runs[key] for key in sorted(runs)]


def _overview(runs: list[dict[str, Any]]) -> str:
    heading = (
        "seed | customers | engine | questions a class | first | first three | reciprocal rank | keystrokes "
        "| p50 / p95 / p99 ms"
    )
    rows = [heading.split(" | "), ["---"] + ["---:"] * 8]
    for run in runs:
        rows += [
            [run["seed"], f"{run['size']:,}", *_overall(name, result)]
            for name, result in run["engines"].items()
        ]
    return _table(rows)


def _overall(engine: str, result: dict[str, Any]) -> list[str]:
    overall = result["overall"]
    times = " / ".join(f"{result[key]:.1f}" for key in ("p50", "p95", "p99"))
    shares = [f"{overall[key]:.3f}" for key in ("first", "top_three", "reciprocal_rank")]
    return [engine, f"{_asked(result)}", *shares, f"{result['keystrokes']:.1f}", times]


def _asked(result: dict[str, Any]) -> int:
    """How many questions of a class, but for those that have fewer."""
    asked: int = max(score["asked"] for score in result["classes"].values())
    return asked


def _scores(run: dict[str, Any], kind: str) -> str:
    engines = run["engines"]
    rows = [["", *engines], ["---", *["---:"] * len(engines)]]
    for name in next(iter(engines.values()))[kind]:
        scores = (result[kind][name] for result in engines.values())
        rows.append([name, *(f"{score['first']:.2f} / {score['top_three']:.2f}" for score in scores)])
    return _table(rows)


def _first(scores: dict[str, dict[str, float]]) -> dict[str, float]:
    return {name: score["first"] for name, score in scores.items()}


def _table(rows: list[list[str]]) -> str:
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


if __name__ == "__main__":
    main(sys.argv[1:])
