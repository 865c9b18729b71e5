"""What is asked of Meilisearch for the mistakes that it does not forgive by itself."""

import pytest

from customers.settings import SearchSettings
from customers.term import understand
from index.meilisearch_query import searches
from index.stages import wide_query


def asked(text: str) -> list[str]:
    """The words of each search of the second stage."""
    return [search["q"] for search in searches(wide_query(understand(text, SearchSettings())), 64)]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("55054457", "55045457"), ("0760033940", "760303940"), ("0728108607", "728018607")],
)
def test_two_swapped_digits_in_the_middle_of_a_number(typed: str, meant: str) -> None:
    assert meant in asked(typed)


def test_a_mistyped_email_is_looked_for_by_its_names_and_its_provider() -> None:
    assert "gmailcom laueen wiliams" in asked("laueen.wiliams7@gmail.com")


def test_a_mistyped_email_is_looked_for_by_its_beginning_and_its_provider() -> None:
    assert "gmailcom john" in asked("johnfrser2153@gmail.com")


def test_either_of_two_words_may_be_useless() -> None:
    """`qwx` is a typing error away from `qw`, so Meilisearch would rather leave out the commoner name."""
    assert {"qwx frederiksen", "qwx", "frederiksen"} <= set(asked("qwx frederiksen"))


def test_no_more_searches_than_a_round_trip_bears() -> None:
    assert len(asked("anne marie louise van den berg 12345678 nygade 12 aarhus")) <= 16
