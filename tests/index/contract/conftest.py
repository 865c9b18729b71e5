"""The contract of index/interface.py, which every engine must hold: each test runs against all of them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from index.interface import CustomerIndex
from tests.index.contract.steps import SETTINGS, write
from tests.index.engines import ENGINES, EngineFactory
from tests.people import EVERYONE


@pytest.fixture(params=list(ENGINES.values()), ids=list(ENGINES))
def engine(request: pytest.FixtureRequest) -> EngineFactory:
    factory: EngineFactory = request.param
    return factory


@pytest.fixture
def empty(engine: EngineFactory, tmp_path: Path) -> Iterator[CustomerIndex]:
    """An index without any generation."""
    index = engine(tmp_path, SETTINGS)
    yield index
    index.close()


@pytest.fixture
def index(empty: CustomerIndex) -> CustomerIndex:
    """An index whose live generation `first` holds everyone."""
    empty.create("first")
    write(empty, "first", *EVERYONE)
    empty.promote("first")
    return empty
