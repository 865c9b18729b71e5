"""A log that nobody reads holds up no lookup, and no stop."""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from tests.customer_lookup.conftest import LOOKUP
from tests.customer_lookup.process import COMMAND
from tests.small_pipe import small_pipe


@contextmanager
def unread(verb: str, lookup_toml: Path) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """The command and its port; its log is read until it listens, and no further."""
    reader, writer = small_pipe()
    process = subprocess.Popen([COMMAND, verb, "--config", str(lookup_toml)], stderr=writer)
    os.close(writer)
    try:
        with os.fdopen(reader) as log:
            listening = next(line for line in log if '"message": "listening"' in line)
            yield process, json.loads(listening)["port"]
    finally:
        process.kill()
        process.wait()


@pytest.mark.parametrize(("verb", "processes"), [("serve", 1), ("serve", 2), ("run", 1)])
def test_lookups_are_answered_and_the_stop_is_in_time(verb: str, processes: int, lookup_toml: Path) -> None:
    lookup_toml.write_text(LOOKUP + f"processes = {processes}\n", encoding="utf-8")
    with unread(verb, lookup_toml) as (process, port):
        url = f"http://127.0.0.1:{port}/customers/lookup?search_term=hansen"
        with requests.Session() as session:
            statuses = {session.get(url, timeout=10).status_code for _ in range(100)}
        assert statuses <= {200, 503}, "503 until something is indexed"
        process.terminate()
        assert process.wait(10) == 0
