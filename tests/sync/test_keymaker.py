"""The second process that makes search keys: the same keys, in the same order, whatever becomes of it."""

import os
import signal
from collections.abc import Iterator

import pytest

from customers.customer import Customer
from customers.document import Document, to_document
from customers.settings import SearchSettings
from sync.keymaker import Keymaker, PreparedPage, available
from sync.mapping import Deleted, Fault
from sync.pages import Page

SETTINGS = SearchSettings()


def pages(count: int, size: int) -> Iterator[Page]:
    for page in range(count):
        people = [
            Customer(f"C-{page}-{number}", name="Åse Østergård", phone="+45 12 34 56 78", city="Skælskør")
            for number in range(size)
        ]
        yield Page((*people, Deleted(f"D-{page}"), Fault(None, "identifier is NULL")), people[-1].identifier)


def made_by(maker: Keymaker, count: int, size: int) -> list[PreparedPage]:
    with maker:
        return list(maker.ahead(pages(count, size)))


def test_keys_are_those_that_the_document_would_make() -> None:
    made = made_by(Keymaker(SETTINGS), 3, 4)
    for page, whole in zip(made, pages(3, 4), strict=True):
        assert page.last == whole.last
        for entry, customer in zip(page.entries, whole.entries, strict=True):
            if isinstance(customer, Customer):
                assert isinstance(entry, Document)
                assert "keys" in vars(entry)
                assert entry.keys == to_document(customer, SETTINGS).keys
            else:
                assert entry == customer


def test_pages_larger_than_a_pipe_do_not_wait_for_each_other() -> None:
    assert [len(page.entries) for page in made_by(Keymaker(SETTINGS), 3, 5_000)] == [5_002] * 3


def test_documents_make_their_own_keys_where_the_other_process_died() -> None:
    maker = Keymaker(SETTINGS)
    assert maker.process_id is not None
    os.kill(maker.process_id, signal.SIGKILL)
    (page,) = made_by(maker, 1, 2)
    document = page.entries[0]
    assert isinstance(document, Document)
    assert document.keys == to_document(document.customer, SETTINGS).keys


def test_a_small_table_is_not_worth_a_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 8)
    assert available(1_000_000)
    assert not available(100)
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    assert not available(1_000_000)
