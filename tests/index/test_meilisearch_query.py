"""What is asked of Meilisearch, and in how many rounds."""

import pytest

from customers.settings import SearchSettings
from customers.term import Term, understand
from index.meilisearch_pieces import pieces_of_email
from index.meilisearch_rounds import rounds
from index.meilisearch_search import Search
from index.stages import code_query, loose_query, near_query, sure_query


def term(text: str) -> Term:
    return understand(text, SearchSettings())


def sure(text: str) -> list[list[str]]:
    """The words of each search of the sure stage, round by round."""
    return [[search.words for search in asked] for asked in rounds(sure_query(term(text)), 24)]


def near(text: str) -> list[str]:
    """The words of each search of the near stage, which has one round."""
    (asked,) = rounds(near_query(term(text)), 64)
    return [search.words for search in asked]


def loose(text: str) -> dict[Search, int]:
    """The searches of the loose stage, which has one round."""
    (asked,) = rounds(loose_query(term(text)), 64)
    return asked


def test_names_are_first_looked_for_as_they_are_typed() -> None:
    assert sure("lars hansen") == [
        ['"lars" "hansen"', '"larshansen"', '"lasse" "hansen"'],
        ["lars hansen", '"lasse" "hansen"'],
    ]


@pytest.mark.parametrize(
    ("typed", "more"), [("anna berg", 0), ("an ber", 0), ("anna bergs", 1), ("lar", 0), ("john", 1)]
)
def test_short_words_are_looked_for_once(typed: str, more: int) -> None:
    """All their beginnings are kept, of names and of places: another round would find the same again, and
    typing errors that nobody made."""
    assert len(sure(typed)) == 1 + more


def test_only_the_first_search_gives_as_many_as_are_wanted() -> None:
    _, (*limits,) = (list(each.values()) for each in rounds(sure_query(term("lars hansen")), 90))
    assert limits == [90, 20]


def test_those_who_are_called_by_another_form_of_the_name_come_with_the_first_and_behind_them() -> None:
    """Where a Bob Smith is found, nobody looks further, and Robert Smith may be meant."""
    first, _ = rounds(sure_query(term("bob smith")), 24)
    assert {search.words: search.comes_last for search in first} == {
        '"bob" "smith"': False,
        '"bobsmith"': False,
        '"robert" "smith"': True,
    }


def test_so_do_those_for_what_a_mistyped_code_begins_with_which_many_share() -> None:
    (asked,) = rounds(near_query(term("47936430")), 64)
    assert {asked[search] for search in asked if search.words in {"479364", "47936"}} == {64}


def test_a_number_of_up_to_six_digits_is_looked_for_as_the_end_of_others_in_their_order() -> None:
    assert sure("123456") == [["123456", '"123456"', '"i123456"']]
    assert sure("1234567")[0] == ["1234567"]


def test_first_letters_are_looked_for_in_both_their_writings() -> None:
    assert sure("zæ")[0] == ['"za"', '"zae"']


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("12 34 56 78", ["12345678"]),
        # Begun or whole: the last digits of a phone, a house.
        ("hansen 5678", ['"hansen" 5678', '"hansen" "i5678"', '"hansen5678"']),
        ("nygade 12", ['"nygade" "12"', '"nygade" 12', '"nygade12"']),
        ("lasse 5678", ['"lasse" 5678', '"lasse" "i5678"', '"lasse5678"', '"lars" "5678"']),
    ],
)
def test_one_number_is_first_looked_for_with_all_that_is_letters_whole(typed: str, first: list[str]) -> None:
    """It was looked for in every other form with the first request, which took half as long again."""
    assert sure(typed)[0] == first


@pytest.mark.parametrize(
    "typed",
    [
        "0206",  # kept without its zero too
        "+46 0206",
        "5678",
        "12 hansen",
        "hansen 2",  # house 24
        "nygade 12 2",  # house 122, or 12 on the second floor
        "C-1234",
        "hansen C-1234",
        "ida.dam@post.example",
    ],
)
def test_what_may_be_somebody_elses_too_is_asked_in_one_round(typed: str) -> None:
    assert len(sure(typed)) == 1


def test_of_two_numbers_both_are_asked_for() -> None:
    """Where the owner of the first one was found, the other one was not looked for."""
    [asked] = rounds(code_query(term("xyzzy 87654321 0701234567")), 64)
    assert {"701234567", '"87654321"'} <= {search.words.strip() for search in asked}


@pytest.mark.parametrize(
    ("typed", "searches"),
    [
        ("nyga 12", ["nyga 12", '"12" nyga']),
        ("nyga 127", ["nyga 127", '"127" nyga']),
        # The last digits of a phone: Hansen is whole, and one search enough; and one for an identifier.
        ("hansen 5678", ["hansen 5678", '"hansen" "i5678"', "hansen5678"]),
        ("ny 12", ['"ny" 12', '"ny" "12"']),
        ("nygade 12 vejl", ['nygade "12" vejl']),
    ],
)
def test_a_street_may_be_unfinished_before_its_house(typed: str, searches: list[str]) -> None:
    assert sure(typed)[-1][: len(searches)] == searches


def test_a_name_and_a_number_are_no_mistyped_code() -> None:
    """They were looked for by six pieces of `hansen5678`."""
    assert [words for words in near("hansen 5678") if "hansen5" in words] == ["hansen5678"]
    assert '"ab1678"' in near("ab 1234 5678")


def test_an_email_is_among_the_first_that_are_looked_for() -> None:
    assert "eeriksson" in sure("e.eriksson")[0]


def test_two_swapped_digits_where_its_parts_meet() -> None:
    assert {'"47396430"', '"47934630"'} <= set(near("47936430"))


@pytest.mark.parametrize("typed", ["47936430", "c479364", "NO987654321MVA"])
def test_what_is_left_of_a_mistyped_code_is_looked_for_among_its_like(typed: str) -> None:
    """Among all keys so many begin with four digits that whoever is meant may not be looked at."""
    (asked,) = rounds(near_query(term(typed)), 64)
    fields = {search.words: search.fields for search in asked}
    code = typed.lower()
    assert fields[f'"{code[3:]}"'] == ("endings", "pieces", "codes")
    assert fields[f'"{code[:3]}{code[-3:]}"'] == ("pieces",)
    assert fields[code[:-2]] == fields[code[:-3]] == ("codes",)


def test_as_many_as_are_wanted_have_what_a_mistake_left_of_a_code() -> None:
    """Of a million customers, 20 and more have a phone that ends as somebody's registration number does."""
    (asked,) = rounds(near_query(term("82168271")), 64)
    assert {search.words: limit for search, limit in asked.items()}['"68271"'] == 64


def test_a_number_without_the_zeros_in_front_is_a_whole_one() -> None:
    """Which is not among its own ends."""
    (asked,) = rounds(near_query(term("00012345678")), 64)
    assert {search.words: "codes" in search.fields for search in asked}["12345678"]


def test_a_zero_in_front_may_be_the_mistake() -> None:
    assert '"65466"' in near("02265466")


def test_beside_another_word_it_is_looked_for_with_that_one() -> None:
    assert {'lars "36430"', 'lars "479430"', "lars 47936"} <= set(near("lars 47936430"))
    assert "lars 47936" in near("47936430 lars")


def test_the_first_two_letters_swapped() -> None:
    assert '"lars" "hansen"' in near("alrs hansen")


def test_a_mistyped_email_is_looked_for_by_its_names_and_its_provider() -> None:
    assert "gmailcom laueen wiliams" in near("laueen.wiliams7@gmail.com")


def test_a_mistyped_email_is_looked_for_by_what_the_mistake_leaves_of_it() -> None:
    pieces = {f'"{piece}"' for piece in pieces_of_email("johnfrser2153gmailcom")}
    assert {"johnfrse", *pieces} <= set(near("johnfrser2153@gmail.com"))


def test_a_mistyped_email_is_looked_for_by_its_beginning_and_its_provider() -> None:
    assert "gmailcom john" in near("johnfrser2153@gmail.com")


def test_either_of_two_words_may_be_useless() -> None:
    """`qwx` is a typing error away from `qw`, so Meilisearch would rather leave out the commoner name."""
    assert {"qwx frederiksen", "qwx", "frederiksen"} <= {search.words for search in loose("qwx frederiksen")}


def test_any_of_many_words_may_be_useless() -> None:
    words = {search.words for search in loose("qwx wilhelmina van berg")}
    assert {'"wilhelmina" "van" "berg"', '"qwx" "van" "berg"', '"qwx" "wilhelmina" "van"'} <= words


def test_any_two_of_four_words_may_be_useless() -> None:
    words = {search.words for search in loose("hej britt berg tak")}
    assert {'"britt" "berg"', '"berg" "tak"', '"hej" "britt"'} <= words
    assert not any('"' in search and len(search.split()) < 2 for search in words)


def test_only_one_search_leaves_it_to_the_server_which_word_is_useless() -> None:
    """It is by far the dearest."""
    strategies = [search.strategy for search in loose("qwx wilhelmina van berg")]
    assert strategies.count("frequency") == 1


def test_nothing_is_loose_about_one_word() -> None:
    assert loose_query(term("frederiksen")) == ()


def test_no_more_searches_than_a_round_trip_bears() -> None:
    long = "anne marie louise van den berg 12345678 nygade 12 aarhus"
    assert len(near(long)) <= 20
    assert len(loose(long)) <= 20
