"""Of more customers than can be looked at, who comes first, whatever the engine."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from customers.customer import Customer
from customers.term import understand
from index.interface import CustomerIndex
from tests.index.contract.steps import SETTINGS, found, write

# When a hundred and one customers were changed, in no order.
CHANGED = [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=37 * at % 101) for at in range(101)]


def latest(people: list[Customer]) -> list[Customer]:
    """Those who were changed last, first."""
    return sorted(people, key=lambda customer: customer.updated_at or CHANGED[0], reverse=True)


@pytest.mark.parametrize(
    "typed", ["quistrup", "info", "info@quist.example", "quist.example", "quisthavn", "4711"]
)
def test_of_more_than_can_be_looked_at_the_recently_changed_come_first(
    index: CustomerIndex, typed: str
) -> None:
    """On every engine the same ones; each handed over whom it came upon first."""
    sharing = Customer(
        "",
        "Ida Quistrup",
        email="info@quist.example",
        city="Quisthavn",
        postal_code="4711",
        country_code="dk",
    )
    people = [replace(sharing, identifier=f"k-{at}", updated_at=time) for at, time in enumerate(CHANGED)]
    abroad = replace(
        sharing, identifier="abroad", country_code="se", updated_at=datetime(2027, 1, 1, tzinfo=UTC)
    )
    write(index, "first", *people, abroad)
    for limit in (5, 30):
        shown = [hit.customer for hit in index.search(understand(typed, SETTINGS), limit)]
        assert shown == latest(people)[:limit]


@pytest.mark.parametrize("typed", ["quist rup", "idaquistrup", "ida quistrup", "ida.quistrup"])
def test_of_those_who_share_a_name_the_recently_changed_come_first_however_it_is_typed(
    index: CustomerIndex, typed: str
) -> None:
    """Also where somebody else's email is just what was typed."""
    people = [Customer(f"k-{at}", "Ida Quistrup", updated_at=time) for at, time in enumerate(CHANGED)]
    company = Customer("c-1", "Idas Keramik", email="ida.quistrup@post.example")
    write(index, "first", *people, company)
    shown = [hit.customer for hit in index.search(understand(typed, SETTINGS), 12)]
    assert [customer for customer in shown if customer != company][:10] == latest(people)[:10]


@pytest.mark.parametrize("typed", ["ida quistrup", "quistrup ida", "quistrup quisthavn"])
def test_of_hundreds_who_fit_alike_the_recently_changed_come_first(index: CustomerIndex, typed: str) -> None:
    """Of more than 256 of one name those were shown whom the engine came upon."""
    changed = [CHANGED[0] + timedelta(hours=37 * at % 401) for at in range(401)]
    people = [
        Customer(f"k-{at}", "Ida Quistrup", city="Quisthavn", updated_at=time)
        for at, time in enumerate(changed)
    ]
    write(index, "first", *people)
    assert [hit.customer for hit in index.search(understand(typed, SETTINGS), 20)] == latest(people)[:20]


def test_whoever_is_called_so_comes_before_dozens_who_live_there(index: CustomerIndex) -> None:
    """Also where the city is seldom a city, and often a name."""
    there = [
        Customer(f"k-{at}", "Ida Quistrup", city="Quisthavn", updated_at=time)
        for at, time in enumerate(CHANGED[:40])
    ]
    others = [Customer(f"m-{at}", "Bo Quisthavn") for at in range(200)]
    called = Customer("c-1", "Quisthavn Bo Quistrup")
    write(index, "first", *there, *others, called)
    shown = [hit.customer for hit in index.search(understand("quistrup quisthavn", SETTINGS), 20)]
    assert shown == [called, *latest(there)[:19]]


@pytest.mark.parametrize("typed", ["nygade 1", "ida quistrup nygade 1", "quistrup nygade 1"])
def test_whoever_lives_in_the_house_comes_before_dozens_on_that_floor(
    index: CustomerIndex, typed: str
) -> None:
    floors = [
        Customer(f"k-{at + 200}", "Ida Quistrup", street=f"Nygade {50 + at}, 1. tv", updated_at=time)
        for at, time in enumerate(CHANGED[:40])
    ]
    write(index, "first", *floors, Customer("c-77", "Ida Quistrup", street="Nygade 1"))
    assert found(index, typed)[0] == "c-77"


@pytest.mark.parametrize("limit", [5, 20])
def test_of_dozens_called_the_other_way_round_whose_email_it_is_comes_first(
    index: CustomerIndex, limit: int
) -> None:
    people = [Customer(f"k-{at}", "Ida Quistrup", updated_at=time) for at, time in enumerate(CHANGED)]
    write(index, "first", *people, Customer("c-1", "Ida Quistrup", email="quistrup.ida@post.example"))
    shown = index.search(understand("quistrup ida", SETTINGS), limit)
    assert shown[0].customer.identifier == "c-1"


def test_of_dozens_whose_name_is_folded_to_a_company_form_the_recently_changed_come_first(
    index: CustomerIndex,
) -> None:
    people = [Customer(f"k-{at}", "Ås Quistrup", updated_at=time) for at, time in enumerate(CHANGED[:60])]
    companies = [Customer(f"c-{at}", f"Quist{at} A/S") for at in range(150)]
    write(index, "first", *people, *companies)
    assert [hit.customer for hit in index.search(understand("ås", SETTINGS), 20)] == latest(people)[:20]


def test_of_dozens_called_the_same_twice_the_recently_changed_come_first(index: CustomerIndex) -> None:
    """Among many who are so once."""
    twice = [Customer(f"k-{at}", "Bo Bø", updated_at=time) for at, time in enumerate(CHANGED[:60])]
    once = [Customer(f"m-{at}", "Bo", updated_at=time) for at, time in enumerate(CHANGED)]
    write(index, "first", *once, *twice)
    assert [hit.customer for hit in index.search(understand("bo bø", SETTINGS), 20)] == latest(twice)[:20]


def test_whoever_is_called_so_and_no_more_comes_first_of_hundreds(index: CustomerIndex) -> None:
    """Also side by side in the order in which it was typed."""
    forms = (Customer("", "Ida Quistrup"), Customer("", "Quistrup Ida"), Customer("", "Ida Maj Quistrup"))
    people = [
        replace(person, identifier=f"{at}-{person.identifier}")
        for at in range(4)
        for person in one_after_the_other(*forms)
    ]
    assert shown(index, "ida quistrup", people) == ["Ida Quistrup"] * 40
    assert shown(index, "quistrup ida", people) == ["Quistrup Ida"] * 40


def test_the_end_of_an_identifier_hides_nobodys_phone(index: CustomerIndex) -> None:
    """Of a hundred numbers that end so, identifiers among them, not all are looked at."""
    people = [
        Customer(f"k-{at}", "Ida", phone=f"+45 12{at:02}0815", updated_at=CHANGED[0]) for at in range(30)
    ]
    others = [Customer(f"m-{100 + at}0815", "Ole", updated_at=CHANGED[1]) for at in range(100)]
    assert shown(index, "0815", [*others, *people]) == ["Ida"] * 30 + ["Ole"] * 10


@pytest.mark.parametrize(
    ("typed", "name", "others"),
    [
        ("Lars Møller", "Lars Møller", "Lars Möller"),
        ("Bo Byg", "Bo Byg", "Bo Byg A/S"),
        ("Hans Peter Lind", "Hans Peter Lind", "Hans-Peter Lind"),
        ("Lars Hansen", "Lars Hansen", "Hansen Lars"),
        ("Lars Hult", "Lars Bo Hult", "Hult Ib Lars"),
        ("Lund Lund", "Lund Lund", "Lund"),
    ],
)
def test_dozens_who_fit_less_well_hide_nobody(
    index: CustomerIndex, typed: str, name: str, others: str
) -> None:
    """Though they were changed later, and fill the answer."""
    forms = (Customer("", name), Customer("", others))
    assert shown(index, typed, one_after_the_other(*forms))[:20] == [name] * 20


def test_the_end_of_an_identifier_beside_a_name_whoever_has_it_of_a_phone(index: CustomerIndex) -> None:
    people = [
        Customer("C-12152", "Ole Jensen", phone="+4520302124"),
        Customer("C-12124", "Kim Jensen"),
        Customer("C-12999", "Per Jensen", street="Vej 2124"),
    ]
    assert sorted(shown(index, "jensen 2124", people)) == ["Kim Jensen", "Ole Jensen", "Per Jensen"]


def test_of_an_end_that_dozens_share_beside_a_name_all_are_found(index: CustomerIndex) -> None:
    people = [
        Customer(f"AB{100 + at}-2024", "Kim Ry", updated_at=time) for at, time in enumerate(CHANGED[:60])
    ]
    write(index, "first", *people)
    assert [hit.customer for hit in index.search(understand("kim 2024", SETTINGS), 60)] == latest(people)


def test_the_end_of_an_identifier_beside_a_name(index: CustomerIndex) -> None:
    assert shown(index, "ida 0815", [Customer("m-120815", "Ida"), Customer("m-120816", "Ida")]) == ["Ida"]


def test_of_those_whose_number_ends_alike_the_recently_changed_come_first(index: CustomerIndex) -> None:
    people = [
        Customer(f"k-{at}", phone=f"+45 12{at:02}0815", updated_at=time)
        for at, time in enumerate(CHANGED[:100])
    ]
    write(index, "first", *people)
    assert [hit.customer for hit in index.search(understand("0815", SETTINGS), 10)] == latest(people)[:10]


def one_after_the_other(*forms: Customer) -> list[Customer]:
    """A hundred and one customers, as many of each form; those of the first ones were changed first, and are
    written last."""
    return latest(
        [
            replace(forms[at * len(forms) // len(CHANGED)], identifier=f"k-{at}", updated_at=time)
            for at, time in enumerate(sorted(CHANGED))
        ]
    )


def shown(index: CustomerIndex, typed: str, people: Iterable[Customer]) -> list[str]:
    write(index, "first", *people)
    return [hit.customer.name or "" for hit in index.search(understand(typed, SETTINGS), 40)]


@pytest.mark.parametrize("names", [["Quistrup", "Quistrup A/S", "Ida Quistrup", "Ida Maj Quistrup"]])
def test_of_those_who_have_a_word_in_their_name_those_who_are_called_little_else_come_first(
    index: CustomerIndex, names: list[str]
) -> None:
    """Though all others were changed later, and are more than can be looked at."""
    found = shown(index, "quistrup", one_after_the_other(*[Customer("", name) for name in names]))
    assert found == [names[0]] * 26 + [names[1]] * 14


def test_what_a_number_surely_is_comes_first(index: CustomerIndex) -> None:
    """The end of a phone before a postal code, whichever of the two an engine comes upon."""
    forms = (Customer("", "Ida", phone="+45 12340815"), Customer("", "Ole", postal_code="0815"))
    assert shown(index, "0815", one_after_the_other(*forms)) == ["Ida"] * 40


def test_of_those_with_another_form_of_the_name_the_recently_changed_come_first(
    index: CustomerIndex,
) -> None:
    people = [Customer(f"k-{at}", "Jack Quistrup", updated_at=time) for at, time in enumerate(CHANGED)]
    write(index, "first", *people)
    assert [hit.customer for hit in index.search(understand("john", SETTINGS), 10)] == latest(people)[:10]


def test_few_with_the_name_itself_hide_nobody_with_another_form_of_it(index: CustomerIndex) -> None:
    """Of hundreds with the other form those were shown whom the engine came upon."""
    people = [Customer(f"k-{at}", "Jack Quistrup", updated_at=time) for at, time in enumerate(CHANGED)]
    john = Customer("j-1", "John Quistrup", updated_at=CHANGED[0])
    write(index, "first", *people, john)
    shown = [hit.customer for hit in index.search(understand("john", SETTINGS), 10)]
    assert shown == [john, *latest(people)[:9]]


def test_in_a_city_nobody_comes_first_for_a_short_name(index: CustomerIndex) -> None:
    forms = (Customer("", "Ida", city="Quisthavn"), Customer("", "Ole Bo Dam", city="Quisthavn"))
    assert shown(index, "quisthavn", one_after_the_other(*forms)) == ["Ole Bo Dam"] * 40


def test_a_title_that_is_somebodys_name_hides_nobody(index: CustomerIndex) -> None:
    """Those beside her were any of them."""
    people = [Customer(f"k-{at}", "Ida Quistrup", updated_at=time) for at, time in enumerate(CHANGED)]
    fru = Customer("f-1", "Fru Quistrup", updated_at=CHANGED[0])
    write(index, "first", *people, fru)
    shown = [hit.customer for hit in index.search(understand("fru quistrup", SETTINGS), 12)]
    assert shown == [fru, *latest(people)[:11]]


def test_asa_is_no_company_form_of_hers(index: CustomerIndex) -> None:
    forms = (Customer("", "Åsa Quistrup"), Customer("", "Ida Quistrup"))
    assert shown(index, "quistrup", one_after_the_other(*forms)) == ["Ida Quistrup"] * 40


@pytest.mark.parametrize("count", [20, 40, 200])
def test_dozens_whose_email_begins_so_do_not_hide_the_one_with_that_identifier(
    index: CustomerIndex, count: int
) -> None:
    emails = [Customer(f"k-{at}", email=f"web12@p{at}.example", updated_at=CHANGED[1]) for at in range(count)]
    write(index, "first", *emails, Customer("WEB12", "Tom Holm", updated_at=CHANGED[0]))
    assert found(index, "WEB12")[0] == "WEB12"


@pytest.mark.parametrize("count", [40, 200])
def test_dozens_whose_email_begins_so_do_not_hide_an_identifier_that_is_a_word(
    index: CustomerIndex, count: int
) -> None:
    emails = [Customer(f"k-{at}", email=f"info@p{at}.example", updated_at=CHANGED[1]) for at in range(count)]
    write(index, "first", *emails, Customer("INFO", "Tom Bo Ole Holm", updated_at=CHANGED[0]))
    assert found(index, "info")[0] == "INFO"


@pytest.mark.parametrize("typed", ["ida quist ltd", "ltd ida quist", "ida quist lts"])
def test_whoever_nearly_has_what_the_others_lack_hides_nobody(index: CustomerIndex, typed: str) -> None:
    """Meilisearch came upon one whose `Ltz` is a letter away, and nobody else was looked for."""
    people = [Customer(f"k-{at}", "Ida Quist") for at in range(6)]
    write(index, "first", *people, Customer("z-1", "Ida Quist", additional_info="ltz"))
    assert {*found(index, typed)} == {"z-1", *(f"k-{at}" for at in range(6))}


@pytest.mark.parametrize("typed", ["ida å", "å ida", "ida aa"])
def test_a_letter_written_as_two_begins_a_name(index: CustomerIndex, typed: str) -> None:
    """Among a hundred that begin with the plain letter, however it is written there."""
    people = [Customer(f"k-{at}", "Ida Andersen", updated_at=time) for at, time in enumerate(CHANGED)]
    write(index, "first", *people, Customer("1", "Ida Åberg"), Customer("2", "Ida Aaberg"))
    assert {*found(index, typed)[:2]} == {"1", "2"}


@pytest.mark.parametrize("typed", ["ida quist 78", "78 quist ida", "quist 678", "idaquist 78"])
@pytest.mark.parametrize("of_each_name", [1, 5])
def test_the_last_digits_of_a_phone_single_out(index: CustomerIndex, typed: str, of_each_name: int) -> None:
    """Of fifty, and of two hundred and fifty, whose identifiers have no digit."""
    people = [
        Customer("x" * among + chr(300 + at), "Ida Quist", phone=f"+45 12{among}456{at:02}")
        for at in range(30, 80)
        for among in range(of_each_name)
    ]
    write(index, "first", *people)
    wanted = {person.identifier for person in people if (person.phone or "").endswith("78")}
    assert {*found(index, typed)[:of_each_name]} == wanted


@pytest.mark.parametrize(
    "typed",
    ["ida quist xyzzy", "ida quist ry", "ida xyzzy quist", "ida quist ug", "ida quisd", "ida bo quist"],
)
@pytest.mark.parametrize("count", [50, 101])
def test_beside_what_none_of_them_has_the_recently_changed_come_first(
    index: CustomerIndex, typed: str, count: int
) -> None:
    people = [Customer(f"k-{at}", "Ida Quist", updated_at=time) for at, time in enumerate(CHANGED[:count])]
    others = [Customer(f"r-{at}", "Bo Dam", city="Ry") for at in range(30)]
    write(index, "first", *people, *others)
    assert [hit.customer for hit in index.search(understand(typed, SETTINGS), 20)] == latest(people)[:20]
