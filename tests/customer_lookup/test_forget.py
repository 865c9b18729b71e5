"""customer-lookup forget"""

import sqlite3
from contextlib import closing
from pathlib import Path

from tests.customer_lookup.conftest import Invoke


def test_forget_erases_whom_the_source_has_deleted(folder: Path, lookup_toml: Path, invoke: Invoke) -> None:
    invoke("sync", "--config", lookup_toml)
    refused = invoke("forget", "C-2", "--config", lookup_toml)
    assert refused.exit_code == 1
    assert "delete it there first" in refused.stderr
    with closing(sqlite3.connect(folder / "shop.db")) as shop, shop:
        shop.execute("DELETE FROM customers WHERE customer_no = 'C-2'")
    erased = invoke("forget", "C-2", "--config", lookup_toml)
    assert (erased.exit_code, erased.stdout.splitlines()[0]) == (0, "C-2 is erased")
    assert "2 written" in erased.stdout
    assert "C-2" not in invoke("search", "lars", "--config", lookup_toml).stdout


def test_somebody_unknown_looks_like_no_success(folder: Path, lookup_toml: Path, invoke: Invoke) -> None:
    invoke("sync", "--config", lookup_toml)
    unknown = invoke("forget", "C-22", "--config", lookup_toml)
    assert (unknown.exit_code, unknown.stdout) == (0, "nobody was known as C-22: nothing to erase\n")
    with closing(sqlite3.connect(folder / "shop.db")) as shop, shop:
        shop.execute("DELETE FROM customers WHERE customer_no = 'C-2'")
    invoke("sync", "--config", lookup_toml)
    gone = invoke("forget", "C-2", "--config", lookup_toml)
    assert gone.stdout.startswith(
        "nobody is known as C-2; all whom the source had deleted before are erased\n"
    )
    assert gone.exit_code == 0
