"""An index of an earlier version is answered from, as well as that goes, until it is reindexed."""

import json
from contextlib import closing
from pathlib import Path

import pytest

from customers.customer import Customer
from customers.errors import KeysVersionMismatch
from index.interface import CustomerIndex
from index.tantivy_engine import TantivyIndex
from index.tantivy_query import NAME_ORDER, ORDER
from tests.index.contract.steps import SETTINGS, found, write
from tests.index.engines import embedded
from tests.index.meilisearch_server import SERVER, index_name, meilisearch

# Whoever comes first is written last.
PEOPLE = [Customer(f"n-{number}", "Ida Quistrup") for number in reversed(range(100))]
FIRST = [f"n-{number}" for number in range(20)]


def fill(index: CustomerIndex) -> None:
    index.create("first")
    write(index, "first", *PEOPLE)
    index.promote("first")


@pytest.mark.parametrize("lacking", [[NAME_ORDER], [ORDER, NAME_ORDER]])
def test_the_embedded_one_without_our_last_fields(tmp_path: Path, lacking: list[str]) -> None:
    """Tantivy refuses another schema: every till got a 503."""
    with closing(embedded(tmp_path, SETTINGS)) as index:
        fill(index)
    folder = tmp_path / "index" / "generations" / "first"
    meta = json.loads((folder / "meta.json").read_text())
    assert [field["name"] for field in meta["schema"][-len(lacking) :]] == lacking
    del meta["schema"][-len(lacking) :]
    (folder / "meta.json").write_text(json.dumps(meta))
    about = json.loads((folder / "about.json").read_text())
    (folder / "about.json").write_text(json.dumps({**about, "keys": "0-old"}))
    with closing(TantivyIndex(tmp_path / "index", SETTINGS)) as index:
        shown = found(index, "quistrup")
        assert len(shown) == 20
        assert (shown == FIRST) is (ORDER not in lacking)
        assert index.get("n-7") == Customer("n-7", "Ida Quistrup")
        [generation] = index.generations()
        assert (generation.documents, generation.keys) == (100, "0-old")
        for refused in (index.check, lambda: index.writer("first")):
            with pytest.raises(KeysVersionMismatch, match="customer-lookup reindex"):
                refused()


@pytest.mark.meilisearch
@pytest.mark.parametrize("sortable", [[], ["order"]])
def test_that_of_meilisearch_without_our_orders(tmp_path: Path, sortable: list[str]) -> None:
    """Meilisearch refuses to sort by what is not sortable: a word that many have was a 503."""
    with closing(meilisearch(tmp_path, SETTINGS)) as index:
        fill(index)
        SERVER.call("put", f"indexes/{index_name()}/settings/sortable-attributes", sortable)
        SERVER.wait()
        shown = found(index, "quistrup")
        assert len(shown) == 20
        assert (shown == FIRST) is bool(sortable)
