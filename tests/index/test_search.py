"""How far a search goes: no further than until somebody fits."""

import pytest

from customers.candidate import Candidate
from customers.customer import Customer
from customers.keys import KeyField
from customers.settings import SearchSettings
from customers.term import understand
from index.query import Match, Query
from index.search import Found, search
from index.stages import called_query, code_query, loose_query, near_query, sure_query, whole_query

SETTINGS = SearchSettings()
PETER = Candidate(
    Customer("1", name="Peter Frederiksen", street="Hans Holms Vej 12", city="Silkeborg"), SETTINGS
)


def nobody(query: Query, wanted: int) -> list[Candidate]:
    """An engine that has nobody to hand over first."""
    return []


def asked(text: str, *, found_by: str) -> list[str]:
    """The stages that a search for `text` asks, where Peter Frederiksen is found from one of them on."""
    term = understand(text, SETTINGS)
    queries = {"sure": sure_query(term), "near": near_query(term), "loose": loose_query(term)}
    stages = []

    def find(query: Query, wanted: int) -> Found:
        stages.append(next(stage for stage, known in queries.items() if known == query))
        return Found([PETER], 1) if found_by in stages else Found([], 0)

    search(term, 20, find, nobody, lambda identifier: None)
    return stages


@pytest.mark.parametrize(
    ("typed", "found_by", "stages"),
    [
        ("peter frederiksen", "sure", ["sure"]),
        ("fred", "sure", ["sure"]),
        # Most of the city is enough beside a name; less of it may as well be a mistyped name.
        ("peter silkebo", "sure", ["sure"]),
        ("pete silkebo", "sure", ["sure", "near"]),
        ("peter silke", "sure", ["sure", "near"]),
        ("peter frederiksen silkebo", "sure", ["sure", "near"]),
        # A street may be one too, but not its number, nor where it stands by itself.
        ("peter holms", "sure", ["sure", "near"]),
        ("peter 12", "sure", ["sure"]),
        ("peter 1", "sure", ["sure"]),
        ("hans holms", "sure", ["sure"]),
        # Before a name even all of it.
        ("silkeborg frederiksen", "sure", ["sure", "near"]),
        ("silkebo", "sure", ["sure", "near"]),
        ("peter frederiksne", "near", ["sure", "near"]),
        ("peter fredrikson", "near", ["sure", "near"]),
        ("frederiksne", "near", ["sure", "near"]),
        ("peter qwx frederiksen", "loose", ["sure", "near", "loose"]),
        # Whoever is called Peter Frederiksen too would stand above somebody whom only the words fit.
        ("peter frederiksen frid", "near", ["sure", "near", "loose"]),
        ("qwx frederiksen", "near", ["sure", "near", "loose"]),
    ],
)
def test_no_further_than_until_every_word_fits(typed: str, found_by: str, stages: list[str]) -> None:
    assert asked(typed, found_by=found_by) == stages


def test_where_words_may_be_missing_one_digit_begins_no_place() -> None:
    """`petr hansen 1` found the Hansens in the hundreds before Peter Hansen."""
    query = loose_query(understand("petr hansen 1", SETTINGS))
    clauses = [clause for reading in query for word in reading.words for clause in word.clauses]
    assert not [clause for clause in clauses if clause.token == "1" and clause.match is Match.PREFIX]


@pytest.mark.parametrize(
    ("typed", "begun"),
    [("jepsen ta", "ta"), ("nygade 9", "9"), ("jepsen t", None), ("ta", None), ("9", None), ("60 2", None)],
)
def test_what_may_begin_a_place(typed: str, begun: str | None) -> None:
    """A city behind a name, and the number of a house; two numbers are a phone."""
    query = sure_query(understand(typed, SETTINGS))
    clauses = [clause for reading in query for word in reading.words for clause in word.clauses]
    places = {
        clause.token for clause in clauses if clause.match is Match.PREFIX and clause.field is KeyField.PLACES
    }
    assert {place for place in places if len(place) < 3} == ({begun} if begun else set())


def test_a_doubtful_customer_does_not_hide_who_is_named_but_for_one_word() -> None:
    """`fra Nielsen` written as one is two letters away from Danielsen."""
    doubtful = Candidate(Customer("1", name="Ola Danielsen", city="Kristiansen"), SETTINGS)
    named = Candidate(Customer("2", name="Kristian Nielsen"), SETTINGS)
    term = understand("Kristian fra Nielsen", SETTINGS)

    def find(query: Query, wanted: int) -> Found:
        return Found([named] if query == loose_query(term) else [doubtful], 1)

    assert search(term, 20, find, nobody, lambda identifier: None)[0].customer == named.customer


@pytest.mark.parametrize(
    ("typed", "required"),
    [("hej jensen", 1), ("per qwx jensen", 2), ("hej per jensen tak", 2), ("hej til per jensen tak", 3)],
)
def test_how_many_words_must_fit_at_last(typed: str, required: int) -> None:
    assert loose_query(understand(typed, SETTINGS))[0].required == required


def test_of_two_hundred_namesakes_the_right_ones_are_shown() -> None:
    """The engine finds them in no order that means anything."""
    namesakes = [
        Candidate(Customer(f"{number:03}", name="Peter Holm", city="Vejle"), SETTINGS)
        for number in reversed(range(200))
    ]
    found = search(
        understand("peter holm", SETTINGS),
        3,
        lambda query, wanted: Found(namesakes[:wanted], len(namesakes)),
        nobody,
        lambda identifier: None,
    )
    assert [hit.customer.identifier for hit in found] == ["000", "001", "002"]


@pytest.mark.parametrize(
    ("typed", "matches", "looked_at"),
    [
        ("peter holm", 30, [20, 30]),
        ("peter holm", 200, [20, 200]),
        ("peter holm", 1_000, [20, 256]),
        ("peter holm vejle", 200, [20, 200]),
        # Of an address alone everybody there fits. An engine may have counted numbers that begin so.
        ("7100 vejle", 200, [20, 64]),
        ("7100", 200, [20]),
        # A letter may follow, which tells more than a look at more of so many.
        ("peter ho", 60, [20, 60]),
        ("peter ho", 200, [20]),
        ("peter holm", 20, [20]),
        # By one word thousands may be called. But `Holm A/S` is not who is called that and no more.
        ("holm", 200, [20]),
        ("holm", 60, [20, 60]),
        # Nobody of whom fits at all.
        ("qwx xyz", 200, [20, 64, 64]),
    ],
)
def test_how_many_who_fit_alike_are_looked_at(typed: str, matches: int, looked_at: list[int]) -> None:
    people = [
        Candidate(Customer(str(number), name="Peter Holm", postal_code="7100", city="Vejle"), SETTINGS)
        for number in range(matches)
    ]
    wanted_each = []

    def find(query: Query, wanted: int) -> Found:
        wanted_each.append(wanted)
        return Found(people[:wanted], matches)

    search(understand(typed, SETTINGS), 20, find, nobody, lambda identifier: None)
    assert wanted_each == looked_at


@pytest.mark.parametrize(
    ("typed", "matches", "is_asked"),
    [
        ("frederiksen", 21, True),
        ("frederiksen", 20, False),
        ("frede", 21, False),
        ("frederiksne", 21, False),
        ("peter frede", 21, False),
        ("peter frederiksen", 21, True),
        ("peter frederiksen", 20, False),
        ("frederiksen peter", 21, True),
    ],
)
def test_of_too_many_with_the_same_words_the_first_are_asked_for(
    typed: str, matches: int, is_asked: bool
) -> None:
    """Of beginnings nobody can say who is meant: the next letter tells."""
    asked_for = []

    def first(query: Query, wanted: int) -> list[Candidate]:
        asked_for.append((query, wanted))
        return []

    term = understand(typed, SETTINGS)
    search(term, 20, lambda query, wanted: Found([PETER], matches), first, lambda identifier: None)
    [words] = term.readings
    asked = (
        whole_query(term, 0.0)
        if len(words) == 1
        else called_query(
            [word.text for word in words],
            [KeyField.NAMES] * 2,
            "frederiksenpeter",
            out_of_order=typed.endswith("peter"),
        )
    )
    assert asked_for == ([(asked, 20)] if is_asked else [])


@pytest.mark.parametrize(
    ("typed", "name", "looked_at"),
    [
        ("soeren dam", "Soeren Dam", [20]),
        # One who is written as typed may be among the others.
        ("soeren dam", "Søren Dam", [20, 200]),
        ("soeren dam", "Soeren-Dam", [20, 200]),
        ("soeren dam", "Soeren Dam A/S", [20, 200]),
        # Whoever is called so in the order that was typed is among the first too, if there is anybody.
        ("soeren dam", "Dam, Soeren", [20]),
        ("dam soeren", "Soeren Dam", [20]),
        ("dam soeren", "Søren Dam", [20, 200]),
        ("dam soeren", "Soeren Dam A/S", [20, 200]),
        ("dam soeren", "Soeren Bo Dam", [20, 200]),
        ("dam vejle", "Soeren Dam", [20]),
    ],
)
def test_where_enough_are_the_first_of_all_no_more_are_looked_at(
    typed: str, name: str, looked_at: list[int]
) -> None:
    """It took longer to rank 256 of one name than to find them."""
    wanted_each = []
    people = [Candidate(Customer(str(at), name=name, city="Vejle"), SETTINGS) for at in range(200)]

    def find(query: Query, wanted: int) -> Found:
        wanted_each.append(wanted)
        return Found(people[:wanted], 200)

    def first(query: Query, wanted: int) -> list[Candidate]:
        return people[-wanted:]

    search(understand(typed, SETTINGS), 20, find, first, lambda identifier: None)
    assert wanted_each == looked_at


@pytest.mark.parametrize(("count", "stages"), [(20, ["sure", "near"]), (19, ["sure", "near", "loose"])])
def test_whoever_lacks_a_word_is_not_looked_for_where_none_would_be_shown(
    count: int, stages: list[str]
) -> None:
    """One of four letters mistyped fits so little that they were, and it took as long as all the rest."""
    jens = [Candidate(Customer(str(at), name="Jens Dam"), SETTINGS) for at in range(count)]
    term = understand("jesn dam", SETTINGS)
    queries = {sure_query(term): "sure", near_query(term): "near", loose_query(term): "loose"}
    seen = []

    def find(query: Query, wanted: int) -> Found:
        seen.append(queries[query])
        return Found([], 0) if seen == ["sure"] else Found(jens, count)

    search(term, 20, find, nobody, lambda identifier: None)
    assert seen == stages


def test_who_is_surely_less_than_all_who_are_shown_is_not_asked_for() -> None:
    """Nobody in a street of that name comes before twenty who are called so."""
    asked: list[KeyField] = []
    people = [Candidate(Customer(str(at), name="Peter Frederiksen"), SETTINGS) for at in range(20)]

    def first(query: Query, wanted: int) -> list[Candidate]:
        asked.extend(clause.field for reading in query for word in reading.words for clause in word.clauses)
        return []

    search(
        understand("frederiksen", SETTINGS), 20, lambda *_: Found(people, 100), first, lambda identifier: None
    )
    assert asked == [KeyField.NAMES, KeyField.CODES, KeyField.JOINED]


def test_whoever_wants_a_hundred_has_as_many_looked_at() -> None:
    wanted_each = []

    def find(query: Query, wanted: int) -> Found:
        wanted_each.append(wanted)
        return Found([PETER], 1_000)

    search(understand("qwx xyz", SETTINGS), 100, find, nobody, lambda identifier: None)
    assert wanted_each == [100, 100, 100]


def test_no_more_are_looked_at_where_some_of_the_few_already_fit_less_well() -> None:
    holms = [Candidate(Customer(str(at), name="Peter Holm"), SETTINGS) for at in range(23)]
    nobody_better = Candidate(Customer("A", name="Peter Dam", street="Hovedgaden 1"), SETTINGS)
    wanted_each = []

    def find(query: Query, wanted: int) -> Found:
        wanted_each.append(wanted)
        return Found([*holms, nobody_better], 60)

    search(understand("peter ho", SETTINGS), 20, find, nobody, lambda identifier: None)
    assert wanted_each == [20]


def test_a_code_is_asked_for_by_itself_too_before_words_are_left_out() -> None:
    """Whatever stands beside it; and of many who share it whom the others fit is left to the loose query."""
    term = understand("hej tlf 93003112", SETTINGS)
    asked: list[Query] = []

    def find(query: Query, wanted: int) -> Found:
        asked.append(query)
        return Found([], 0)

    search(term, 20, find, nobody, lambda identifier: None)
    assert asked[-2:] == [code_query(term), loose_query(term)]
    assert [[word.text for word in reading.words] for reading in code_query(term)] == [["93003112"]]
    assert not code_query(understand("hej tlf 5678", SETTINGS))


def test_a_first_name_is_no_company_form() -> None:
    """`åsa` is folded to `asa`, which would be every company of that form."""
    weights = [
        sure_query(understand(text, SETTINGS))[0].words[0].clauses[0].weight for text in ("åsa", "asa")
    ]
    assert weights[0] > 1 > weights[1]


def test_nothing_is_loose_about_one_word() -> None:
    assert asked("qwx", found_by="nothing") == ["sure", "near"]
