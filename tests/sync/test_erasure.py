"""Whoever the source has deleted is gone from every file of ours: every byte of the folder is looked at."""

import logging
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from customers.customer import Customer
from customers.document import to_documents
from customers.errors import SourceError
from sync.context import SyncContext
from sync.erasure import Forgotten, forget
from sync.incremental import sync
from sync.reindexing import reindex
from sync.scheduler import Scheduler
from sync.settings import SyncSettings
from sync.verification import VerifyResult, verify
from tests.index.meilisearch_server import SERVER, index_name
from tests.sync.conftest import MakeContext
from tests.sync.killing import Setup
from tests.sync.merchant import Merchant, dated

NAME = "Zebedæus Quistorp"
# As we keep her: spelt as the merchant does, folded, and her number.
TRACES = ("Zebedæus", "quistorp", "KUNDE-7731")


@pytest.fixture
def context(sqlite_merchant: Merchant, make_context: MakeContext) -> SyncContext:
    """Keeps nothing for a rollback."""
    return make_context(dated(sqlite_merchant.url), settings=SyncSettings(keep_previous=timedelta(0)))


def traces(folder: Path) -> set[str]:
    """What of TRACES is in any file, forwards or (as search trees may have it) backwards."""
    files = [path.read_bytes().lower() for path in folder.rglob("*") if path.is_file()]
    assert files
    return {
        trace
        for trace in TRACES
        for word in (trace.lower().encode(), trace.lower().encode()[::-1])
        if any(word in content for content in files)
    }


def fill(merchant: Merchant) -> None:
    for number in range(30):
        merchant.add(f"C{number}", "Lars Hansen")
    merchant.add("KUNDE-7731", NAME)


def test_forget_leaves_no_trace(
    sqlite_merchant: Merchant, make_context: MakeContext, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    context = make_context(dated(sqlite_merchant.url))
    fill(sqlite_merchant)
    reindex(context)
    reindex(context)
    sqlite_merchant.delete("KUNDE-7731")
    sync(context)
    assert traces(tmp_path / "lookup") == set(TRACES), "this test would find her"
    forgotten = forget(context, "KUNDE-7731")
    assert (forgotten.result and forgotten.result.written, forgotten.was_known) == (30, True)
    assert context.index.get("KUNDE-7731") is None
    assert traces(tmp_path / "lookup") == set()
    assert "quistorp" not in caplog.text.lower()
    assert verify(context) == VerifyResult()


@pytest.mark.meilisearch(replay=False)
def test_forget_leaves_no_trace_on_meilisearch(sqlite_merchant: Merchant, tmp_path: Path) -> None:
    """Nor in the server's folder: the indexes that held her are deleted, with their files."""
    setup = Setup(
        dated(sqlite_merchant.url),
        tmp_path / "lookup",
        (SERVER.url, SERVER.search_key, SERVER.admin_key, index_name()),
    )
    setup.folder.mkdir()
    assert SERVER.folder is not None
    data = SERVER.folder / "data"
    fill(sqlite_merchant)
    with setup.opened() as context:
        reindex(context)
        reindex(context)
        sqlite_merchant.delete("KUNDE-7731")
        sync(context)
        assert traces(data) == set(TRACES), "this test would find her"
        forgotten = forget(context, "KUNDE-7731")
        assert forgotten.result is not None
        assert forgotten.result.written == 30
        assert context.index.get("KUNDE-7731") is None
        (generation,) = context.index.generations()
        assert generation.documents == 30
        assert verify(context) == VerifyResult()
    SERVER.wait()
    assert traces(setup.folder) == set()
    assert traces(data) == set()


def test_nobody_is_forgotten_whom_the_source_still_has(
    sqlite_merchant: Merchant, context: SyncContext
) -> None:
    fill(sqlite_merchant)
    sync(context)
    with pytest.raises(SourceError, match="delete it there first") as refused:
        forget(context, "KUNDE-7731")
    assert "7731" not in str(refused.value)


def test_a_deleted_customer_is_erased_by_itself(
    sqlite_merchant: Merchant, context: SyncContext, tmp_path: Path
) -> None:
    fill(sqlite_merchant)
    scheduler = Scheduler(context)
    scheduler.sync()
    first = {found.name for found in context.index.generations()}
    scheduler.verify()
    assert {found.name for found in context.index.generations()} == first
    sqlite_merchant.delete("KUNDE-7731")
    scheduler.verify()
    (generation,) = context.index.generations()
    assert generation.documents == 30
    assert traces(tmp_path / "lookup") == set()
    scheduler.verify()
    assert [found.name for found in context.index.generations()] == [generation.name]


def test_nothing_is_rebuilt_for_somebody_unknown(
    sqlite_merchant: Merchant, make_context: MakeContext
) -> None:
    context = make_context(dated(sqlite_merchant.url))
    assert forget(context, "KUNDE-7731") == Forgotten(None, was_known=False)
    fill(sqlite_merchant)
    sync(context)
    (generation,) = context.index.generations()
    assert forget(context, "KUNDE-773l") == Forgotten(None, was_known=False)
    assert context.index.generations() == [generation]


def test_whom_a_sync_has_deleted_already_is_erased(
    sqlite_merchant: Merchant, make_context: MakeContext, tmp_path: Path
) -> None:
    """No ledger knows her any more, but the files of the generation still do."""
    context = make_context(dated(sqlite_merchant.url))
    fill(sqlite_merchant)
    sync(context)
    sqlite_merchant.delete("KUNDE-7731")
    sync(context)
    assert traces(tmp_path / "lookup") == set(TRACES)
    forgotten = forget(context, "KUNDE-7731")
    assert (forgotten.result is None, forgotten.was_known) == (False, False)
    assert traces(tmp_path / "lookup") == set()
    assert forget(context, "KUNDE-7731") == Forgotten(None, was_known=False)


def test_who_is_in_quarantine_or_in_an_earlier_generation_is_erased(
    sqlite_merchant: Merchant, make_context: MakeContext, tmp_path: Path
) -> None:
    context = make_context(dated(sqlite_merchant.url))
    fill(sqlite_merchant)
    reindex(context)
    sqlite_merchant.run("UPDATE customers SET blocked = 'perhaps' WHERE number = 'KUNDE-7731'")
    reindex(context)
    sqlite_merchant.delete("KUNDE-7731")
    assert forget(context, "KUNDE-7731").was_known
    assert traces(tmp_path / "lookup") == set()


def test_an_index_that_no_ledger_describes_is_built_anew(
    sqlite_merchant: Merchant, make_context: MakeContext, tmp_path: Path
) -> None:
    """Whom it may hold, nobody knows."""
    context = make_context(dated(sqlite_merchant.url))
    fill(sqlite_merchant)
    sync(context)
    sqlite_merchant.delete("KUNDE-7731")
    other = replace(context, state=make_context(dated(sqlite_merchant.url), folder="other").state)
    assert forget(other, "KUNDE-7731").result is not None
    assert traces(tmp_path / "lookup" / "index") == set()


def write(context: SyncContext, generation: str) -> None:
    """Have her in a generation, as nothing that this state database knows."""
    with context.index.writer(generation) as writer:
        customers = Customer("KUNDE-7731", name=NAME), Customer("C99", name="Lars Hansen")
        writer.write(to_documents(customers, context.search))
        writer.flush()


def test_a_generation_of_another_state_is_erased(
    sqlite_merchant: Merchant, make_context: MakeContext, tmp_path: Path
) -> None:
    """Beside one that is trusted, and never held her."""
    context = make_context(dated(sqlite_merchant.url))
    sqlite_merchant.add("C1", "Lars Hansen")
    sync(context)
    context.index.create("somebody-elses")
    write(context, "somebody-elses")
    assert traces(tmp_path / "lookup" / "index") == set(TRACES)
    forgotten = forget(context, "KUNDE-7731")
    assert (forgotten.result is None, forgotten.was_known) == (False, False)
    assert traces(tmp_path / "lookup" / "index") == set()


def test_an_index_that_somebody_else_wrote_to_is_erased(
    sqlite_merchant: Merchant, make_context: MakeContext, tmp_path: Path
) -> None:
    """Its ledger names nobody who is deleted, and its files hold her all the same."""
    context = make_context(dated(sqlite_merchant.url))
    sqlite_merchant.add("C1", "Lars Hansen")
    generation = sync(context).generation
    write(context, generation)
    with context.index.writer(generation) as writer:
        writer.delete(["KUNDE-7731"])
        writer.flush()
    assert traces(tmp_path / "lookup" / "index") == set(TRACES)
    forgotten = forget(context, "KUNDE-7731")
    assert (forgotten.result is None, forgotten.was_known) == (False, False)
    assert traces(tmp_path / "lookup" / "index") == set()
