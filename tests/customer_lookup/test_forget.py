"""customer-lookup forget"""

import sqlite3
import time
from contextlib import closing
from pathlib import Path

from tests.customer_lookup.conftest import Invoke


def test_forget_erases_whom_the_source_has_deleted(folder: Path, lookup_toml: Path, invoke: Invoke) -> None:
    invoke("sync", "--config", lookup_toml)
    refused = invoke("forget", "C-2", "--config", lookup_toml)
    assert refused.exit_code == 1
    assert "delete it there first" in refused.stderr
    delete_c_2(folder)
    erased = invoke("forget", "C-2", "--config", lookup_toml)
    assert (erased.exit_code, erased.stdout.splitlines()[0]) == (0, "C-2 is erased")
    assert "2 written" in erased.stdout
    assert "C-2" not in invoke("search", "lars", "--config", lookup_toml).stdout


def test_somebody_unknown_looks_like_no_success(folder: Path, lookup_toml: Path, invoke: Invoke) -> None:
    invoke("sync", "--config", lookup_toml)
    unknown = invoke("forget", "C-22", "--config", lookup_toml)
    assert (unknown.exit_code, unknown.stdout) == (0, "nobody was known as C-22: nothing to erase\n")
    delete_c_2(folder)
    invoke("sync", "--config", lookup_toml)
    gone = invoke("forget", "C-2", "--config", lookup_toml)
    assert gone.stdout.startswith(
        "nobody is known as C-2; all whom the source had deleted before are erased\n"
    )
    assert gone.exit_code == 0


def test_without_a_worker_verify_erases(folder: Path, lookup_toml: Path, invoke: Invoke) -> None:
    """Some have cron run `sync` and `verify --repair`, and nothing else."""
    config = lookup_toml.read_text(encoding="utf-8")
    config = config.replace('interval = "1s"', 'keep_previous = "1s"')
    lookup_toml.write_text(config, encoding="utf-8")
    invoke("sync", "--config", lookup_toml)
    invoke("reindex", "--config", lookup_toml)
    assert b"12 34 56 78" in content(folder / "index")
    delete_c_2(folder)
    invoke("sync", "--config", lookup_toml)
    time.sleep(1.1)
    assert "erased" in invoke("verify", "--repair", "--config", lookup_toml).stdout
    assert b"12 34 56 78" not in content(folder / "index")
    assert "erased" not in invoke("verify", "--repair", "--config", lookup_toml).stdout


def delete_c_2(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "shop.db")) as shop, shop:
        shop.execute("DELETE FROM customers WHERE customer_no = 'C-2'")


def content(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())
