"""The benchmark judges rightly: its typing errors, who it takes for right, and how it counts."""

from random import Random

import pytest

from bench.relevance.classes.identifiers import identifier_unfinished
from bench.relevance.directory import Directory
from bench.relevance.metrics import Answer, score
from bench.relevance.mistakes import KINDS, mistype
from bench.relevance.people import Person, people
from bench.relevance.phones import Phone
from bench.relevance.question import Asker, Question
from bench.relevance.spelling import plain, spelled
from customers.customer import Customer

LARS, LASSE, SOREN, SOREN_BO = "lars", "lasse", "soren", "soren-bo"


def person(identifier: str, first: str, last: str, middle: str = "") -> Person:
    phone = Phone("45", "", "12345678")
    customer = Customer(
        identifier=identifier, name=f"{first} {middle} {last}", phone="12345678", city="Odense"
    )
    return Person(customer, "da", first=first, middle=middle, last=last, phone=phone)


@pytest.fixture
def directory() -> Directory:
    everybody = Directory()
    everybody.add(person(LARS, "Lars", "Nørgaard"))
    everybody.add(person(LASSE, "Lasse", "Nørgaard"))
    everybody.add(person(SOREN, "Søren", "Åkjær"))
    everybody.add(person(SOREN_BO, "Søren", "Åkjær", middle="Bo"))
    everybody.finish()
    return everybody


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        (["lars", "nørgaard"], {LARS}),
        (["soeren", "aakjaer"], {SOREN}),
        (["soren", "bo", "akjaer"], {SOREN_BO}),
        (["lars", "nørgard"], {LARS}),
        (["nørgaard"], {LARS, LASSE}),
        (["peter", "nørgaard"], set()),
    ],
)
def test_the_nearest_are_right(directory: Directory, typed: list[str], right: set[str]) -> None:
    assert directory.right(directory.nearest(typed, 1)) == right


def test_digits_that_are_somebodys_identifier_already_are_not_only_unfinished() -> None:
    everybody = Directory()
    whole, unfinished = person("KD001239", "Lars", "Holm"), person("12391", "Ida", "Ny")
    everybody.add(whole)
    everybody.add(unfinished)
    everybody.finish()
    question = identifier_unfinished(Asker(everybody, Random(1)), unfinished)
    assert question == Question("1239", frozenset({"KD001239", "12391"}), "da")


def test_every_beginning_needs_a_word_of_its_own(directory: Directory) -> None:
    assert directory.right(directory.beginning(["la", "nø"])) == {LARS, LASSE}
    assert directory.right(directory.beginning(["s", "sø"])) == set()


def test_the_first_people_do_not_depend_on_how_many_there_are() -> None:
    assert list(people("tuning", 50)) == list(people("tuning", 80))[:50]


def test_two_seeds_are_different_people() -> None:
    names = [{one.customer.name for one in people(seed, 100)} for seed in ("tuning", "report")]
    assert len(names[0] & names[1]) < 20


@pytest.mark.parametrize("kind", KINDS)
def test_a_mistake_changes_the_word(kind: str) -> None:
    assert mistype("Hansen", kind, 2, Random(1)) not in ("hansen", None)


def test_swapping_equal_letters_is_no_mistake() -> None:
    assert mistype("anna", "transposed", 1, Random(1)) is None


def test_spellings() -> None:
    assert (plain("Søren Müller"), spelled("Søren Müller")) == ("soren muller", "soeren mueller")


def test_score_counts_ranks_and_empty_answers() -> None:
    asked, nobody = Question("lars", frozenset({"1"})), Question("xyzzy", frozenset())
    answers = [
        Answer(asked, ["1", "2"], 0.001),
        Answer(asked, ["2", "1"], 0.001),
        Answer(nobody, [], 0.001),
        Answer(nobody, ["1"], 0.001),
    ]
    counted = score(answers)
    assert (counted.first, counted.top_three, counted.reciprocal_rank) == (0.5, 0.75, 0.625)
