"""How each command ends where rows are quarantined, and what it says then."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from index.tantivy_writer import TantivyWriter
from tests.customer_lookup.conftest import Invoke

NAMELESS = "INSERT INTO customers (customer_no, name) VALUES (NULL, 'Nameless Nils')"


def change(folder: Path, *statements: str) -> None:
    with closing(sqlite3.connect(folder / "shop.db")) as shop, shop:
        for statement in statements:
            shop.execute(statement)


@pytest.mark.parametrize("command", ["sync", "reindex", "rollback", "forget"])
def test_every_command_that_brings_the_index_up_to_the_source_exits_3(
    folder: Path, lookup_toml: Path, invoke: Invoke, command: str
) -> None:
    change(folder, NAMELESS)
    for _ in range(2):
        assert invoke("reindex", "--config", lookup_toml).exit_code == 3
    arguments = []
    if command == "forget":
        change(folder, "DELETE FROM customers WHERE customer_no = 'C-2'")
        arguments = ["C-2"]
    ended = invoke(command, *arguments, "--config", lookup_toml)
    assert ended.exit_code == 3
    assert "1 quarantined" in ended.stdout
    assert "`customer-lookup quarantine` lists them" in ended.stdout


def test_a_reindex_that_is_stopped_says_how_to_go_on(
    lookup_toml: Path, invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`status` called it `KeyboardInterrupt`."""

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(TantivyWriter, "write", stop)
        stopped = invoke("reindex", "--config", lookup_toml)
    assert stopped.exit_code == 130
    assert "what is confirmed is kept; customer-lookup reindex --resume goes on" in stopped.stderr
    assert "stopped by somebody before it was done" in invoke("status", "--config", lookup_toml).stdout
    assert invoke("reindex", "--resume", "--config", lookup_toml).exit_code == 0


def test_rows_without_an_identifier_that_are_not_listed_are_counted(
    folder: Path, lookup_toml: Path, invoke: Invoke
) -> None:
    change(folder, *[NAMELESS] * 102)
    assert "102 quarantined" in invoke("sync", "--config", lookup_toml).stdout
    assert "102 quarantined" in invoke("verify", "--config", lookup_toml).stdout
    listing = invoke("quarantine", "--config", lookup_toml)
    assert len(listing.stdout.splitlines()) == 100
    assert "and 2 more rows without an identifier" in listing.stderr
    problem = "102 of 105 customers are left out of the index, 102 for this reason: identifier is NULL"
    assert problem in invoke("status", "--config", lookup_toml).stdout
    assert problem in invoke("doctor", "--config", lookup_toml).stdout


def test_a_dry_run_says_what_it_is_and_keeps_no_list(folder: Path, lookup_toml: Path, invoke: Invoke) -> None:
    change(folder, NAMELESS)
    ended = invoke("reindex", "--dry-run", "--config", lookup_toml)
    assert ended.exit_code == 3
    said = ended.stdout.splitlines()[-1]
    assert said.startswith("dry run, nothing was written: 3 read, 1 would be quarantined in ")
    assert "lists them" not in said


def test_forget_says_that_the_source_still_has_a_row_in_quarantine(
    folder: Path, lookup_toml: Path, invoke: Invoke
) -> None:
    change(folder, "UPDATE customers SET blocked = 'perhaps' WHERE customer_no = 'C-2'")
    assert invoke("sync", "--config", lookup_toml).exit_code == 3
    refused = invoke("forget", "C-2", "--config", lookup_toml)
    assert refused.exit_code == 1
    assert "the source still has this row, which is in quarantine: delete it there first" in refused.stderr


@pytest.mark.parametrize("command", ["sync", "reindex", "verify", "rollback"])
def test_a_command_that_finds_the_mapping_wrong_is_a_failed_run(
    folder: Path, lookup_toml: Path, invoke: Invoke, command: str
) -> None:
    for _ in range(2):
        invoke("reindex", "--config", lookup_toml)
    change(folder, "ALTER TABLE customers RENAME TO clients")
    assert invoke(command, "--config", lookup_toml).exit_code == 2
    found = json.loads(invoke("status", "--json", "--config", lookup_toml).stdout)
    (problem,) = found["problems"]
    assert problem.startswith(f"{command}: ")
    assert 'table or view "customers" is not in the database' in problem
    (job,) = (job for job in found["jobs"] if job["job"] == command)
    assert job["failures"] == 1
    change(folder, "ALTER TABLE clients RENAME TO customers")
    invoke(command, "--config", lookup_toml)
    assert json.loads(invoke("status", "--json", "--config", lookup_toml).stdout)["problems"] == []


def test_a_dry_run_that_finds_the_mapping_wrong_notes_nothing(
    folder: Path, lookup_toml: Path, invoke: Invoke
) -> None:
    invoke("sync", "--config", lookup_toml)
    change(folder, "ALTER TABLE customers RENAME TO clients")
    assert invoke("reindex", "--dry-run", "--config", lookup_toml).exit_code == 2
    assert json.loads(invoke("status", "--json", "--config", lookup_toml).stdout)["problems"] == []


def test_a_refusal_is_said_once_and_goes_when_the_index_is_right(lookup_toml: Path, invoke: Invoke) -> None:
    invoke("sync", "--config", lookup_toml)
    assert invoke("rollback", "--config", lookup_toml).exit_code == 1
    (problem,) = json.loads(invoke("status", "--json", "--config", lookup_toml).stdout)["problems"]
    assert problem.startswith("rollback: no earlier generation is kept; run `customer-lookup reindex` (when ")
    assert invoke("sync", "--config", lookup_toml).exit_code == 0
    assert json.loads(invoke("status", "--json", "--config", lookup_toml).stdout)["problems"] == []
