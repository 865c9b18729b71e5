"""No change makes finding worse unnoticed: the relevance benchmark, small, with a floor for every class.

The people and the questions are the same in every run, so a class falls below its floor only by a change. Who
makes a class better raises its floor; who must lower one says why in the commit.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.relevance.finders import embedded
from bench.relevance.question import CLASSES
from bench.relevance.result import Result, measure
from bench.relevance.world import make_world

SEED = "floor"
PEOPLE = 3_000
QUESTIONS = 10

# Share of the questions of a class whose right customer comes first. What is not named here must be 1.
FLOORS: dict[str, float] = {
    "first-letter-transposed": 0.9,
    "fresh-two-letters": 0.9,
    "initial-and-last": 0.9,
    "sound-k": 0.9,
}


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Result]:
    folder: Path = tmp_path_factory.mktemp("relevance")
    world = make_world(SEED, PEOPLE, list(CLASSES), QUESTIONS)
    with embedded(folder) as finder:
        yield measure("embedded", finder, world, SEED, PEOPLE)


def test_no_class_is_below_its_floor(result: Result) -> None:
    below = {
        name: f"{score.first:.2f} < {FLOORS.get(name, 1)}"
        for name, score in result.classes.items()
        if score.first < FLOORS.get(name, 1) - 0.001
    }
    assert below == {}


def test_every_class_is_asked(result: Result) -> None:
    assert set(result.classes) == set(CLASSES)


def test_nothing_raises(result: Result) -> None:
    assert result.overall.failures == 0
