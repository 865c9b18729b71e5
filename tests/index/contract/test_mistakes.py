"""What is mistyped, whatever the engine."""

import pytest

from customers.customer import Customer
from index.interface import CustomerIndex
from tests.index.contract.steps import found, write


@pytest.mark.parametrize("typed", ["pr langrud", "langrud pr"])
def test_a_mistake_in_a_short_name(index: CustomerIndex, typed: str) -> None:
    """No letter of two is looked for by itself."""
    write(index, "first", *(Customer(f"k-{at}", f"Ole Langrud {at}") for at in range(90)))
    write(index, "first", Customer("1", "Per Langrud"))
    assert found(index, typed)[0] == "1"


@pytest.mark.parametrize("typed", ["lars nordlys", "nordlys lars", "lars t-online"])
def test_a_name_beside_the_beginning_of_an_employers_domain(index: CustomerIndex, typed: str) -> None:
    """Another Lars is not meant, however many there are."""
    domain = "t-online.example" if "-" in typed else "nordlys.example"
    write(index, "first", *(Customer(f"k-{at}", f"Lars Nygård {at}") for at in range(130)))
    write(index, "first", Customer("1", "Lars Bohne", email=f"lb@{domain}"))
    assert found(index, typed)[0] == "1"


@pytest.mark.parametrize("typed", ["slaelse", "copenhaen"])
def test_where_a_letter_left_out_makes_a_pair(index: CustomerIndex, typed: str) -> None:
    """`ae` folds to one letter, and so two are missing."""
    write(index, "first", Customer("slaelse", "Ida", city="Slagelse"))
    write(index, "first", Customer("copenhaen", "Ole", city="Copenhagen"))
    assert found(index, typed) == [typed]


@pytest.mark.parametrize("typed", ["parry", "alice parry", "parry 8000"])
def test_beside_whoever_fits_as_typed_nobody_stands_who_fits_with_a_mistake(
    index: CustomerIndex, typed: str
) -> None:
    """An engine that forgives typing errors unasked showed some of those, and others none."""
    write(
        index,
        "first",
        Customer("1", "Alice Parry", postal_code="8000"),
        Customer("2", "Alice Barry", postal_code="8000"),
        Customer("3", "Alice Parri", postal_code="8000"),
    )
    assert found(index, typed) == ["1"]


@pytest.mark.parametrize(
    ("identifier", "typed"),
    [
        ("020343", "023343"),
        ("020343", "030343"),
        ("020343", "020443"),
        ("00085211", "00015211"),
        ("00085211", "00085311"),
        ("0000769335", "0000669335"),
        ("0000769335", "0000769435"),
    ],
)
def test_a_digit_wrong_in_an_identifier_with_zeros_in_front(
    index: CustomerIndex, identifier: str, typed: str
) -> None:
    """A zero in front is no more than what is dialled before a phone, most often."""
    others = [Customer(f"{at * 370:0{len(identifier)}}", "Bo Ny") for at in range(1, 200)]
    write(index, "first", *others, Customer(identifier, "Tom Holm"))
    assert identifier in found(index, typed)


@pytest.mark.parametrize("typed", ["0049 (0)171 5223849", "0049 171 5223849", "0171 5223849"])
def test_a_digit_wrong_in_a_phone_from_abroad(index: CustomerIndex, typed: str) -> None:
    """With both zeros that are dialled in front of it nobody was found."""
    write(index, "first", Customer("1", "Uwe Groß", "0049 (0)171 5223848", country_code="de"))
    assert found(index, typed) == ["1"]
