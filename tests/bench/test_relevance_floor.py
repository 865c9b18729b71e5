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
from tests.index.engines import ENGINES, EngineFactory

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


@pytest.fixture(scope="module", params=list(ENGINES.values()), ids=list(ENGINES))
def result(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Result:
    engine: EngineFactory = request.param
    settings = SearchSettings()
    world = make_world(SEED, PEOPLE, list(CLASSES), QUESTIONS)
    with IndexFinder(engine(tmp_path_factory.mktemp("relevance"), settings), settings) as finder:
        return measure(request.node.name, finder, world, SEED, PEOPLE)


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
