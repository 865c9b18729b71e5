"""Writing and deleting, whatever the engine and the text."""

from dataclasses import replace

import pytest

from customers.customer import Customer
from customers.errors import EngineError
from index.interface import CustomerIndex, Receipt
from tests.index.contract.steps import documents, found, write
from tests.people import EVERYONE, LARS, SOREN

HOSTILE_IDENTIFIERS = (
    "a",
    "A",
    "C-10/2.3#$*[]",
    "C-10\\2 3",
    "../../etc/passwd",
    " leading and trailing ",
    "new\nline",
    "NUL\0inside",
    "lone \ud800 surrogate",
    "Ærø",
    "Æro",
    "😀" * 100,
    "x" * 2000,
    "_43_",
    "' OR 1=1 --",
    '{"$ne": null}',
    "*:*",
    "-",
    "0",
    "00",
)


def test_writing_again_replaces_the_whole_document(index: CustomerIndex) -> None:
    moved = Customer(identifier=SOREN.identifier, name="Søren Nielsen")
    receipt = write(index, "first", moved)
    assert (receipt.written, receipt.refused) == (1, ())
    assert index.get(SOREN.identifier) == moved
    assert SOREN.identifier not in found(index, "12345678")
    assert found(index, "søren") == [SOREN.identifier]


def test_the_last_of_two_writes_wins(index: CustomerIndex) -> None:
    with index.writer("first") as writer:
        writer.write(documents(replace(LARS, city="Vejle")))
        writer.write(documents(replace(LARS, city="Kolding"), replace(LARS, city="Skagen")))
        writer.flush()
    assert index.get(LARS.identifier) == replace(LARS, city="Skagen")
    assert dict(index.digests("first")).keys() == {customer.identifier for customer in EVERYONE}


def test_a_deleted_customer_is_not_found(index: CustomerIndex) -> None:
    with index.writer("first") as writer:
        writer.delete([LARS.identifier, "unknown"])
        receipt = writer.flush()
    assert receipt.refused == ()
    assert index.get(LARS.identifier) is None
    assert LARS.identifier not in found(index, "lars hansen")


def test_order_is_kept_between_writes_and_deletes(index: CustomerIndex) -> None:
    with index.writer("first") as writer:
        writer.delete([LARS.identifier])
        writer.write(documents(LARS))
        writer.write(documents(SOREN))
        writer.delete([SOREN.identifier])
        writer.flush()
    assert index.get(LARS.identifier) == LARS
    assert index.get(SOREN.identifier) is None


def test_confirmed_counts_what_was_flushed(index: CustomerIndex) -> None:
    with index.writer("first") as writer:
        assert writer.confirmed == 0
        writer.write(documents(*EVERYONE))
        writer.flush()
        assert writer.confirmed == len(EVERYONE)
        assert writer.flush() == Receipt()


def test_any_text_may_be_an_identifier(index: CustomerIndex) -> None:
    customers = [Customer(identifier=identifier, name="Hostile") for identifier in HOSTILE_IDENTIFIERS]
    assert write(index, "first", *customers).refused == ()
    for customer in customers:
        assert index.get(customer.identifier) == customer
    assert set(HOSTILE_IDENTIFIERS) <= dict(index.digests("first")).keys()
    with index.writer("first") as writer:
        writer.delete(HOSTILE_IDENTIFIERS)
        writer.flush()
    assert dict(index.digests("first")).keys() == {customer.identifier for customer in EVERYONE}


@pytest.mark.parametrize(
    "text",
    [
        "\0",
        "\ud800",
        "*:*",
        "name:lars OR",
        "((((" * 500,
        '"unclosed',
        "-hansen",
        "../..",
        "😀",
        "%s{}{{7*7}}",
        "\u202e",
    ],
)
def test_hostile_documents_and_terms_are_harmless(index: CustomerIndex, text: str) -> None:
    customer = Customer(
        "hostile", name=text, phone=text, street=text, city=text, email=text, additional_info=text
    )
    assert write(index, "first", customer).refused == ()
    assert index.get("hostile") == customer
    found(index, text)
    assert found(index, "lars hansen")[0] == LARS.identifier


def test_digests_are_read_back_from_the_engine(index: CustomerIndex) -> None:
    expected = {document.identifier: document.digest for document in documents(*EVERYONE)}
    assert dict(index.digests("first")) == expected
    write(index, "first", replace(LARS, city="Vejle"))
    assert dict(index.digests("first"))[LARS.identifier] != expected[LARS.identifier]


def test_a_second_writer_is_refused_until_the_first_lets_go(index: CustomerIndex) -> None:
    with index.writer("first"), pytest.raises(EngineError, match="first"):
        index.writer("first")
    assert write(index, "first", LARS).written == 1


def test_two_generations_can_be_written_at_once(index: CustomerIndex) -> None:
    index.create("second")
    with index.writer("first") as live, index.writer("second") as coming:
        live.write(documents(replace(LARS, city="Vejle")))
        coming.write(documents(LARS))
        live.flush()
        coming.flush()
    assert index.get(LARS.identifier) == replace(LARS, city="Vejle")
