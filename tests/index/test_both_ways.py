"""What is stored in one writing is found by another, whichever of them the customer's is: the same functions
make the keys of both. What each engine does with keys is tests/index/contract's."""

from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from customers.customer import Customer
from customers.document import to_documents
from customers.hit import Hit
from customers.ranking import SURE
from customers.settings import SearchSettings
from customers.term import understand
from index.tantivy_engine import TantivyIndex

SETTINGS = SearchSettings(default_region="DK")

Find = Callable[..., list[Hit]]


@pytest.fixture
def find(tmp_path: Path) -> Find:
    """Asks an index of the customers for a term."""
    numbers = count()

    def found(text: str, *customers: Customer) -> list[Hit]:
        index = TantivyIndex(tmp_path / str(next(numbers)), SETTINGS)
        index.create("first")
        with index.writer("first") as writer:
            writer.write(to_documents(customers, SETTINGS))
            writer.flush()
        index.promote("first")
        hits = index.search(understand(text, SETTINGS), 10)
        index.close()
        return hits

    return found


@pytest.mark.parametrize("stored", ["NO 987 654 321 MVA", "987654321", "NO987654321", "987654321MVA"])
@pytest.mark.parametrize("typed", ["NO987654321MVA", "987654321", "NO 987 654 321", "987 654 321 MVA"])
def test_a_norwegian_registration_number(find: Find, stored: str, typed: str) -> None:
    right = Customer("1", organization_number=stored)
    hits = find(typed, Customer("2", organization_number="NO987654325MVA"), right)
    assert hits[0].customer == right
    assert hits[0].score > SURE
    assert [hit.score > SURE for hit in hits[1:]] == [False] * (len(hits) - 1)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("CHE-123.456.789 MWST", "123456789"),
        ("CHE-123.456.789 MWST", "CHE123456789"),
        ("NL123456789B01", "123456789"),
        ("SE556677889901", "556677-8899"),
        ("ATU12345678", "12345678"),
    ],
)
def test_a_registration_number_of_another_country(find: Find, one: str, other: str) -> None:
    for stored, typed in ((one, other), (other, one)):
        [hit] = find(typed, Customer("1", organization_number=stored))
        assert hit.score > SURE


@pytest.mark.parametrize(
    ("typed", "right", "wrong"),
    [
        ("annaandersen", "Anna Andersen", "Ann Andersen"),
        ("annandersen", "Ann Andersen", "Anna Andersen"),
        ("boeriksen", "Bo Eriksen", "Bo Riksen"),
        ("mariaeriksen", "Maria Eriksen", "Mari Ariksen"),
        ("bueellegaard", "Bue Ellegaard", "Bue Ellestad"),
        ("noaek", "Noa Ek", "Noah Eg"),
    ],
)
def test_a_name_that_is_written_as_one(find: Find, typed: str, right: str, wrong: str) -> None:
    """A letter pair may come about where two words meet."""
    for names in ((right, wrong), (wrong, right)):
        best = find(typed, *(Customer(str(number), name) for number, name in enumerate(names)))[0]
        assert best.customer.name == right
        assert best.evidence == ("name: exact",)


def test_a_name_with_a_letter_that_folds_to_the_next(find: Find) -> None:
    [hit] = find("x æ a-12", Customer("1", "X Æ A-12 Musk"))
    assert hit.evidence == ("name: exact", "name: exact", "name: exact")


@pytest.mark.parametrize(
    ("stored", "typed"),
    [
        ("DK-0124-591B", "0124-591B"),
        ("DK-0124-591B", "0124591b"),
        ("DK-0124-591B", "0124-59"),
        ("K000145094", "k145094"),
        ("K000145094", "K-145094"),
        ("K000145094", "k1450"),
        ("K000145094", "145094"),
    ],
)
def test_an_identifier_that_is_typed_shorter(find: Find, stored: str, typed: str) -> None:
    [hit] = find(typed, Customer(stored), Customer("K000145194"), Customer("DK-0124-581B"))[:1]
    assert hit.customer.identifier == stored
    assert hit.score > SURE


def test_whose_identifier_it_is_comes_before_whose_it_is_but_for_zeros(find: Find) -> None:
    for numbers in (("K-145", "K-00145"), ("K-00145", "K-145")):
        assert find("k145", *map(Customer, numbers))[0].customer.identifier == "K-145"


@pytest.mark.parametrize(
    ("stored", "typed"),
    [
        ("Nygade 12-14", "Nygade 12-14"),
        ("Nygade 12-14", "nygade 12"),
        ("Nygade 12 B", "nygade 12b"),
        ("Nygade 12B", "nygade 12 b"),
        ("Nygade 12 B", "nygade12b"),
        ("Nygade 12B", "nygade12b"),
        ("Nygade 12", "nygade12"),
        ("Ängsvägen 44", "ängsvägen44"),
        ("Ängsvägen 44", "aengsvaegen 44"),
        ("Hovedgaden 5,2.tv", "Hovedgaden 5,2.tv"),
        ("Hovedgaden 5,2.tv", "hovedgaden 5, 2. tv"),
        ("Hovedgaden 5, 2. tv", "Hovedgaden 5,2.tv"),
        ("Flat 3/2, Hill Road 7", "3/2 hill road"),
    ],
)
def test_a_house(find: Find, stored: str, typed: str) -> None:
    street = stored.split(maxsplit=1)[0]
    neighbours = [Customer(str(n), street=f"{street} {n}") for n in (9, 10)]
    best, *others = find(typed, *neighbours, Customer("right", street=stored))
    assert best.customer.identifier == "right"
    assert best.score > SURE
    assert all(hit.score < best.score - 0.1 for hit in others)


@pytest.mark.parametrize("typed", ["AB-1234", "ab 1234", "ab1234", "AB.1234"])
def test_a_code_in_the_additional_information(find: Find, typed: str) -> None:
    [hit] = find(typed, Customer("1", additional_info="medlem AB-1234, rabat"), Customer("2", "Abel Dam"))
    assert hit.customer.identifier == "1"
    assert hit.score > SURE


@pytest.mark.parametrize("typed", ["J.P. Hansen", "JP Hansen", "jp hansen", "J P Hansen", "Hansen, J.P."])
@pytest.mark.parametrize("stored", ["Jens Peter Hansen", "JP Hansen", "J.P. Hansen", "J. P. Hansen"])
def test_initials(find: Find, stored: str, typed: str) -> None:
    hits = find(typed, Customer("1", "Bo Hansen"), Customer("2", "Jonas Hansen"), Customer("3", stored))
    assert hits[0].customer.name == stored
    assert hits[0].score > SURE


def test_a_company_form_is_no_initials(find: Find) -> None:
    best = find("Dam K/S", Customer("1", "Dam Karen Sofie"), Customer("2", "Dam ApS"))[0]
    assert best.customer.name == "Dam ApS"


@pytest.mark.parametrize("stored", ["٤٥ ١٢ ٣٤ ٥٦", "45 12 34 56", "+45 45 12 34 56"])
@pytest.mark.parametrize("typed", ["٤٥ ١٢ ٣٤ ٥٦", "45123456", "٤٥١٢٣٤٥٦"])
def test_digits_of_another_script(find: Find, stored: str, typed: str) -> None:
    [hit] = find(typed, Customer("1", "Ida", phone=stored))
    assert hit.evidence == ("phone: exact",)
