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


@pytest.mark.parametrize(
    ("text", "right", "wrong"),
    [
        # A word of the name before the email, street or postal code that happens to hold the same letters.
        ("lars", Customer("1", "Lars Dam Friis"), Customer("2", "Friis Byg", email="lars@friis.example")),
        ("zw", Customer("1", "Ughetta Zwergius"), Customer("2", "Jan Bos", postal_code="5171 ZW")),
        (
            "han jo",
            Customer("1", "Hans Jordan Dam Friis"),
            Customer("2", "Hans Dam", street="Jo-Adler-Straße 2"),
        ),
        ("gam me", Customer("1", "Mette Gamborg"), Customer("2", "Mette Dam", street="Gammel Kongevej 1")),
        # Each word of the term has a word of the name to itself.
        ("wessel w", Customer("1", "Wessel Willems"), Customer("2", "Wessel Bos")),
        ("ingrid dam dam", Customer("1", "Ingrid Dam Dam"), Customer("2", "Ingrid Dam")),
        # And a word of the address to itself.
        ("ida ida dam", Customer("1", "Ida Dam"), Customer("2", "Ole Dam", street="Ida Plads 3")),
        ("ida ida dam", Customer("1", "Ida Dam"), Customer("2", "Ole Dam", city="Idaborg")),
        ("89 89", Customer("1", phone="79 87 89 89"), Customer("2", street="Klintevej 89")),
        ("holm 3 holm", Customer("1", street="Holm 3", city="Holm"), Customer("2", street="Holm 3")),
        # A whole name beside a word that nobody has, before doubtful words of which none is missing.
        (
            "per holm thorsen",
            Customer("1", "Per Thorsen"),
            Customer("2", "Zelma Thorsen", street="Persiensvej 156", city="Holme-Olstrup"),
        ),
        (
            "bjørn peter holm",
            Customer("1", "Bjørn Holm"),
            Customer("2", "Bjørg Holm", street="Pedersenringen 12"),
        ),
        ("jacob qwx hansen koch", Customer("1", "Jacob Hansen Koch"), Customer("2", "Jacob Hansen")),
        ("per hansen", Customer("1", "Per Henrik Hansen"), Customer("2", "Hansen ApS")),
        # Words with a space too many are not mistyped too.
        ("tak bøe", Customer("1", "Vegard Bøe"), Customer("2", "Joanne Talbot")),
        # A mistyped name, before a mistyped street.
        ("joanson", Customer("1", "Levi Johansson"), Customer("2", "Lorraine Jones", street="Johnson Curve")),
        # A whole number, before a name whose number is another.
        ("holm 27307238", Customer("1", "Ove Dam", "27307238"), Customer("2", "Ida Holm", "27307239")),
        ("ida holm 27307238", Customer("2", "Ida Holm", "27307239"), Customer("1", "Ove Dam", "27307238")),
        # A domain as it is written.
        ("@maler-dam.dk", Customer("2", email="a@maler-dam.dk"), Customer("1", email="a@malerdam.dk")),
        # What is literally there before what folds to it.
        ("zæ", Customer("1", "Ylva Zætterberg"), Customer("2", "Ewa Żak")),
        ("a.bos@x.example", Customer("2", email="a.bos@x.example"), Customer("1", email="a_bos@x.example")),
        ("a.bos", Customer("2", "Anna Bos", email="a.bos@x.example"), Customer("1", "Ada Bos")),
        # Words written as one stand for as many words of the name.
        ("kirstenbos", Customer("2", "Kirsten Bos"), Customer("1", "Kirsten Ida Bos")),
        ("ida vandenbrink", Customer("1", "Ida van den Brink"), Customer("2", "Ida Vandborg")),
        # A letter too many is no beginning of the next word of the name; two are.
        ("per olsenn", Customer("2", "Per Olsen"), Customer("1", "Per Olsen-Nygård")),
        ("per olsenny", Customer("2", "Per Olsen-Nygård"), Customer("1", "Per Olsen")),
        ("mboerg", Customer("1", "Ida Moberg"), Customer("2", "Ida Borg")),
        ("bob thorn", Customer("1", "Robert Thorn"), Customer("2", "Thorn Ltd")),
        # In Denmark nobody dials a zero first.
        ("02030", Customer("1", phone="+31 20 300 82 70"), Customer("2", phone="+45 20 30 49 89")),
        ("brandhus is", Customer("1", "Brandhus I/S"), Customer("2", "Brandhus Dam", city="Istad")),
        ("customer myhre", Customer("1", "Inger Myhre"), Customer("2", "Inger Dam")),
        ("lassen mette", Customer("1", "Mette Lassen"), Customer("2", "Lassen, Nikolai Mette")),
        # A name with a mark in it, before an email with another one.
        ("ida-bos", Customer("2", "Ida Bos"), Customer("1", "Ida Dam Bos", email="ida.bos@x.example")),
        # Marks around a name are not its own.
        ("(Jørgen Berg)", Customer("2", "Jørgen Berg"), Customer("1", "Jörgen Berg")),
        ("Holm & Co.", Customer("2", "Holm & Co."), Customer("1", "Hølm & Co.")),
        # An email without its tag as it is written.
        ("a.bos@x.dk", Customer("2", email="a.bos+shop@x.dk"), Customer("1", email="a_bos@x.dk")),
        # The middle name is the one that is not on file.
        ("iben holm krog", Customer("2", "Iben Krog"), Customer("1", "Holm Krog")),
        ("iben holm krog", Customer("2", "Iben Krog"), Customer("1", "Iben Holm")),
        # No company form has an å.
        ("åsa", Customer("1", "Åsa Dam"), Customer("2", "Ida Dam", additional_info="Åsa ringer")),
        # One wrong letter, before two that leave the sound as it is.
        ("nielen", Customer("2", "Ida Nielsen"), Customer("1", "Ida Nylén")),
        ("höhlund", Customer("2", "Ida Höglund"), Customer("1", "Ida Holland")),
        ("madeen", Customer("2", "Ida Madsen"), Customer("1", "Ida Mudden")),
        # One wrong letter, before a space that is missing and a name that is not finished.
        ("oleen", Customer("2", "Ida Olsen"), Customer("1", "Ole Engen")),
        ("person", Customer("2", "Ida Persson"), Customer("1", "Per Sonja Dam")),
        # An A, and a company form that begins so.
        ("jensen a", Customer("2", "Anne Jensen"), Customer("1", "Lind & Jensen A/S")),
        ("jensen a", Customer("2", "Jensen A/S"), Customer("1", "Anne Jensen")),
        ("alfa a", Customer("2", "Alfa A/S"), Customer("1", "Alfa K/S")),
        ("kirsten aa", Customer("2", "Kirsten Aas"), Customer("1", "Kirsten Aabye Lund")),
        ("jensen as", Customer("2", "Jensen A/S"), Customer("1", "Asta Jensen")),
        ("åa jensen", Customer("2", "Åsa Jensen"), Customer("1", "Andi Jensen")),
        # A part of an identifier, and the beginning of a longer one.
        ("000682", Customer("KUND/10/000682"), Customer("K0006823")),
        # A wrong digit of a phone, and houses.
        (
            "20 26 77 70",
            Customer("2", phone="20265770"),
            Customer("1", street="Nygade 20", postal_code="7700", additional_info="70 77"),
        ),
        # A whole code, whatever stands beside it; of those who share it, whom that fits.
        (
            "nr 12345678 jensen",
            Customer("2", "Asta Jensen", "12345678"),
            Customer("1", "Jens Krog", "12345678"),
        ),
        (
            "hej hanna holm@post.example",
            Customer("2", "Hanna", email="holm@post.example"),
            Customer("1", "Anna", email="holm@post.example"),
        ),
        (
            "ring N0-0291",
            Customer("N0-0291", "Lars Hansen"),
            Customer("N0-0231", "Ole Krog", street="Ringvej 1"),
        ),
        ("tlf N2-0291", Customer("N2-0291"), Customer("N0-0291")),
        (
            "hej til nr 12345678",
            Customer("2", organization_number="DK12345678"),
            Customer("1", phone="12345679"),
        ),
        # The last digits of a phone, before the last part of an identifier.
        ("5678", Customer("2", phone="11225678"), Customer("2024-5678")),
        # Most of two names in one, before two wrong letters.
        ("mathiasab", Customer("2", "Mathias Abelsen"), Customer("1", "Mathias Aas")),
        ("tlf nr 93003112", Customer("2", phone="93003112"), Customer("1", "Nr Dam")),
        ("xyzzy 93003112 tak", Customer("2", phone="93003112"), Customer("1", "Xyzzy Takman")),
        # A name and a number with no space between them.
        ("inger8950", Customer("2", "Inger Dam", "93968950"), Customer("1", "Inger Bos", "93968951")),
        ("inger93968950", Customer("2", "Inger Dam", "93968950"), Customer("1", "Inger Bos", "93968951")),
        # An email as it is written, whatever is pasted with it.
        (
            "e-mail: dam.ida@post.example",
            Customer("2", "Ida Dam", email="dam.ida@post.example"),
            Customer("1", "Elly Bos", additional_info="ring eller mail"),
        ),
        # A digit that is another, before one that is missing.
        ("1234567", Customer("2", phone="1234568"), Customer("1", phone="123456978")),
        # A wrong letter, before another provider.
        ("idaa.dam@x.dk", Customer("2", email="ida.dam@x.dk"), Customer("1", email="idaa.dam@post.dk")),
    ],
)
def test_the_better_evidence_comes_first(text: str, right: Customer, wrong: Customer) -> None:
    assert ranked(text, wrong, right)[0].customer == right


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
