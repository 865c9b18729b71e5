"""Fixtures that every room may use."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import hypothesis
import pytest
from sqlalchemy import URL

from tests.databases import mariadb_server, new_database, postgresql_server

pytest_plugins = ["tests.meilisearch_plugin"]

NUMBERS = count(1)

# These machines are noisy, and how long an example takes is not what any property is about.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")

# Nothing here has to outlive the machine, only the processes: where there is memory enough, no test waits for
# a disk. TMPDIR, where it is set, is used as it is.
MEMORY = Path("/dev/shm")
ENOUGH = 2 * 1024**3  # bytes
if "TMPDIR" not in os.environ and MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ENOUGH:
    os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[URL]:
    """A running PostgreSQL server."""
    with postgresql_server() as url:
        yield url


@pytest.fixture
def postgresql_url(postgresql: URL) -> Iterator[str]:
    """An empty PostgreSQL database."""
    with new_database(postgresql, f"merchant_{next(NUMBERS)}") as url:
        yield url


@pytest.fixture(scope="session")
def mariadb() -> Iterator[URL]:
    """A running MariaDB server; skips, and says so, where it is not installed."""
    with mariadb_server() as url:
        yield url


@pytest.fixture
def mariadb_url(mariadb: URL) -> Iterator[str]:
    """An empty MariaDB database."""
    with new_database(mariadb, f"merchant_{next(NUMBERS)}") as url:
        yield url


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """An SQLite database that is made when first used."""
    return f"sqlite:///{tmp_path / 'merchant.db'}"


DATABASES = [
    pytest.param("sqlite_url", id="sqlite"),
    pytest.param("postgresql_url", id="postgresql", marks=pytest.mark.postgresql),
    pytest.param("mariadb_url", id="mariadb", marks=pytest.mark.mariadb),
]


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest) -> str:
    """An empty database of each kind in turn."""
    return str(request.getfixturevalue(request.param))
