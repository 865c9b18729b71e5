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
    assert invoke("forget", "C-2", "--config", lookup_toml).exit_code == 0
    assert "C-2" not in invoke("search", "lars", "--config", lookup_toml).stdout
