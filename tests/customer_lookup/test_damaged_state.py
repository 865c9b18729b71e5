"""A state database on SQLite whose file is damaged: named as that, and no reason for a till to wait."""

import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest
from requests import get

from customer_lookup.status import FRESH_SECONDS
from tests.customer_lookup.conftest import Invoke
from tests.customer_lookup.process import running


@pytest.fixture
def damaged(folder: Path, lookup_toml: Path, invoke: Invoke) -> Path:
    """The file, whose ledger is junk; what the engine of SQLite itself needs is not."""
    assert invoke("sync", "--config", lookup_toml).exit_code == 0
    file = folder / "state.db"
    with closing(sqlite3.connect(file)) as state:
        (size,) = state.execute("PRAGMA page_size").fetchone()
        pages = state.execute("SELECT rootpage FROM sqlite_master WHERE tbl_name = 'ledger'").fetchall()
    content = bytearray(file.read_bytes())
    for (page,) in pages:
        content[(page - 1) * size : page * size] = b"\xde\xad" * (size // 2)
    file.write_bytes(content)
    return file


@pytest.mark.parametrize("command", ["sync", "verify", "reindex"])
def test_it_is_named_with_what_to_do(lookup_toml: Path, damaged: Path, invoke: Invoke, command: str) -> None:
    result = invoke(command, "--config", lookup_toml)
    assert result.exit_code == 1
    said = result.stderr.splitlines()[-1]
    assert said.startswith(
        f"customer-lookup: {lookup_toml}: [state] url: sqlite:///{damaged}: the file is damaged; "
    )


def test_doctor_finds_it(lookup_toml: Path, damaged: Path, invoke: Invoke) -> None:
    result = invoke("doctor", "--config", lookup_toml)
    assert result.exit_code == 1
    (said,) = (line for line in result.stdout.splitlines() if " state: " in line)
    assert said.startswith(
        f"wrong   state: {lookup_toml}: [state] url: sqlite:///{damaged}: the file is damaged; "
    )
    assert " quarantine: " not in result.stdout


def test_what_to_do_helps(lookup_toml: Path, damaged: Path, invoke: Invoke) -> None:
    said = invoke("sync", "--config", lookup_toml).stderr
    assert "move it and the -wal and -shm beside it away" in said
    for file in damaged.parent.glob("state.db*"):
        file.rename(file.with_suffix(".away"))
    for command in ("sync", "verify"):
        assert invoke(command, "--config", lookup_toml).exit_code == 0


def test_lookups_are_answered_all_the_same(lookup_toml: Path, damaged: Path) -> None:
    damaged.write_text("this is no database, but a letter to a person who repairs them")
    with running("serve", "--config", lookup_toml) as serving:
        found = get(f"{serving.url}/customers/lookup?search_term=lars+hansen").json()
        assert [customer["identifier"] for customer in found] == ["C-2"]
        first, *_ = get(f"{serving.url}/status.json").json()["problems"]
        assert "the file is no SQLite database" in first
        damaged.unlink()
        time.sleep(2 * FRESH_SECONDS)
        first, *_ = get(f"{serving.url}/status.json").json()["problems"]
        assert first == "the index is not the one that this state database describes; a reindex is needed"
        assert serving.stop() == 0
