"""What each command does, and how it ends."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from customer_lookup.commands.group import VERBS
from tests.customer_lookup.conftest import Invoke


def change(folder: Path, statement: str) -> None:
    with closing(sqlite3.connect(folder / "shop.db")) as shop, shop:
        shop.execute(statement)


def test_sync_makes_the_index_and_then_brings_changes(
    folder: Path, lookup_toml: Path, invoke: Invoke
) -> None:
    first = invoke("sync", "--config", lookup_toml)
    assert first.exit_code == 0
    assert "3 read, 3 written" in first.stdout
    change(folder, "INSERT INTO customers (customer_no, name) VALUES ('C-4', 'Sean O''Brien')")
    assert "1 written" in invoke("sync", "--config", lookup_toml).stdout
    assert json.loads(invoke("search", "obrien", "--config", lookup_toml).stdout)[0]["identifier"] == "C-4"


def test_search_prints_what_the_pos_would_get(lookup_toml: Path, invoke: Invoke) -> None:
    invoke("sync", "--config", lookup_toml)
    found = invoke("search", "la han", "--currency", "dkk", "--config", lookup_toml)
    assert json.loads(found.stdout) == [
        {
            "identifier": "C-2",
            "name": "Lars Hansen",
            "phone": "12 34 56 78",
            "block_sales": False,
            "balance": -12.5,
        }
    ]
    assert json.loads(invoke("search", "nobody at all", "--config", lookup_toml).stdout) == []


def test_search_refuses_an_index_with_other_search_keys_and_says_that_tills_are_answered(
    lookup_toml: Path, invoke: Invoke
) -> None:
    invoke("sync", "--config", lookup_toml)
    with lookup_toml.open("a", encoding="utf-8") as file:
        file.write('[search]\nleave_out = ["email"]\n')
    refused = invoke("search", "la han", "--config", lookup_toml)
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert refused.stderr.endswith(
        ": run customer-lookup reindex; until then tills are answered by the keys that it has\n"
    )


@pytest.mark.parametrize("currency", ["EURX", "D", "kr.", ""])
def test_search_refuses_what_is_no_currency_as_the_service_does(
    lookup_toml: Path, invoke: Invoke, currency: str
) -> None:
    result = invoke("search", "lars", "--currency", currency, "--config", lookup_toml)
    assert result.exit_code == 2
    assert "three letters (ISO 4217), such as DKK" in result.stderr.splitlines()[-1]


def test_search_before_anything_is_indexed_says_what_to_do(lookup_toml: Path, invoke: Invoke) -> None:
    result = invoke("search", "lars", "--config", lookup_toml)
    assert result.exit_code == 1
    assert result.stderr.startswith("customer-lookup: ")
    assert result.stderr.count("\n") == 1


def test_reindex_replaces_the_index(folder: Path, lookup_toml: Path, invoke: Invoke) -> None:
    invoke("reindex", "--config", lookup_toml)
    change(folder, "DELETE FROM customers WHERE customer_no = 'C-2'")
    assert "2 read" in invoke("reindex", "--force", "--config", lookup_toml).stdout
    assert json.loads(invoke("search", "lars hansen", "--config", lookup_toml).stdout) == []


def test_a_dry_run_writes_nothing(lookup_toml: Path, invoke: Invoke) -> None:
    assert invoke("reindex", "--dry-run", "--config", lookup_toml).exit_code == 0
    assert invoke("search", "lars", "--config", lookup_toml).exit_code == 1


def test_quarantined_rows_make_the_exit_code_3_and_are_listed(
    folder: Path, lookup_toml: Path, invoke: Invoke
) -> None:
    change(folder, "INSERT INTO customers (customer_no, name) VALUES (NULL, 'Nameless Nils')")
    assert invoke("sync", "--config", lookup_toml).exit_code == 3
    listed = invoke("quarantine", "--config", lookup_toml).stdout
    assert listed.count("\n") == 1
    assert "Nils" not in listed


def test_verify_exits_3_where_all_that_can_be_indexed_is(
    folder: Path, lookup_toml: Path, invoke: Invoke
) -> None:
    change(folder, "INSERT INTO customers (customer_no, name) VALUES (NULL, 'Nameless Nils')")
    invoke("sync", "--config", lookup_toml)
    equal = invoke("verify", "--config", lookup_toml)
    assert equal.exit_code == 3
    assert "1 quarantined; `customer-lookup quarantine` lists them" in equal.stdout
    change(folder, "DELETE FROM customers WHERE customer_no = 'C-1'")
    assert invoke("verify", "--config", lookup_toml).exit_code == 1
    assert invoke("verify", "--repair", "--config", lookup_toml).exit_code == 3
    change(folder, "DELETE FROM customers WHERE customer_no IS NULL")
    assert invoke("verify", "--repair", "--config", lookup_toml).exit_code == 0


def test_verify_finds_and_repairs(folder: Path, lookup_toml: Path, invoke: Invoke) -> None:
    invoke("sync", "--config", lookup_toml)
    assert invoke("verify", "--config", lookup_toml).exit_code == 0
    change(
        folder,
        "UPDATE customers SET name = 'Astrid Lind', modified_at = '2001-01-01' WHERE customer_no = 'C-1'",
    )
    found = invoke("verify", "--config", lookup_toml)
    assert found.exit_code == 1
    assert "1 stale" in found.stdout
    assert invoke("verify", "--repair", "--config", lookup_toml).exit_code == 0
    assert invoke("verify", "--config", lookup_toml).exit_code == 0


def test_verify_tells_of_the_ledger_too(folder: Path, lookup_toml: Path, invoke: Invoke) -> None:
    invoke("sync", "--config", lookup_toml)
    assert "0 wrong in the ledger" in invoke("verify", "--config", lookup_toml).stdout
    with closing(sqlite3.connect(folder / "state.db")) as state, state:
        state.execute("UPDATE ledger SET digest = '00' WHERE identifier = CAST('C-1' AS BLOB)")
    found = invoke("verify", "--config", lookup_toml)
    assert found.exit_code == 1
    assert "1 wrong in the ledger; 0 repaired" in found.stdout
    assert "run `customer-lookup verify --repair`" in found.stderr
    assert "1 wrong in the ledger; 1 repaired" in invoke("verify", "--repair", "--config", lookup_toml).stdout
    assert invoke("verify", "--config", lookup_toml).exit_code == 0


def test_rollback_goes_back_one_generation(lookup_toml: Path, invoke: Invoke) -> None:
    invoke("reindex", "--config", lookup_toml)
    first = json.loads(invoke("status", "--json", "--config", lookup_toml).stdout)["generation"]
    invoke("reindex", "--config", lookup_toml)
    assert invoke("rollback", "--config", lookup_toml).exit_code == 0
    assert json.loads(invoke("status", "--json", "--config", lookup_toml).stdout)["generation"] == first


def test_rollback_without_an_earlier_generation_says_so(lookup_toml: Path, invoke: Invoke) -> None:
    invoke("reindex", "--config", lookup_toml)
    result = invoke("rollback", "--config", lookup_toml)
    assert result.exit_code == 1
    assert result.stderr.splitlines()[-1].startswith("customer-lookup: rollback: ")


def test_status_before_and_after_the_first_sync(lookup_toml: Path, invoke: Invoke) -> None:
    assert "generation   none" in invoke("status", "--config", lookup_toml).stdout
    invoke("sync", "--config", lookup_toml)
    assert "customers    3" in invoke("status", "--config", lookup_toml).stdout
    as_json = json.loads(invoke("status", "--json", "--config", lookup_toml).stdout)
    assert as_json["documents"] == 3
    assert as_json["synced_at"]
    assert as_json["problems"] == []


@pytest.mark.parametrize("name", VERBS)
def test_every_command_has_help_with_an_example_and_takes_config(name: str, invoke: Invoke) -> None:
    text = invoke(name, "--help").stdout
    assert f"Example:\n    customer-lookup {name}" in text
    assert "--config" in text
    assert "CUSTOMER_LOOKUP_CONFIG" in text


def test_an_unexpected_error_says_where_and_not_about_whom(
    lookup_toml: Path, invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_arguments: object) -> None:
        raise KeyError("Lars Hansen")

    monkeypatch.setattr("customer_lookup.commands.search.understand", broken)
    invoke("sync", "--config", lookup_toml)
    result = invoke("search", "lars", "--config", lookup_toml)
    assert result.exit_code == 1
    assert "unexpected KeyError" in result.stderr
    assert "search.py:" in result.stderr
    assert "Hansen" not in result.output


def test_wrong_use_exits_2(invoke: Invoke) -> None:
    assert invoke("serach").exit_code == 2
    assert invoke("sync", "--resume").exit_code == 2
    assert invoke("search").exit_code == 2


@pytest.mark.parametrize("before", [lambda file: ["--config", file], lambda file: [f"--config={file}"]])
def test_the_configuration_may_be_named_before_the_command(
    folder: Path, lookup_toml: Path, invoke: Invoke, before: Callable[[Path], list[str | Path]]
) -> None:
    invoke("sync", "--config", lookup_toml)
    found = invoke(*before(lookup_toml), "search", "lars")
    assert (found.exit_code, "C-2" in found.stdout) == (0, True)
    assert invoke(*before(folder / "no.toml"), "search", "lars", "--config", lookup_toml).exit_code == 0
    assert invoke(*before(lookup_toml)).exit_code == 2
