"""Exchanges with Meilisearch that are recorded, or replayed where there is no server."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.index.meilisearch_server import SERVER
from tests.index.recording import check_played, configuration


@pytest.fixture(scope="session")
def vcr_config() -> dict[str, Any]:
    """See pytest-recording."""
    return configuration()


@pytest.fixture(autouse=True)
def every_recorded_answer_was_asked_for_in_order(request: pytest.FixtureRequest) -> Iterator[None]:
    """A replayed test that asks for something else than was recorded, less, or in another order, does
    something else than it did."""
    cassette = request.getfixturevalue("vcr") if request.node.get_closest_marker("vcr") else None
    yield
    if cassette is not None and not SERVER.is_real:
        check_played(cassette)
