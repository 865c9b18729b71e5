"""Searching, whatever the engine."""

from dataclasses import replace

import pytest

from customers.customer import Customer
from customers.term import understand
from index.interface import CustomerIndex
from tests.index.contract.steps import SETTINGS, found, write
from tests.people import ANNE_MARIE, BAKERY, EVERYONE, KRISTIAN, LARS, SOREN


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
        ("1235678", SOREN),
        ("123456778", SOREN),
        ("0701234567", KRISTIAN),
        ("07012334567", KRISTIAN),
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
        ("97654321", SOREN),
        ("87659321", SOREN),
        ("c10923", SOREN),
        ("xyzzy qwx 12345678 tak", SOREN),
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


def test_a_digit_typed_twice_is_forgiven_where_the_number_looks_like_one_from_abroad(
    index: CustomerIndex,
) -> None:
    """98 is a country, and the zero after it might be one that is dialled only within that."""
    write(index, "first", Customer("1", phone="98 04 89 62"))
    assert found(index, "980489662") == ["1"]


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


def test_an_email_with_two_letters_swapped(index: CustomerIndex) -> None:
    write(
        index, "first", Customer("1", name="Jens Moe", email="jens.moe@example.com"), Customer("2", name="Bo")
    )
    for typed in ("jenm.soe@example.com", "jens.moee@xample.com"):
        assert found(index, typed) == ["1"]


def test_behind_whoever_fits_by_a_beginning_the_mistyped_stay(index: CustomerIndex) -> None:
    """`jn mikkelsen` may be Jens Nils Mikkelsen by his initials; he hid Jan."""
    people = (Customer("1", "Jens Nils Mikkelsen"), Customer("2", "Jan Mikkelsen"))
    write(index, "first", *people)
    assert "1" in found(index, "jn mikkelsen")


def test_an_identifier_with_a_word_in_front_and_a_digit_wrong(index: CustomerIndex) -> None:
    """Of hundreds that begin as it does."""
    write(index, "first", *(Customer(f"MEMBER-{number:06}", name="Bo Ny") for number in range(0, 9000, 30)))
    assert "MEMBER-005070" in found(index, "member-005470")
    assert "MEMBER-005070" in found(index, "member 005470")


@pytest.mark.parametrize("typed", ["skovalle 12", "12 skovalle"])
def test_of_many_in_a_street_those_at_the_number_come_first(index: CustomerIndex, typed: str) -> None:
    """The numbers of the others, and of their phones, begin so or are a digit away."""
    there = [Customer(f"C{at:02}", name=f"Lis Dam{at}", street="Skovalle 12") for at in range(30)]
    near = [
        Customer(f"{at}", name=f"Bo Holm{at}", street=f"Skovalle {at}", phone=f"12{at:06}")
        for at in range(100, 160)
    ]
    write(index, "first", *near, *there)
    assert set(found(index, typed)) <= {customer.identifier for customer in there}


def test_namesakes_at_a_place_are_not_hidden_by_one_whose_phone_ends_so(index: CustomerIndex) -> None:
    """Sixty-four are, in an order that means nothing: the first to show have the first identifiers."""
    namesakes = [
        Customer(f"C{at:02}", name="Lars Lund", postal_code="8000", city="Aarhus") for at in range(64)
    ]
    other = Customer("A", name="Rikke Lund", phone="+45 12348000", postal_code="7100", city="Vejle")
    write(index, "first", *reversed(namesakes), other)
    assert found(index, "8000 lund") == [f"C{at:02}" for at in range(20)]


def test_whoever_is_called_just_so_is_not_hidden_by_who_is_called_something_more(
    index: CustomerIndex,
) -> None:
    longer = [Customer(f"B{at:02}", name="Elgiganten A/S") for at in range(30)]
    just_so = [Customer(f"C{at:02}", name="Elgiganten") for at in range(30)]
    write(index, "first", *longer, *just_so)
    assert found(index, "elgiganten") == [f"C{at:02}" for at in range(20)]


@pytest.mark.parametrize(("typed", "first"), [("han sen", "1"), ("nisse", "2"), ("rødkløvergd. 4", "3")])
def test_whoever_is_meant_is_found_among_others_who_fit(index: CustomerIndex, typed: str, first: str) -> None:
    """By a first name in two words, by a nickname, and by the street's name."""
    others = [Customer(f"N{at}", name=f"Niels Dam{at}", street="Birkevej 4") for at in range(70)]
    write(
        index,
        "first",
        *others,
        Customer("0", name="Hanne Senderovitz"),
        Customer("1", name="Hansen"),
        Customer("2", name="Nissen"),
        Customer("3", name="Bo Dam", street="Rødkløvergade 4"),
    )
    assert found(index, typed)[0] == first


def test_an_unfinished_city_behind_a_name_is_looked_for_too(index: CustomerIndex) -> None:
    """He was hidden by her, whom all three words fit as beginnings of her name, and as her city."""
    her = Customer("1", name="Hanne Knutsen", city="Karlsen")
    him = Customer("2", name="Knut Karlsen", city="Hannasjøen")
    write(index, "first", her, him)
    assert set(found(index, "knut karlsen hann")) == {"1", "2"}


@pytest.mark.parametrize("typed", ["hansen ho", "hansen hols", "hansen holst", "hols hansen"])
def test_whose_name_the_words_begin_hides_nobody_in_a_city_that_begins_so(
    index: CustomerIndex, typed: str
) -> None:
    """One Holger Hansen hid all the Hansens in Holstebro."""
    hers = Customer("1", name="Holste Hansen", city="Ry")
    theirs = [Customer(f"{at}", name="Hansen", city="Holstebro") for at in range(2, 5)]
    write(index, "first", hers, *theirs)
    assert found(index, typed)[0] == "1"
    assert set(found(index, typed)) == {"1", "2", "3", "4"}


def test_a_city_is_begun_behind_a_thousand_emails_that_begin_so(index: CustomerIndex) -> None:
    """Meilisearch takes the first thousand words that go on so, of all fields and by the alphabet."""
    emails = [Customer(f"E{number}", email=f"quxa{number}@mail.example") for number in range(1_100)]
    namesakes = [Customer(f"H{number}", name="Hansen") for number in range(300)]
    write(index, "first", *emails, *namesakes, Customer("there", name="Hansen", city="Quxhaven"))
    for typed in ("hansen qu", "hansen qux", "hansen quxh"):
        assert found(index, typed)[0] == "there"


@pytest.mark.parametrize(
    ("name", "other"), [("Bo Bø", "Bo Krag"), ("Da da Silva", "Da Silva"), ("Åse Ås Åse Ås", "Ås Åse")]
)
def test_whoever_has_a_name_twice_is_found_among_those_who_have_it_once(
    index: CustomerIndex, name: str, other: str
) -> None:
    """To an engine `bo bø` is twice the same word, which every Bo has."""
    once = [Customer(f"A{at}", other) for at in range(300)]
    twice = [Customer(f"B{at}", name) for at in range(5)]
    write(index, "first", twice[0], *once, *twice[1:])
    assert found(index, name)[:5] == [customer.identifier for customer in twice]


def test_the_next_word_singles_out_whoever_has_a_name_twice(index: CustomerIndex) -> None:
    once = [Customer(f"A{at}", "Bo Krag", city="Ry") for at in range(300)]
    there = [Customer(f"B{at}", "Bo Bø", city="Ry") for at in range(5)]
    write(index, "first", there[0], *once, *there[1:], Customer("B5", "Bo Bø", city="Ribe"))
    assert found(index, "bo bø ry")[:5] == [customer.identifier for customer in there]
    assert found(index, "bo bø ribe")[0] == "B5"


@pytest.mark.parametrize("typed", ["ås", "aas"])
def test_companies_do_not_hide_whose_name_is_folded_to_their_form(index: CustomerIndex, typed: str) -> None:
    companies = [Customer(f"c-{at}", f"Quist{at} A/S") for at in range(150)]
    write(index, "first", *companies, Customer("1", "Ås Bo"), Customer("2", "Ida Åstrup"))
    assert found(index, typed)[:2] == ["1", "2"]


@pytest.mark.parametrize("typed", ["åsa", "aasa", "åsa l", "åsa lindqvst", "lindqvist åsa", "åsa lund"])
def test_a_name_that_is_kept_without_its_ring(index: CustomerIndex, typed: str) -> None:
    others = [Customer(f"k-{at}", f"{first} Lindqvist") for at, first in enumerate(("Bo", "Ida", "Erik"))]
    companies = [Customer(f"c-{at}", f"Sol{at} ASA") for at in range(5)]
    write(index, "first", *others, *companies, Customer("1", "Asa Lindqvist", city="Lund"))
    assert found(index, typed)[0] == "1"


def test_all_who_are_called_so_come_before_companies_in_such_a_street(index: CustomerIndex) -> None:
    people = [Customer(f"{at}", f"Åsa Quistrup{at}") for at in range(6)]
    companies = [Customer(f"c-{at}", f"Sol{at} AS", street="Quistergate 1") for at in range(60)]
    write(index, "first", *companies, *people)
    assert set(found(index, "ås quist")[:6]) == {"0", "1", "2", "3", "4", "5"}


@pytest.mark.parametrize("typed", ["quistergade 8 a", "quistergade 8a"])
def test_a_house_with_its_letter_is_found_however_it_is_written(index: CustomerIndex, typed: str) -> None:
    apart = Customer("1", "Ida Holm", street="Quistergade 8 A")
    write(index, "first", apart, Customer("2", "Bo Ek", street="Quistergade 8A"))
    assert set(found(index, typed)[:2]) == {"1", "2"}


def test_a_city_is_begun_behind_a_house(index: CustomerIndex) -> None:
    """Her name begins so, and she hid the one who lives there."""
    her = Customer("1", "Mary Quist", street="Church Lane 8", city="London")
    him = Customer("2", "Bo Quist", street="Church Lane 8", city="Manchester")
    write(index, "first", her, him)
    assert set(found(index, "church lane 8 ma")) == {"1", "2"}


def test_a_floor_behind_a_house_hides_nobody_there(index: CustomerIndex) -> None:
    """`st` is the ground floor, and begins Struer."""
    there = [Customer(f"{at}", "Bo Quist", street="Nygade 20", city="Ribe") for at in range(1, 4)]
    write(index, "first", *there, Customer("4", "Ida Quist", street="Nygade 20", city="Struer"))
    assert {"1", "2", "3", "4"} <= set(found(index, "nygade 20 st"))


def test_a_title_that_begins_a_name_hides_nobody(index: CustomerIndex) -> None:
    others = [Customer(f"k-{at}", f"Peter Quist{at}") for at in range(40)]
    write(index, "first", *others, Customer("1", "Peter Herrmann"))
    assert found(index, "peter herr")[0] == "1"


def test_an_unknown_identifier_is_none(index: CustomerIndex) -> None:
    assert index.get("C-1") is None
    assert index.get("c-10023") is None
    assert index.get("") is None


def test_an_identifier_without_a_letter_or_digit_is_found_as_it_is(index: CustomerIndex) -> None:
    odd = ["---", "--", "/*", "\N{SLIGHTLY SMILING FACE}", "\N{MODIFIER LETTER APOSTROPHE}"]
    write(index, "first", *(Customer(identifier, name="Odd Hansen") for identifier in odd))
    for identifier in odd:
        [hit] = index.search(understand(f" {identifier} ", SETTINGS), 20)
        assert hit.customer.identifier == identifier
        assert hit.evidence == ("identifier: exact",)
    assert found(index, "-") == found(index, " ") == found(index, "---", limit=0) == []
