"""What each technique is worth: the embedded engine with one switched off after the other.

python -m bench.relevance.worth --size 10000 --questions 20

What is looked for by a technique is left out of the queries, so its customers are found only where something
else finds them; the ranking stays as it is.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

from tantivy import Query as TantivyQuery

from bench.relevance.finders import IndexFinder, embedded
from bench.relevance.metrics import Score, ask, mean, score
from bench.relevance.people import people
from bench.relevance.question import CLASSES
from bench.relevance.world import World, make_world
from customers.keys import KeyField
from customers.settings import SearchSettings
from index.query import Clause, Match, Query, Reading, WantedWord
from index.tantivy_engine import TantivyIndex
from index.tantivy_query import tantivy_query

_MOST_NAMED = 4

# Whether a clause, of the word that was typed, belongs to the technique.
Technique = Callable[[Clause, str], bool]

CLAUSES: dict[str, Technique] = {
    "all typing errors": lambda clause, _: clause.typos > 0,
    "typing errors in codes": lambda clause, _: clause.typos > 0 and clause.field is KeyField.CODES,
    "typing errors in places": lambda clause, _: clause.typos > 0 and clause.field is KeyField.PLACES,
    "two typing errors in a word": lambda clause, _: clause.typos > 1,
    "sounds": lambda clause, _: clause.field is KeyField.SOUNDS,
    "nicknames": lambda clause, typed: (
        clause.field is KeyField.NAMES and clause.match is Match.EXACT and clause.token != typed
    ),
    "names written as one": lambda clause, _: clause.field is KeyField.JOINED,
    "one to three letters": lambda clause, _: clause.field is KeyField.STARTS,
    "longer beginnings": lambda clause, _: clause.match is Match.PREFIX,
    "endings of numbers": lambda clause, _: clause.field is KeyField.ENDINGS,
    "other forms of numbers": lambda clause, typed: (
        clause.field is KeyField.CODES and clause.token != typed and clause.token.isdigit()
    ),
}

SETTINGS: dict[str, SearchSettings] = {
    "`fuzzy_from = 5`": SearchSettings(fuzzy_from=5),
    "`useless_words = []`": SearchSettings(useless_words=()),
    "`company_forms = []`": SearchSettings(company_forms=()),
    '`default_region = "SE"`': SearchSettings(default_region="SE"),
    '`leave_out = ["email"]`': SearchSettings(leave_out=("email",)),
}


def main(words: list[str]) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m bench.relevance.worth", description=__doc__)
    parser.add_argument("--size", type=int, default=10_000)
    parser.add_argument("--questions", type=int, default=40)
    parser.add_argument("--seed", choices=("tuning", "report"), default="tuning")
    chosen = parser.parse_args(words)
    world = make_world(chosen.seed, chosen.size, list(CLASSES), chosen.questions)
    with tempfile.TemporaryDirectory() as folder, embedded(Path(folder)) as finder:
        finder.load(people(chosen.seed, chosen.size))
        finder.add(world.fresh)
        everything = _scores(finder, world)
        print("| without | first | first three | what falls most |\n| --- | ---: | ---: | --- |")
        _line("(nothing left out)", everything, everything)
        for name, technique in CLAUSES.items():
            with patch("index.tantivy_snapshot.tantivy_query", _without(technique)):
                _line(name, _scores(finder, world), everything)
        for name, settings in SETTINGS.items():
            index = TantivyIndex(Path(folder) / "embedded", settings)
            with IndexFinder(index, settings) as asked:
                _line(name, _scores(asked, world), everything)


def _without(technique: Technique) -> Callable[[Query], TantivyQuery]:
    def asked(query: Query) -> TantivyQuery:
        return tantivy_query(
            tuple(Reading(_words(reading, technique), reading.required) for reading in query)
        )

    return asked


def _words(reading: Reading, technique: Technique) -> tuple[WantedWord, ...]:
    return tuple(
        replace(word, clauses=tuple(clause for clause in word.clauses if not technique(clause, word.text)))
        for word in reading.words
    )


def _scores(finder: IndexFinder, world: World) -> dict[str, Score]:
    return {name: score([ask(finder, question) for question in asked]) for name, asked in world.asked.items()}


def _line(name: str, scores: dict[str, Score], everything: dict[str, Score]) -> None:
    overall = mean(scores.values())
    fallen = sorted((scores[each].first - everything[each].first, each) for each in scores)
    named = [f"{each} {loss:+.2f}" for loss, each in fallen[:_MOST_NAMED] if loss < -0.04]
    print(f"| {name} | {overall.first:.3f} | {overall.top_three:.3f} | {', '.join(named)} |", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
