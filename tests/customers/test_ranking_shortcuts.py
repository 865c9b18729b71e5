"""What ranking does not look at, to be quick, would not have changed the answer."""

from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers import candidate, evidence, ranking, reading, spelling
from customers.candidate import Candidate
from customers.customer import Customer
from customers.fit import NO_FIT
from customers.readings import readings_of
from customers.settings import SearchSettings
from customers.sound import sound
from customers.term import understand

SETTINGS = SearchSettings(default_region="DK")

# Few letters and near each other, so that beginnings, typos, joined words and other forms all come up.
_NAMES = ["lars", "larsen", "hansen", "hansne", "han", "sen", "l", "søren", "soeren", "bob", "robert", "a/s"]
_OTHERS = ["kristian", "christian", "nygade", "12", "8000", "2345", "12345678", "12345679", "dk12345678"]
_WORDS = st.sampled_from([*_NAMES, *_OTHERS])
_TEXT = st.lists(_WORDS, min_size=1, max_size=3).map(" ".join)
_EMAILS = st.sampled_from([None, "lars.hansen@example.com", "larsen@example.com", "12345678@example.com"])
_CUSTOMERS = st.builds(
    Customer,
    identifier=st.sampled_from(["C-12345", "12345678", "002345"]),
    name=st.none() | _TEXT,
    phone=st.sampled_from([None, "+45 12 34 56 78", "12345679", "0812345678"]),
    street=st.none() | _TEXT,
    email=_EMAILS,
    organization_number=st.sampled_from([None, "DK12345678"]),
)


def _found(text: str, customer: Customer) -> list[tuple[float, bool, bool]]:
    found = ranking.Ranking(understand(text, SETTINGS))
    found.add([Candidate(customer, SETTINGS)])
    return [(round(hit.score, 9), found.is_sure, found.is_near) for hit in found.best(1)]


@given(_TEXT, _CUSTOMERS)
def test_a_reading_that_cannot_win_is_left_out(text: str, customer: Customer) -> None:
    with mock.patch.object(reading.Reading, "_floor", return_value=0.0):
        thorough = _found(text, customer)
    assert _found(text, customer) == thorough


@given(_TEXT, _CUSTOMERS)
def test_mistakes_are_looked_for_only_where_they_could_win(text: str, customer: Customer) -> None:
    with mock.patch.object(evidence, "MOST_MISTYPED", 2.0):
        thorough = _found(text, customer)
    assert _found(text, customer) == thorough


class _Everything(str):
    """A text in which everything is found."""

    __slots__ = ()

    def __contains__(self, word: object) -> bool:
        return True


@given(_TEXT, _CUSTOMERS)
def test_what_a_look_into_a_text_rules_out_could_not_fit(text: str, customer: Customer) -> None:
    with mock.patch.object(candidate, "_lines", return_value=_Everything()):
        thorough = _found(text, customer)
    assert _found(text, customer) == thorough


@given(_TEXT, _CUSTOMERS)
def test_letters_that_rule_a_mistake_out_rule_no_other_out(text: str, customer: Customer) -> None:
    with mock.patch.object(spelling, "_outline", lambda word: (0, sound(word))):
        thorough = _found(text, customer)
    assert _found(text, customer) == thorough


@given(_TEXT, _CUSTOMERS)
def test_the_only_word_of_the_only_reading_fits_as_any_other(text: str, customer: Customer) -> None:
    with mock.patch.object(
        reading.Reading, "fit_alone", lambda only, held: only.fit(held, {}, reading.NOTHING)
    ):
        thorough = _found(text, customer)
    assert _found(text, customer) == thorough


@pytest.mark.parametrize(
    ("text", "most"),
    [
        ("jesn", 0.0),
        ("jesn dam", 5 / 9),
        ("dam jesn", 5 / 9),
        # A company form that is missing says little.
        ("jensen a/s", 6 / 6.5),
        # Whoever is named whole, or has a whole number, scores more than the other words say.
        ("ida bo jensen", reading.NAMED),
        ("jensen 12345678", reading.NAMED),
    ],
)
def test_what_nobody_scores_more_than_who_lacks_a_word(text: str, most: float) -> None:
    assert ranking.Ranking(understand(text, SETTINGS)).most_lacking == pytest.approx(most)


@given(_TEXT, _CUSTOMERS)
def test_nobody_who_lacks_a_word_scores_more_than_that(text: str, customer: Customer) -> None:
    """So nobody need be looked for who does, where all who would be shown score more."""
    held = Candidate(customer, SETTINGS)
    for each in readings_of(understand(text, SETTINGS)):
        score, fits = each.fit(held, {}, reading.NOTHING)
        if len(fits) > 1 and NO_FIT in fits:
            most = max(score, each.named(fits, held), each.coded(score, fits) if each.has_code else 0.0)
            assert most <= each.most_lacking + 1e-9


def test_a_candidate_counts_once() -> None:
    found = ranking.Ranking(understand("hansen", SETTINGS))
    found.add([Candidate(Customer("1", "Lars Hansen"), SETTINGS)])
    found.add(
        [Candidate(Customer("1", "Lars Hansen"), SETTINGS), Candidate(Customer("2", "Hansen"), SETTINGS)]
    )
    assert [fit.customer.identifier for fit in found.best(9)] == ["2", "1"]
