"""Ranking: the surest first, and why."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.candidate import Candidate
from customers.customer import Customer
from customers.hit import Hit
from customers.ranking import LEAST, SURE, Ranking
from customers.settings import SearchSettings
from customers.term import understand
from tests.people import ANNE_MARIE, BAKERY, EVERYONE, KRISTIAN, LARS, SOREN

SETTINGS = SearchSettings(default_region="DK")


def ranked(text: str, *customers: Customer) -> list[Hit]:
    return ranked_with(SETTINGS, text, *(customers or EVERYONE))


def ranked_with(settings: SearchSettings, text: str, *customers: Customer) -> list[Hit]:
    return ranking_of(settings, text, *customers).best(20)


def ranking_of(settings: SearchSettings, text: str, *customers: Customer) -> Ranking:
    ranking = Ranking(understand(text, settings))
    ranking.add(Candidate(customer, settings) for customer in customers)
    return ranking


def is_sure(text: str, *customers: Customer) -> bool:
    """Whether every word fits the best of them as it was typed."""
    return ranking_of(SETTINGS, text, *customers).is_sure


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
        ("123", SOREN, ("phone: beginning",)),
        ("+451", SOREN, ("phone: beginning",)),
        ("12345679", SOREN, ("phone: one character differs",)),
        ("soren.kjaer@example.dk", SOREN, ("email: exact",)),
        ("nygade 8000", SOREN, ("address: exact", "address: exact")),
        ("87654321", SOREN, ("organization number: exact",)),
        ("solsikken xyzzy", BAKERY, ("name: exact",)),
        ("solsikken gmbh", BAKERY, ("name: exact",)),
        ("DK 87654321", SOREN, ("organization number: exact",)),
        ("SE87654321", SOREN, ("organization number: exact without the country",)),
        ("hansen.example", LARS, ("email: exact",)),
        ("lars hannsen", LARS, ("name: exact", "name: typo")),
        ("chris meyer", KRISTIAN, ("name: beginning", "name: exact")),
        ("lars han sen", LARS, ("name: exact", "name: exact")),
        ("frau meyer", KRISTIAN, ("name: exact",)),
        ("~lars hansen~2", LARS, ("name: exact", "name: exact")),
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


@pytest.mark.parametrize(
    "text", ["zacharias quist", "99887766", "678", "012", "x", "peter jensen", "", "***"]
)
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


@pytest.mark.parametrize(
    ("text", "phone"), [("0736700275", "+46 736700475"), ("01711585788", "+49 17 11 58 57 89")]
)
def test_a_wrong_digit_in_a_number_with_its_zero_is_doubtful(text: str, phone: str) -> None:
    customer = Customer("1", phone=phone)
    assert ranked(text, customer)[0].evidence == ("phone: one character differs",)
    assert not is_sure(text, customer)


@pytest.mark.parametrize("typed", ["C-100234", "C-1023", "100234", "234567"])
def test_a_short_number_with_a_digit_more_or_less_is_nobody(typed: str) -> None:
    """Identifiers lie close together: among a million customers each would be somebody's."""
    assert ranked(typed, replace(SOREN, organization_number=None, name="Anna", email=None)) == []


@pytest.mark.parametrize(
    ("typed", "phone", "evidence"),
    [
        ("1345678", "12345678", "phone: one digit missing"),
        ("+45 1345678", "12345678", "phone: one digit missing"),
        ("0 70 123 467", "+46 70 123 45 67", "phone: one digit missing"),
        ("123345678", "12345678", "phone: one digit too many"),
        ("07012334567", "+46 70 123 45 67", "phone: one digit too many"),
    ],
)
def test_a_phone_with_a_digit_more_or_less_is_doubtful(typed: str, phone: str, evidence: str) -> None:
    customer = Customer("1", phone=phone)
    assert [hit.evidence for hit in ranked(typed, customer)] == [(evidence,)]
    assert not is_sure(typed, customer)


@pytest.mark.parametrize("typed", ["700529082", "200529082", "700 52 90 82"])
def test_a_zero_too_many_is_none_of_a_country_that_was_not_typed(typed: str) -> None:
    """70 is no country and 7 is Russia, as 20 is Egypt: their numbers have no zero behind that."""
    shop = (Customer("1", phone="70 52 90 82"), Customer("2", phone="20 52 90 82"))
    assert not is_sure(typed, *shop)


@pytest.mark.parametrize("typed", ["per holm thorsen", "hej per thorsen tak", "thorsen 27307238"])
def test_who_is_named_beside_an_unknown_word_is_not_sure(typed: str) -> None:
    customers = (Customer("1", "Per Thorsen"), Customer("2", phone="27307238"))
    assert ranked(typed, *customers)[0].score < SURE
    assert not is_sure(typed, *customers)


def test_an_email_is_found_without_its_tag() -> None:
    tagged = Customer("1", "Ida Dam", email="ida.dam+shop@mail.example")
    assert ranked("ida.dam@mail.example", tagged)[0].evidence == ("email: exact",)


@pytest.mark.parametrize("typed", ["ida.dam@other.example", "ida.dam+shop@other.example"])
def test_an_email_at_another_provider_is_doubtful(typed: str) -> None:
    ida = Customer("1", "Ida Dam Bos", email="ida.dam@mail.example")
    assert [LEAST <= hit.score < SURE for hit in ranked(typed, ida)] == [True]


def test_everybodys_mailbox_is_nobody_at_another_provider() -> None:
    assert ranked("kontakt@other.example", Customer("1", "Bos VVS", email="kontakt@bos.example")) == []


def test_names_are_typed_in_their_order() -> None:
    lars, hans = Customer("1", "Lars Hansen"), Customer("2", "Hans Lauridsen")
    assert [hit.customer for hit in ranked("la han", hans, lars)] == [lars, hans]
    assert [hit.customer for hit in ranked("han la", hans, lars)] == [hans, lars]
    assert is_sure("hansen lars", lars)


def test_what_the_merchant_says_counts() -> None:
    plumber = Customer("1", "Dam VVS", email="info@dam.example")
    synonyms = SearchSettings(synonyms=(("vvs", "plumber"),))
    assert ranked_with(synonyms, "plumber", plumber)[0].evidence == ("name: another form",)
    no_emails = SearchSettings(leave_out=("email",))
    assert ranked_with(no_emails, "info@dam.example", plumber) == []
    strict = SearchSettings(fuzzy_from=8)
    assert ranked_with(strict, "damm", plumber) == []
    fillers = SearchSettings(useless_words=("chef",))
    assert ranking_of(fillers, "chef dam", plumber).is_sure


def test_an_identifier_of_punctuation_alone_is_nobodys_code() -> None:
    assert ranked("lars", Customer("***", "Lars Dam"), Customer("-"))[0].customer.identifier == "***"


TEXT = st.text(alphabet=st.characters())


@given(
    TEXT,
    st.lists(st.builds(Customer, identifier=TEXT, name=TEXT, phone=TEXT, email=TEXT, city=TEXT), max_size=5),
)
def test_any_term_ranks_any_customers(text: str, customers: list[Customer]) -> None:
    found = ranked(text, *customers)[:3]
    assert len(found) <= 3
    assert [hit.score for hit in found] == sorted((hit.score for hit in found), reverse=True)
    assert all(LEAST <= hit.score <= 1.3 for hit in found)
