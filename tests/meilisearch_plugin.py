"""Runs the tests that need Meilisearch: against a real server where there is one, else by what it once
answered.

A real server is found as MEILISEARCH_BIN or on PATH. `--record-mode=rewrite` records its answers into
`cassettes/`; without a server they are replayed, and a request that was not recorded fails the test.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_recording.plugin import get_default_cassette_name

from tests.index.meilisearch_server import SERVER, binary, make_keys, start

# Tests whose calls come in another order each time, so that there is nothing to replay.
_LIVE_ONLY = {"test_a_search_during_promotes_is_never_empty_nor_mixed"}

_LIVE, _REPLAYED = "live", "replayed"
# How each selected test that needs Meilisearch would run, and how many did.
_HOW = pytest.StashKey[str]()
_RAN = {_LIVE: 0, _REPLAYED: 0}
_SELECTED = 0


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "meilisearch" in getattr(getattr(item, "callspec", None), "id", "").split("-"):
            item.add_marker(pytest.mark.meilisearch)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Decide for each test that was selected, and start the server if there is one and any needs it."""
    global _SELECTED  # noqa: PLW0603 - a run of pytest is one process
    items = [item for item in session.items if item.get_closest_marker("meilisearch")]
    program = binary()
    if items and program and not session.config.option.collectonly:
        start(program, SERVER)
        make_keys(SERVER)
    SERVER.is_recording = recording = session.config.getoption("--record-mode") is not None
    _SELECTED = len(items)
    for item in items:
        _decide(item, live=program is not None, recording=recording)


def _decide(item: pytest.Item, *, live: bool, recording: bool) -> None:
    can_replay = _can_replay(item)
    item.stash[_HOW] = _LIVE if live else _REPLAYED
    if not live and not (can_replay and _cassette(item).exists()):
        item.add_marker(pytest.mark.skip(reason="no Meilisearch server here, and no recording of one"))
    elif not live or (recording and can_replay):
        item.add_marker(pytest.mark.vcr)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Count what runs; what is skipped does not come here."""
    if _HOW in item.stash:
        _RAN[item.stash[_HOW]] += 1


def _can_replay(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("meilisearch")
    name = getattr(item, "originalname", item.name)
    return marker is not None and marker.kwargs.get("replay", True) and name not in _LIVE_ONLY


def _cassette(item: pytest.Item) -> Path:
    name = get_default_cassette_name(getattr(item, "cls", None), item.name)
    return item.path.parent / "cassettes" / item.path.stem / f"{name}.yaml"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Iterator[None]:
    """After each test the server is empty again; this is no part of a recording."""
    yield
    if SERVER.is_real and item.get_closest_marker("meilisearch"):
        SERVER.clear()


def pytest_unconfigure() -> None:
    SERVER.stop()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if _SELECTED:
        counts = {**_RAN, "not run": _SELECTED - sum(_RAN.values())}
        said = ", ".join(f"{count} {how}" for how, count in counts.items())
        terminalreporter.write_sep("-", f"Meilisearch tests: {said}")
