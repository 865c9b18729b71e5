"""What somebody else did to the index is noticed, on either engine, and what we did is not taken for it."""

from dataclasses import replace
from pathlib import Path

import pytest

from customers.customer import Customer
from customers.document import to_document
from customers.errors import NoLiveGeneration
from index.meilisearch_documents import MARKER
from sync.incremental import sync
from sync.reindexing import reindex
from sync.report import report
from sync.rollback import rollback
from sync.trust import distrust
from sync.verification import VerifyResult, verify
from tests.index.meilisearch_server import SERVER, index_name
from tests.sync.conftest import name_of
from tests.sync.killing import Setup
from tests.sync.merchant import LONG_AGO, Merchant, dated


def test_no_job_of_ours_makes_the_index_distrusted(quick: Setup, sqlite_merchant: Merchant) -> None:
    for number in range(4):
        sqlite_merchant.add(f"C{number}", "Lars Hansen")
    with quick.opened() as context:
        reindex(context)
        assert distrust(context) is None
        sqlite_merchant.rename("C1", "Lars Holm")
        sqlite_merchant.delete("C2")
        generation = sync(context).generation
        assert distrust(context) is None
        sqlite_merchant.rename("C3", "Lars Dahl", quietly=True)
        verify(context, repair=True)
        assert distrust(context) is None
        assert reindex(context).generation != generation
        assert distrust(context) is None
        assert rollback(context).generation == generation
        assert distrust(context) is None
        assert sync(context).generation == generation
    with quick.opened("another process") as context:
        assert distrust(context) is None
        assert sync(context).generation == generation


def test_what_somebody_else_wrote_is_noticed(quick: Setup, sqlite_merchant: Merchant) -> None:
    sqlite_merchant.add("C1", "Lars Hansen")
    with quick.opened() as context:
        generation = sync(context).generation
        with context.index.writer(generation) as writer:
            writer.write([to_document(Customer("C1", "Somebody Else"), context.search)])
            writer.flush()
        assert "somebody else wrote to it" in (distrust(context) or "")
        assert sync(context).generation != generation
        assert distrust(context) is None


def test_verify_does_not_trust_an_index_by_its_digests(quick: Setup, sqlite_merchant: Merchant) -> None:
    sqlite_merchant.add("C1", "Lars Hansen", changed=LONG_AGO)
    with quick.opened() as context:
        generation = sync(context).generation
        right = to_document(Customer("C1", "Lars Hansen"), context.search)
        wrong = replace(to_document(Customer("C1", "Somebody Else"), context.search), digest=right.digest)
        with context.index.writer(generation) as writer:
            writer.write([wrong])
            writer.flush()
        for repair in (False, True, True):
            found = verify(context, repair=repair)
            assert "somebody else wrote to it" in (found.distrusted or "")
            assert not found.equal
        assert sync(context).generation != generation
        assert name_of(context, "C1") == "Lars Hansen"
        assert verify(context).equal


@pytest.mark.meilisearch(replay=False)
@pytest.mark.parametrize("emptied", ["documents", f"documents/{MARKER}"])
def test_an_index_that_lost_what_says_whose_it_is_is_reindexed(
    sqlite_merchant: Merchant, tmp_path: Path, emptied: str
) -> None:
    """Whoever deletes all documents of a Meilisearch index deletes the marker of its generation too."""
    name = index_name()
    server = (SERVER.url, SERVER.search_key, SERVER.admin_key, name)
    sqlite_merchant.add("C1", "Lars Hansen", changed=LONG_AGO)
    with Setup(dated(sqlite_merchant.url), tmp_path, server).opened() as context:
        generation = sync(context).generation
        SERVER.call("delete", f"indexes/{name}/{emptied}")
        SERVER.wait()
        assert report(context.state, context.index).problems == (
            f"the index '{name}' at {SERVER.url} was emptied by somebody, or its marker was deleted:"
            " run customer-lookup reindex",
        )
        for call in (lambda: context.index.get("C2"), lambda: verify(context)):
            with pytest.raises(NoLiveGeneration, match="customer-lookup reindex"):
                call()
        assert sync(context).generation != generation
        assert name_of(context, "C1") == "Lars Hansen"
        assert verify(context) == VerifyResult()
        assert len(context.index.generations()) == 1
