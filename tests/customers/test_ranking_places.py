"""Ranking: of two customers whom a term may mean, who lives where it says."""

import pytest

from customers.customer import Customer
from tests.customers.test_ranking import ranked


@pytest.mark.parametrize(
    ("text", "right", "wrong"),
    [
        # The letter of a house is no initial.
        ("solvej 9b", Customer("B", street="Solvej 9 B"), Customer("A", street="Solvej 9 A")),
        # A number behind the street is the house, not the floor.
        ("solvej 2", Customer("B", street="Solvej 2, 2. tv"), Customer("A", street="Solvej 9, 2. tv")),
        (
            "dam solvej 2",
            Customer("B", "Ida Dam", street="Solvej 2"),
            Customer("A", "Ida Dam", street="Solvej 9, 2. tv"),
        ),
        # Behind a name the beginning of a city: before a mistyped name, a street, and what else is noted.
        ("dam skæv", Customer("2", "Ida Dam", city="Skævinge"), Customer("1", "Dam Skov")),
        (
            "dam sla",
            Customer("2", "Ida Dam", city="Slagelse"),
            Customer("1", "Ida Dam", street="Slåenvej 54"),
        ),
        (
            "dam bit",
            Customer("2", "Ida Dam", city="Bitterfeld"),
            Customer("1", "Ida Dam", additional_info="bitte anrufen"),
        ),
        (
            "ida dam ring",
            Customer("2", "Ida Dam", city="Ringkøbing"),
            Customer("1", "Ida Dam", additional_info="ring først"),
        ),
        # Which words are the city's, with all of an address there.
        (
            "dam skæv",
            Customer("2", "Ida Dam", street="Nygade 1", postal_code="3320", city="Skævinge"),
            Customer("1", "Dam Skov"),
        ),
        (
            "dam norge",
            Customer("2", "Ida Dam", country="Norge"),
            Customer("1", "Ida Dam", additional_info="Norge"),
        ),
        # And a mistyped city, before a name that sounds like it.
        ("dam herølge", Customer("2", "Ida Dam", city="Herfølge"), Customer("1", "Helge Dam")),
        # A name and then a city, before a city and then a name.
        (
            "solheim bir",
            Customer("2", "Kari Solheim", city="Birkeland"),
            Customer("1", "Bo Birkeland", city="Solheim"),
        ),
        (
            "qwx wilhelmina van den berg dijkkamp zzz",
            Customer("2", "Wilhelmina van den Berg Dijkkamp", postal_code="5188 QW"),
            Customer("1", "Wilhelmina van den Berg"),
        ),
        # A street as it is written.
        ("bäckstigen 59", Customer("2", street="Bäckstigen 59"), Customer("1", street="Backstigen 59")),
        # A city and then a name, before a city and then a street.
        (
            "gießen wagner",
            Customer("2", "Ida Bo Wagner", city="Gießen"),
            Customer("1", "Bo Dam", street="Emilia-Wagner-Ring 91", city="Gießen"),
        ),
        # But a city and a whole name, before a longer city that begins so.
        (
            "bonn ida maria dam",
            Customer("2", "Ida Maria Dam", city="Bonn"),
            Customer("1", "Ida Maria Dam", street="Bonner Straße 3"),
        ),
        (
            "jensen ry",
            Customer("2", "Ida Jensen", city="Ry"),
            Customer("1", "Ida Jensen", city="Rye"),
        ),
        # The letter of a house is no name begun.
        ("nygade 12b", Customer("2", street="Nygade 12B"), Customer("1", "Bo Krog", street="Nygade 12")),
        ("nygade 14 b", Customer("2", street="Nygade 14 B"), Customer("1", "Bo Krog", street="Nygade 14")),
        # A postal code is folded as it is when it is typed.
        ("aa11bb", Customer("2", "Ida Dam", postal_code="AA1 1BB"), Customer("1", "Bo A11B")),
        # A house before a floor, and its letter before a name that begins so.
        (
            "nygade 12",
            Customer("2", "Ida", street="Store Nygade 12"),
            Customer("1", "Bo", street="Store Nygade 3, 12."),
        ),
        ("nygade 12 b", Customer("2", "Bo Bæk", street="Nygade 12 B"), Customer("1", street="Nygade 12 C")),
        ("nygade 12 b", Customer("2", "Bo", street="Nygade 12 B"), Customer("1", "Bo", street="Nygade 12")),
        (
            "nygade 7 k",
            Customer("2", "Ida", street="Nygade 7 K", city="Ribe"),
            Customer("1", "Bo Krag", street="Nygade 7 A", city="København K"),
        ),
        ("nygade 12 b", Customer("2", "Bo Ek", street="Nygade 12"), Customer("1", "Ida", street="Nygade 12")),
        (
            "nygade 39 c",
            Customer("2", "Clara Vik", street="Nygade 39 C", city="Odense C"),
            Customer("1", "Eva Lund", street="Nygade 39 A", city="Odense C"),
        ),
        (
            "nygade 39 c",
            Customer("2", "Ida Vik", street="Nygade 39 C", city="Holm"),
            Customer("1", "Eva Lund", street="Nygade 39 A", city="Odense C"),
        ),
        (
            "nygade 41 b",
            Customer("2", "Bo Bæk", street="Nygade 41 B"),
            Customer("1", "Ida", street="Nygade 45 B", postal_code="4110"),
        ),
    ],
)
def test_the_better_address_comes_first(text: str, right: Customer, wrong: Customer) -> None:
    assert ranked(text, wrong, right)[0].customer == right
