"""What every engine must do, whatever it is: the contract of index/interface.py."""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from customers.customer import Customer
from customers.document import Document, to_document
from customers.errors import EngineError, KeysVersionMismatch, NoLiveGeneration
from customers.settings import SearchSettings
from customers.term import understand
from index.interface import CustomerIndex, Receipt
from tests.index.engines import ENGINES, EngineFactory
from tests.people import ANNE_MARIE, BAKERY, EVERYONE, KRISTIAN, LARS, SOREN

SETTINGS = SearchSettings(default_region="DK")

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


def documents(*customers: Customer) -> list[Document]:
    return [to_document(customer, SETTINGS) for customer in customers]


def write(index: CustomerIndex, generation: str, *customers: Customer) -> Receipt:
    with index.writer(generation) as writer:
        writer.write(documents(*customers))
        return writer.flush()


def found(index: CustomerIndex, text: str, limit: int = 20) -> list[str]:
    return [hit.customer.identifier for hit in index.search(understand(text, SETTINGS), limit)]


@pytest.fixture(params=list(ENGINES.values()), ids=list(ENGINES))
def engine(request: pytest.FixtureRequest) -> EngineFactory:
    factory: EngineFactory = request.param
    return factory


@pytest.fixture
def empty(engine: EngineFactory, tmp_path: Path) -> Iterator[CustomerIndex]:
    """An index without any generation."""
    index = engine(tmp_path, SETTINGS)
    yield index
    index.close()


@pytest.fixture
def index(empty: CustomerIndex) -> CustomerIndex:
    """An index whose live generation `first` holds everyone."""
    empty.create("first")
    write(empty, "first", *EVERYONE)
    empty.promote("first")
    return empty


def test_a_customer_comes_back_as_it_was_written(index: CustomerIndex) -> None:
    for customer in EVERYONE:
        assert index.get(customer.identifier) == customer


def test_a_search_answers_whole_customers(index: CustomerIndex) -> None:
    [hit] = index.search(understand("C-10023", SETTINGS), 20)
    assert hit.customer == SOREN
    assert hit.score > 0
    assert hit.evidence == ("identifier: exact",)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("C-10023", SOREN),
        ("c10023", SOREN),
        ("10024", LARS),
        ("hansen lars", LARS),
        ("la han", LARS),
        ("l hansen", LARS),
        ("larshansen", LARS),
        ("lras hansen", LARS),
        ("soeren", SOREN),
        ("Sören", SOREN),
        ("kjær", SOREN),
        ("12345678", SOREN),
        ("+45 12345678", SOREN),
        ("0045 12 34 56 78", SOREN),
        ("5678", SOREN),
        ("hansen 5678", SOREN),
        ("0701234567", KRISTIAN),
        ("+44 (0)20 7946 0958", ANNE_MARIE),
        ("kristian maier", KRISTIAN),
        ("annemarie", ANNE_MARIE),
        ("obrien", ANNE_MARIE),
        ("soren.kjaer@example.dk", SOREN),
        ("soren.kjaer@exa", SOREN),
        ("8000 hansen", SOREN),
        ("nygade 12", SOREN),
        ("Nygade 12, 8000 Aarhus", SOREN),
        ("87654321", SOREN),
        ("dk 11223344", BAKERY),
        ("solsiken", BAKERY),
        ("xyzzy bageriet solsikken", BAKERY),
        ("lars bent hansen", LARS),
        ("hej lars hansen tak", LARS),
    ],
)
def test_the_meant_customer_is_on_top(index: CustomerIndex, text: str, first: Customer) -> None:
    assert found(index, text)[0] == first.identifier


def test_a_term_that_is_nobody_finds_nobody(index: CustomerIndex) -> None:
    assert found(index, "zacharias quist") == []
    assert found(index, "99887766") == []


def test_no_more_than_the_limit(index: CustomerIndex) -> None:
    assert len(found(index, "hansen", limit=1)) == 1
    assert found(index, "hansen", limit=0) == []


def test_the_same_term_has_the_same_answer(index: CustomerIndex) -> None:
    namesakes = [replace(LARS, identifier=f"N-{number}") for number in range(50)]
    write(index, "first", *namesakes)
    assert found(index, "lars hansen", 100) == found(index, "lars hansen", 100)
    assert set(found(index, "lars hansen", 100)) >= {customer.identifier for customer in namesakes}


@pytest.mark.parametrize("typed", ["mathias", "rikke frederiks"])
def test_whoever_is_called_something_longer_is_not_hidden_by_a_whole_word(
    index: CustomerIndex, typed: str
) -> None:
    """Of an email or a street, which says less than the beginning of a name."""
    write(
        index,
        "first",
        Customer("1", name="Holm Byg ApS", email="mathias@holmbyg.example"),
        Customer("2", name="Peter Mathiasen"),
        Customer("3", name="Rikke Thorup", street="Frederiks Allé 3"),
        Customer("4", name="Rikke Frederiksen"),
    )
    assert found(index, typed)[:2] == {"mathias": ["2", "1"], "rikke frederiks": ["4", "3"]}[typed]


def test_as_many_come_as_were_asked_for(index: CustomerIndex) -> None:
    """Thirty are called just so, and thirty more something longer."""
    just_so = [Customer(f"A{at}", name="Rikke Mathias") for at in range(30)]
    longer = [Customer(f"B{at}", name="Rikke Mathiasen") for at in range(30)]
    write(index, "first", *just_so, *longer)
    answer = [hit.customer.name for hit in index.search(understand("rikke mathias", SETTINGS), 50)]
    assert answer == ["Rikke Mathias"] * 30 + ["Rikke Mathiasen"] * 20


def test_an_unknown_identifier_is_none(index: CustomerIndex) -> None:
    assert index.get("C-1") is None
    assert index.get("c-10023") is None
    assert index.get("") is None


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


def test_an_identifier_without_a_letter_or_digit_is_found_as_it_is(index: CustomerIndex) -> None:
    odd = ["---", "--", "/*", "\N{SLIGHTLY SMILING FACE}", "\N{MODIFIER LETTER APOSTROPHE}"]
    write(index, "first", *(Customer(identifier, name="Odd Hansen") for identifier in odd))
    for identifier in odd:
        [hit] = index.search(understand(f" {identifier} ", SETTINGS), 20)
        assert hit.customer.identifier == identifier
        assert hit.evidence == ("identifier: exact",)
    assert found(index, "-") == found(index, " ") == found(index, "---", limit=0) == []


def test_digests_are_read_back_from_the_engine(index: CustomerIndex) -> None:
    expected = {document.identifier: document.digest for document in documents(*EVERYONE)}
    assert dict(index.digests("first")) == expected
    write(index, "first", replace(LARS, city="Vejle"))
    assert dict(index.digests("first"))[LARS.identifier] != expected[LARS.identifier]


def test_nothing_is_live_before_a_promote(empty: CustomerIndex) -> None:
    assert empty.generations() == []
    with pytest.raises(NoLiveGeneration):
        found(empty, "lars")
    empty.create("first")
    write(empty, "first", LARS)
    with pytest.raises(NoLiveGeneration):
        empty.get(LARS.identifier)
    with pytest.raises(NoLiveGeneration):
        empty.check()
    empty.promote("first")
    assert empty.get(LARS.identifier) == LARS
    empty.check()


def test_generations_are_listed_oldest_first(index: CustomerIndex) -> None:
    index.create("second")
    write(index, "second", LARS)
    listed = [(one.name, one.documents, one.live) for one in index.generations()]
    assert listed == [("first", len(EVERYONE), True), ("second", 1, False)]


def test_a_generation_that_is_not_live_does_not_show(index: CustomerIndex) -> None:
    index.create("second")
    write(index, "second", replace(LARS, name="Somebody Else"))
    assert index.get(LARS.identifier) == LARS
    assert found(index, "somebody") == []


def test_promote_is_a_switch_and_its_own_repetition(index: CustomerIndex) -> None:
    index.create("second")
    write(index, "second", KRISTIAN)
    for _ in range(2):
        index.promote("second")
        assert found(index, "lars hansen") == []
        assert index.get(KRISTIAN.identifier) == KRISTIAN
    assert [(one.name, one.live) for one in index.generations()] == [("first", False), ("second", True)]


def test_promoting_the_previous_generation_rolls_back(index: CustomerIndex) -> None:
    index.create("second")
    write(index, "second", KRISTIAN)
    index.promote("second")
    index.promote("first")
    assert index.get(LARS.identifier) == LARS
    index.promote("second")
    assert index.get(LARS.identifier) is None


def test_the_live_generation_can_be_written(index: CustomerIndex) -> None:
    index.create("second")
    index.promote("second")
    write(index, "second", LARS)
    assert found(index, "lars") == [LARS.identifier]


def test_a_removed_generation_is_gone(index: CustomerIndex) -> None:
    index.create("second")
    index.promote("second")
    index.remove("first")
    index.remove("first")
    assert [one.name for one in index.generations()] == ["second"]
    index.create("first")
    assert dict(index.digests("first")) == {}


def test_the_live_generation_cannot_be_removed(index: CustomerIndex) -> None:
    with pytest.raises(EngineError, match="live"):
        index.remove("first")
    assert index.get(LARS.identifier) == LARS


def test_a_name_is_taken_only_once(index: CustomerIndex) -> None:
    with pytest.raises(EngineError, match="first"):
        index.create("first")


@pytest.mark.parametrize("name", ["", "UPPER", "a/b", "..", "a" * 65, "é"])
def test_what_cannot_be_a_name_is_refused(index: CustomerIndex, name: str) -> None:
    with pytest.raises(EngineError):
        index.create(name)


def test_what_is_not_there_cannot_be_promoted_or_written(index: CustomerIndex) -> None:
    with pytest.raises(EngineError, match="missing"):
        index.promote("missing")
    with pytest.raises(EngineError, match="missing"):
        index.writer("missing")
    assert index.get(LARS.identifier) == LARS


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


def stamps(index: CustomerIndex) -> dict[str, int]:
    found = {one.name: one.stamp for one in index.generations()}
    return {name: stamp for name, stamp in found.items() if stamp is not None}


def test_a_stamp_grows_with_every_flush_that_changed_anything(index: CustomerIndex) -> None:
    before = stamps(index)["first"]
    with index.writer("first") as writer:
        writer.write(documents(replace(LARS, city="Vejle")))
        writer.flush()
        written = stamps(index)["first"]
        writer.delete([LARS.identifier])
        writer.flush()
    assert before < written < stamps(index)["first"]


def test_a_stamp_stays_while_nothing_is_written(
    engine: EngineFactory, index: CustomerIndex, tmp_path: Path
) -> None:
    before = stamps(index)["first"]
    index.create("second")
    write(index, "second", KRISTIAN)
    write(index, "first")
    found(index, "lars hansen")
    dict(index.digests("first"))
    index.check()
    second = stamps(index)["second"]
    for name in ("second", "first", "first", "second"):
        index.promote(name)
        assert stamps(index) == {"first": before, "second": second}
    other = engine(tmp_path, SETTINGS)
    assert stamps(other) == {"first": before, "second": second}
    other.close()
    index.remove("first")
    assert stamps(index) == {"second": second}


def test_another_opening_sees_what_is_written_and_promoted(
    engine: EngineFactory, index: CustomerIndex, tmp_path: Path
) -> None:
    reader = engine(tmp_path, SETTINGS)
    assert reader.get(LARS.identifier) == LARS
    write(index, "first", replace(LARS, city="Vejle"))
    assert reader.get(LARS.identifier) == replace(LARS, city="Vejle")
    index.create("second")
    index.promote("second")
    assert reader.get(LARS.identifier) is None
    reader.close()


def test_keys_of_another_version_are_said_and_still_answer(
    engine: EngineFactory, index: CustomerIndex, tmp_path: Path
) -> None:
    other = engine(tmp_path, SearchSettings(default_region="SE"))
    with pytest.raises(KeysVersionMismatch, match="reindex"):
        other.check()
    with pytest.raises(KeysVersionMismatch):
        other.writer("first")
    assert found(other, "lars hansen")[0] == LARS.identifier
    other.close()


def test_a_search_during_promotes_is_never_empty_nor_mixed(index: CustomerIndex) -> None:
    for name in ("blue", "green"):
        index.create(name)
        write(index, name, *(replace(LARS, identifier=f"N-{number}", city=name) for number in range(5)))
    index.promote("blue")
    wrong: list[Sequence[str | None]] = []
    done = threading.Event()

    def look() -> None:
        while not done.is_set():
            cities = [hit.customer.city for hit in index.search(understand("lars hansen", SETTINGS), 20)]
            if cities not in (["blue"] * 5, ["green"] * 5):
                wrong.append(cities)

    readers = [threading.Thread(target=look) for _ in range(2)]
    for reader in readers:
        reader.start()
    for turn in range(30):
        index.promote("green" if turn % 2 == 0 else "blue")
    done.set()
    for reader in readers:
        reader.join()
    assert wrong == []
