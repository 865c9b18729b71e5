"""Whom a customer who fits whole leaves out of the answer."""

import pytest

from customers.candidate import Candidate
from customers.customer import Customer
from customers.ranking import Ranking
from customers.settings import SearchSettings
from customers.term import understand

SETTINGS = SearchSettings()


def left(typed: str, *people: Customer) -> list[str]:
    ranking = Ranking(understand(typed, SETTINGS))
    ranking.add([Candidate(customer, SETTINGS) for customer in people])
    ranking.leave_mistaken_out()
    return [hit.customer.identifier for hit in ranking.best(20)]


def test_what_is_left_out_of_finding_lifts_nobody() -> None:
    settings = SearchSettings(leave_out=("email", "street"))
    people = [Customer("8", "Ida Dam"), Customer("9", "Ida Dam", email="ida.dam@x.example", street="Ida 2")]
    for typed in ("ida.dam", "ida 2"):
        ranking = Ranking(understand(typed, settings))
        ranking.add([Candidate(customer, settings) for customer in people])
        assert [hit.customer.identifier for hit in ranking.best(2)] == ["8", "9"]


@pytest.mark.parametrize(
    ("typed", "stays", "goes"),
    [
        ("parry", Customer("stays", "Ida Parrydal"), Customer("1", "Ida Barry")),
        ("kristian", Customer("stays", "Kristian Ny"), Customer("1", "Christian Ny")),
        ("kristian", Customer("stays", "Ole", street="Kristiansvej 1"), Customer("1", "Krisitan Ny")),
        ("12345678", Customer("stays", phone="12345678"), Customer("1", phone="12345679")),
        ("123456789", Customer("stays", phone="123456789"), Customer("1", phone="12345678")),
        ("12345678", Customer("stays", phone="12345678"), Customer("1", phone="1234578")),
        ("ida holm ry", Customer("stays", "Ida Holm", city="Ry"), Customer("1", "Ida Holm")),
        ("john holm", Customer("stays", "Jack Holm"), Customer("1", "Johm Holm")),
    ],
)
def test_who_fits_only_with_a_mistake_or_lacks_a_word_goes(
    typed: str, stays: Customer, goes: Customer
) -> None:
    assert left(typed, stays, goes) == ["stays"]
    assert left(typed, goes) == []


@pytest.mark.parametrize(
    ("typed", "customer", "is_whole"),
    [
        ("parry", Customer("1", "Ida Parry"), True),
        ("ida parry 5678", Customer("1", "Ida Parry", phone="12345678"), True),
        ("parry ry", Customer("1", "Ida Parry", city="Ryslinge"), False),
        ("parr", Customer("1", "Ida Parry"), False),
        ("jn mikkelsen", Customer("1", "Jens Nils Mikkelsen"), False),
        ("john", Customer("1", "Jack Parry"), False),
        ("petersen", Customer("1", "Ida Dam", email="petersen@post.example"), False),
        ("parry", Customer("1", "Ida Dam", additional_info="ring til Parry"), False),
        ("parri", Customer("1", "Ida Parry"), False),
        ("parry", None, False),
    ],
)
def test_who_fits_whole(typed: str, customer: Customer | None, is_whole: bool) -> None:
    """Of a beginning, another form, a part of an email or a note something else may be meant."""
    ranking = Ranking(understand(typed, SETTINGS))
    ranking.add([Candidate(customer, SETTINGS)] if customer else [])
    assert ranking.is_whole is is_whole
