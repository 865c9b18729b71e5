"""Everyone of tests.people, indexed once, and a client of an application over it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from index.tantivy_engine import TantivyIndex
from tests.people import EVERYONE
from tests.service.desk import app_of, indexed
from tests.service.running import Running, running


@pytest.fixture(scope="session")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TantivyIndex]:
    """Everyone, in a real embedded index."""
    made = indexed(tmp_path_factory.mktemp("service") / "index", EVERYONE)
    yield made
    made.close()


@pytest.fixture
def client(index: TantivyIndex) -> FlaskClient:
    """A till without a key, on the same machine."""
    return app_of(index).test_client()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with everyone in an index."""
    made = tmp_path_factory.mktemp("server")
    indexed(made, EVERYONE).close()
    return made


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[Running]:
    """A server in a process of its own that has everyone, for the tests that leave it alive."""
    with running(folder) as answering:
        answering.look_up()  # what is made at the first lookup is made
        yield answering
