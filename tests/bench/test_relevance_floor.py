"""No change makes finding worse unnoticed: the relevance benchmark, small, with a floor for every class and
engine.

The people and the questions are the same in every run, so a class falls below its floor only by a change. Who
makes a class better raises its floor; who must lower one says why in the commit.
"""

import pytest

from bench.relevance.finders import IndexFinder
from bench.relevance.question import CLASSES
from bench.relevance.result import Result, measure
from bench.relevance.world import make_world
from customers.settings import SearchSettings
from tests.index.engines import ENGINES

SEED = "floor"
PEOPLE = 3_000
# Of each class. The quickest engine is asked more: it is the ranking that changes most, and all of them have
# the same one.
QUESTIONS = 10
QUESTIONS_OF_EMBEDDED = 40

# Share of the questions of a class whose right customer comes first. What is not named here must be 1.
FLOORS: dict[str, float] = {
    "first-letter-transposed": 0.9,
    "fresh-two-letters": 0.9,
    "initial-and-last": 0.9,
    "sound-k": 0.9,
}
FLOORS_OF_EMBEDDED: dict[str, float] = {
    "first-and-initial": 0.975,
    "first-letter-transposed": 0.975,
    "fresh-two-letters": 0.952,
    "last-name-and-mistyped-city": 0.95,
    "name-last-only": 0.975,
    "sound-k": 0.975,
    "two-mistyped-words": 0.975,
    "typo-in-long-word": 0.975,
    "typo-in-short-word": 0.975,
}


@pytest.fixture(scope="module", params=list(ENGINES))
def result(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Result:
    engine: str = request.param
    settings = SearchSettings()
    questions = QUESTIONS_OF_EMBEDDED if engine == "embedded" else QUESTIONS
    world = make_world(SEED, PEOPLE, list(CLASSES), questions)
    with IndexFinder(ENGINES[engine](tmp_path_factory.mktemp("relevance"), settings), settings) as finder:
        return measure(engine, finder, world, SEED, PEOPLE)


def test_no_class_is_below_its_floor(result: Result) -> None:
    floors = FLOORS_OF_EMBEDDED if result.engine == "embedded" else FLOORS
    below = {
        name: f"{score.first:.3f} < {floors.get(name, 1)}"
        for name, score in result.classes.items()
        if score.first < floors.get(name, 1) - 0.001
    }
    assert below == {}


def test_every_class_is_asked(result: Result) -> None:
    assert set(result.classes) == set(CLASSES)


def test_nothing_raises(result: Result) -> None:
    assert result.overall.failures == 0
