"""Asks every class of questions of every engine and prints a table.

python -m bench.relevance.run --size 10000 --engines embedded
python -m bench.relevance.run --size 100000 --seed report --json var/bench/report.json
python -m bench.relevance.run --classes typo-omitted --failures 5
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import asdict
from itertools import chain
from pathlib import Path

from bench.relevance.finders import Finder, embedded
from bench.relevance.peers import MeilisearchAsItComes, MeilisearchFinder, Trigrams
from bench.relevance.people import people
from bench.relevance.question import CLASSES
from bench.relevance.result import Result, measure
from bench.relevance.table import failures, table
from bench.relevance.world import World, make_world

ENGINES: dict[str, Callable[[Path], AbstractContextManager[Finder]]] = {
    "embedded": embedded,
    "meilisearch": MeilisearchFinder,
    "meilisearch-as-it-comes": MeilisearchAsItComes,
    "pg_trgm": Trigrams,
}


def main(words: list[str]) -> None:
    """Run the benchmark as the command line says."""
    chosen = _arguments(words)
    world = make_world(chosen.seed, chosen.size, chosen.classes, chosen.questions)
    results = [_run(engine, world, chosen.seed, chosen.size) for engine in chosen.engines]
    print(f"{chosen.size} customers, seed {chosen.seed}: right one first / among the first three\n")
    print(table(results))
    if chosen.failures:
        everybody = chain(people(chosen.seed, chosen.size), world.fresh)
        print(failures(results, everybody, chosen.failures))
    if chosen.json:
        chosen.json.parent.mkdir(parents=True, exist_ok=True)
        chosen.json.write_text(json.dumps(_as_json(results, chosen.seed, chosen.size), indent=1) + "\n")


def _run(engine: str, world: World, seed: str, size: int) -> Result:
    with tempfile.TemporaryDirectory() as folder, ENGINES[engine](Path(folder)) as finder:
        return measure(engine, finder, world, seed, size)


def _arguments(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench.relevance.run",
        description=__doc__,
        formatter_class=argparse.RawTextHelpFormatter,
    )
    parser.add_argument(
        "--size", type=int, default=10_000, help="how many customers (10000, 100000, 1000000)"
    )
    parser.add_argument(
        "--seed", choices=("tuning", "report"), default="tuning", help="report is never tuned on"
    )
    parser.add_argument("--engines", nargs="+", choices=list(ENGINES), default=["embedded"])
    parser.add_argument("--classes", nargs="+", choices=list(CLASSES), default=list(CLASSES), metavar="CLASS")
    parser.add_argument("--questions", type=int, default=40, help="how many of each class")
    parser.add_argument("--failures", type=int, default=0, metavar="N", help="show N failures of each class")
    parser.add_argument("--json", type=Path, metavar="OUT", help="write the scores as JSON")
    return parser.parse_args(words)


def _as_json(results: list[Result], seed: str, size: int) -> dict[str, object]:
    """Everything but the answers themselves."""
    engines = {
        result.engine: {k: v for k, v in asdict(result).items() if k != "answers"} for result in results
    }
    return {"seed": seed, "size": size, "engines": engines}


if __name__ == "__main__":
    main(sys.argv[1:])
