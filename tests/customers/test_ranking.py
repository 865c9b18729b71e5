"""Ranking: the surest first, and why."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.customer import Customer
from customers.ranking import LEAST, SURE, Ranked, rank
from customers.settings import SearchSettings
from customers.term import understand
from tests.people import ANNE_MARIE, BAKERY, EVERYONE, KRISTIAN, LARS, SOREN

SETTINGS = SearchSettings(default_region="DK")


def ranked(text: str, *customers: Customer) -> list[Ranked]:
    return rank(understand(text, SETTINGS), customers or EVERYONE, 20)


@pytest.mark.parametrize(
    ("text", "customer", "evidence"),
    [
        ("C-10023", SOREN, ("identifier: exact",)),
        ("10023", SOREN, ("identifier: exact",)),
        ("soren hansen", SOREN, ("name: exact", "name: exact")),
        ("la han", LARS, ("name: beginning", "name: beginning")),
        ("hansne lars", LARS, ("name: typo", "name: exact")),
        ("kristian meyer", KRISTIAN, ("name: typo", "name: exact")),
        ("annemarie", ANNE_MARIE, ("name: exact",)),
        ("12 34 56 78", SOREN, ("phone: exact",)),
        ("hansen 5678", SOREN, ("name: exact", "phone: last 4 digits")),
        ("1234", SOREN, ("phone: beginning",)),
        ("12345679", SOREN, ("phone: one character differs",)),
        ("soren.kjaer@example.dk", SOREN, ("email: exact",)),
        ("nygade 8000", SOREN, ("address: exact", "address: exact")),
        ("87654321", SOREN, ("organization number: exact",)),
        ("solsikken xyzzy", BAKERY, ("name: exact",)),
    ],
)
def test_evidence(text: str, customer: Customer, evidence: tuple[str, ...]) -> None:
    first = ranked(text)[0]
    assert first.customer == customer
    assert first.evidence == evidence


def test_the_surer_always_stands_first() -> None:
    scores = [
        ranked(text, LARS)[0].score
        for text in ("C-10024", "lars hansen", "lars", "lar", "las hansen", "xyzzy hansen")
    ]
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize("text", ["lars hansne", "12345679", "kristian", "solsiken"])
def test_a_doubtful_match_is_not_sure(text: str) -> None:
    assert LEAST <= ranked(text)[0].score < SURE


@pytest.mark.parametrize("text", ["zacharias quist", "99887766", "x", "peter jensen", "", "***"])
def test_nobody(text: str) -> None:
    assert ranked(text) == []


def test_of_namesakes_the_shops_country_then_the_recently_changed_come_first() -> None:
    swede = replace(LARS, identifier="1", country_code="se", updated_at=datetime(2026, 5, 1, tzinfo=UTC))
    old = replace(LARS, identifier="2", updated_at=datetime(2020, 5, 1, tzinfo=UTC))
    new = replace(LARS, identifier="3", updated_at=datetime(2026, 4, 1, tzinfo=UTC))
    never = replace(LARS, identifier="4")
    for order in ([swede, old, new, never], [never, new, old, swede]):
        assert [one.customer for one in ranked("lars hansen", *order)] == [new, old, never, swede]


def test_the_next_word_singles_out_a_namesake() -> None:
    namesakes = [
        replace(LARS, identifier=str(number), city=city) for number, city in enumerate(("Vejle", "Ribe"))
    ]
    assert ranked("lars hansen ribe", *namesakes)[0].customer.city == "Ribe"
    assert ranked("lars hansen v", *namesakes)[0].customer.city == "Vejle"


def test_the_name_as_it_is_written_comes_before_its_other_spellings() -> None:
    spellings = [
        Customer(str(number), name) for number, name in enumerate(("Soeren Dam", "Søren Dam", "Soren Dam"))
    ]
    for customer in spellings:
        assert customer.name is not None
        assert ranked(customer.name, *spellings)[0].customer == customer


def test_one_word_of_a_name_is_not_two_words_of_a_term() -> None:
    one, two = Customer("1", "Anna Dam"), Customer("2", "Anna Anne Dam")
    assert ranked("anna anne", one, two)[0].customer == two


def test_an_identifier_of_punctuation_alone_is_nobodys_code() -> None:
    assert ranked("lars", Customer("***", "Lars Dam"), Customer("-"))[0].customer.identifier == "***"


TEXT = st.text(alphabet=st.characters())


@given(
    TEXT,
    st.lists(st.builds(Customer, identifier=TEXT, name=TEXT, phone=TEXT, email=TEXT, city=TEXT), max_size=5),
)
def test_any_term_ranks_any_customers(text: str, customers: list[Customer]) -> None:
    found = rank(understand(text, SETTINGS), customers, 3)
    assert len(found) <= 3
    assert [hit.score for hit in found] == sorted((hit.score for hit in found), reverse=True)
    assert all(LEAST <= hit.score <= 1.3 for hit in found)
