"""What one lookup asks of Meilisearch, and what it does not ask again."""

from collections.abc import Set
from dataclasses import replace
from typing import Any

import pytest

from customers.candidate import candidate_reader
from customers.customer import Customer
from customers.document import customer_to_json
from customers.settings import SearchSettings
from customers.term import understand
from index.meilisearch_documents import BODY, GENERATION, ID
from index.meilisearch_questions import Questions
from index.meilisearch_searcher import Answer
from index.search import Found
from index.stages import near_query, sure_query, whole_query

SETTINGS = SearchSettings()
LARS = Customer("1", name="Lars Hansen")


class Server:
    """Has `people` like `one`, all of whom every search finds, and all searches as one `together` others.
    Keeps what was asked in one request."""

    def __init__(self, people: int, one: Customer = LARS, together: int = 0) -> None:
        self._people = people
        self._one = one
        self._together = together
        self.requests: list[list[str]] = []
        self.as_one: list[list[str]] = []

    def ask(self, searches: list[dict[str, Any]]) -> list[Answer]:
        self.requests.append([search["q"] for search in searches])
        return [self._answer(search["limit"], self._people) for search in searches]

    def ask_as_one(self, searches: list[dict[str, Any]], most: int) -> Answer:
        assert not any("limit" in search for search in searches)
        self.as_one.append([search["q"] for search in searches])
        return self._answer(most, self._together, first=100)

    def _answer(self, limit: int, people: int, first: int = 0) -> Answer:
        found = [
            {ID: number, GENERATION: "g", BODY: customer_to_json(replace(self._one, identifier=str(number)))}
            for number in range(first, first + min(limit, people))
        ]
        return Answer(found, people)


def questions(server: Server, enough: int = 24) -> Questions:
    return Questions(server, candidate_reader(SETTINGS), enough)


def test_enough_found_at_once_are_enough() -> None:
    server = Server(people=100)
    found = questions(server).find(sure_query(understand("lars hansen", SETTINGS)), 24)
    assert len(found.candidates) == 24
    assert found.matches == 100
    assert server.requests == [['"lars" "hansen"', '"larshansen"', '"lasse" "hansen"']]


def test_fewer_than_asked_for_are_looked_for_in_other_forms_too() -> None:
    server = Server(people=30)
    questions(server, enough=90).find(sure_query(understand("hansen", SETTINGS)), 90)
    assert len(server.requests) == 2


def test_what_gave_all_it_has_is_not_asked_for_more() -> None:
    server = Server(people=30)
    asked = questions(server)
    query = sure_query(understand("hansen", SETTINGS))
    asked.find(query, 24)
    assert len(asked.find(query, 64).candidates) == 30
    asked.find(query, 256)
    assert server.requests == [['"hansen"']] * 2


def test_too_few_of_one_name_are_looked_for_in_other_forms_too() -> None:
    server = Server(people=3)
    found = questions(server).find(sure_query(understand("hansen", SETTINGS)), 24)
    assert len(found.candidates) == 3
    assert server.requests == [['"hansen"'], ["hansen"]]


def test_whom_three_words_fit_is_not_enough() -> None:
    """Hanne Knutsen in Karlsen hid Knut Karlsen in Hannasjøen: nobody's city is found by its beginning so."""
    server = Server(people=1)
    questions(server).find(sure_query(understand("knut karlsen hann", SETTINGS)), 24)
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    ("typed", "requests"), [("lars hanse", 2), ("hansen larss", 2), ("lar hansen", 1), ("ny hansen", 1)]
)
def test_whom_a_word_only_begins_is_enough_where_it_is_short(typed: str, requests: int) -> None:
    """Whoever lives where a longer one begins the place is looked for by the next round only: one Holger
    Hansen hid all the Hansens in Holstebro."""
    server = Server(people=1, one=replace(LARS, street="Nygade 12"))
    questions(server).find(sure_query(understand(typed, SETTINGS)), 24)
    assert len(server.requests) == requests


def test_two_words_of_a_name_in_one_are_enough() -> None:
    server = Server(people=1, one=Customer("1", name="Anne-Marie Dam"))
    questions(server).find(sure_query(understand("annemarie dam", SETTINGS)), 24)
    assert len(server.requests) == 1


def test_whom_two_words_fit_as_they_are_is_enough() -> None:
    """It took twice as long to look for those too whom they might begin."""
    server = Server(people=1)
    questions(server).find(sure_query(understand("lars hansen", SETTINGS)), 24)
    assert server.requests == [['"lars" "hansen"', '"larshansen"', '"lasse" "hansen"']]


@pytest.mark.parametrize(
    ("typed", "requests"),
    [
        ("12 34 56 78", 1),  # a whole phone
        ("45 12 34 56 78", 1),  # in another writing
        ("dam 5678", 1),
        ("nygade 12", 1),
        ("12 34 56 7", 2),  # a beginning may be anything else
        ("dam 1234", 2),
        ("da 5678", 1),
        ("nygade 1", 1),  # is not asked in two
        ("nygad 12", 2),
    ],
)
def test_whom_one_number_fits_whole_is_enough(typed: str, requests: int) -> None:
    ida = Customer(
        "1",
        name="Ida Dam",
        phone="12345678",
        email="ida.dam@post.example",
        street="Nygade 12",
        organization_number="87654321",
    )
    server = Server(people=1, one=ida)
    questions(server).find(sure_query(understand(typed, SETTINGS)), 24)
    assert len(server.requests) == requests


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("lars hansen", [['"lars" "hansen"', '"larshansen"', '"lasse" "hansen"']]),
        ("mar cus olsen", [['"mar" "cus" "olsen"'], ["mar cus olsen"]]),
        ("hansen", [['"hansen"']]),
        ("bobby", [['"bobby"'], ["bobby", "robert"]]),
    ],
)
def test_nobody_whom_they_fit_is_not(typed: str, asked: list[list[str]]) -> None:
    """One or two words are mistyped then: what may be is left to the near query, which asks that first."""
    server = Server(people=0)
    term = understand(typed, SETTINGS)
    asks = questions(server)
    asks.find(sure_query(term), 24)
    assert [request[: len(first)] for request, first in zip(server.requests, asked, strict=True)] == asked
    asks.find(near_query(term), 64)
    assert typed in [words for request in server.requests for words in request]


def test_no_search_is_sent_twice() -> None:
    server = Server(people=3)
    asked = questions(server)
    term = understand("lars hansen", SETTINGS)
    asked.find(sure_query(term), 24)
    asked.find(near_query(term), 64)
    searches = [words for request in server.requests for words in request]
    assert len(server.requests) > 1
    assert sorted(searches) == sorted({*searches})


def test_the_generations_of_what_was_found() -> None:
    asked = questions(Server(people=1))
    asked.find(sure_query(understand("lars hansen", SETTINGS)), 24)
    assert asked.generations == {"g"}


def test_which_generations_those_are_of_who_come_first_is_seen_too() -> None:
    """A lookup that sees two is done again."""
    asked = questions(Server(people=100))
    found = asked.first(whole_query(understand("hansen", SETTINGS), 0.0), 24)
    assert {candidate.customer for candidate in found} == {
        replace(LARS, identifier=str(at)) for at in range(24)
    }
    assert asked.generations == {"g"}


@pytest.mark.parametrize(
    ("many", "asked_after"),
    [
        (frozenset({"place_beginnings", "joined"}), [["places", "joined"], ["codes", "joined"]]),
        (frozenset({"place_beginnings"}), [["places", "joined"]]),
        (frozenset(), []),
    ],
)
def test_each_that_a_word_can_be_is_asked_for_in_its_own_order(
    many: Set[str], asked_after: list[list[str]]
) -> None:
    """Unless all who have it anywhere were found by then: as a code and as neighbours in one by one search,
    unless `many` have it so. (Searches are told here by the last of their fields.)"""
    few, by_name, others = 3, ["others_in_name:asc", "order:desc"], ["order:desc"]
    sorts = {"place_beginnings": by_name, "joined": by_name, "codes": others, "places": others}
    server, requests = Server(people=100), []

    class Some:
        def ask(self, searches: list[dict[str, Any]]) -> list[Answer]:
            fields = [search["attributesToSearchOn"][-1] for search in searches]
            requests.append(fields)
            assert [search["sort"] for search in searches] == [sorts[field] for field in fields]
            found = zip(fields, server.ask(searches), strict=True)
            return [answer if field in many else Answer(answer.hits[:few], few) for field, answer in found]

        def ask_as_one(self, searches: list[dict[str, Any]], most: int) -> Answer:
            raise AssertionError("these are to be told apart")

    asked = Questions(Some(), candidate_reader(SETTINGS), 24)
    asked.first(whole_query(understand("hansen", SETTINGS), 0.0), 24)
    assert requests == [["place_beginnings"], *asked_after]


def test_what_a_mistake_leaves_of_a_number_is_asked_for_as_one() -> None:
    """Few are found by it, and so all of them are, beside those who were found before."""
    server = Server(people=3, together=5)
    found = look_wider(server, "12345678")
    assert len(found.candidates) == found.matches == 3 + 5
    assert server.requests == [["12345678"]]
    assert server.as_one == [
        ['"45678"', '"i45678"', '"123678"', '"12435678"', '"12346578"', "123456", "12345"]
    ]


def test_where_many_have_that_each_is_asked_for_by_itself() -> None:
    server = Server(people=3, together=64)
    look_wider(server, "12345678")
    assert server.requests == [["12345678"], *server.as_one]


def test_what_many_may_have_is_asked_for_by_itself() -> None:
    server = Server(people=3, together=5)
    look_wider(server, "lars@example.com")
    assert not server.as_one


def look_wider(server: Server, term: str) -> Found:
    understood, asked = understand(term, SETTINGS), questions(server)
    asked.find(sure_query(understood), 20)
    return asked.find(near_query(understood), 64)
