"""How Meilisearch behaves under our settings, and without: each claim that the engine is built on.

A new version of Meilisearch that changes one of them is noticed here.
"""

import string
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pytest

from index.meilisearch_documents import ID, ORDER
from index.meilisearch_settings import SETTINGS, changes
from tests.index.meilisearch_server import SERVER, index_name

pytestmark = pytest.mark.meilisearch

# Whoever a search finds: the texts that the documents were made of, the best first.
Found = list[str]


def load(texts: Iterable[str], field: str, settings: Mapping[str, Any]) -> None:
    """An index of this test that has a document with each of `texts` in `field`."""
    name = index_name()
    SERVER.call("post", "indexes", {"uid": name, "primaryKey": ID})
    SERVER.call("patch", f"indexes/{name}/settings", settings)
    add(texts, field)


def add(texts: Iterable[str], field: str, first: int = 0) -> None:
    documents = [{ID: f"id{number}", field: text, "text": text} for number, text in enumerate(texts, first)]
    SERVER.call("post", f"indexes/{index_name()}/documents", documents)
    SERVER.wait()


def ask(words: str, **options: object) -> Found:
    search = {"q": words, "limit": 1000, "attributesToRetrieve": ["text"], **options}
    answer = SERVER.call("post", f"indexes/{index_name()}/search", search).json()
    return [hit["text"] for hit in answer["hits"]]


def among_names(*texts: str) -> Callable[..., Found]:
    """Ask among names, under our settings."""
    load(texts, "names", SETTINGS)
    return ask


def among_codes(*texts: str) -> Callable[..., Found]:
    """Ask among codes, under our settings."""
    load(texts, "codes", SETTINGS)
    return ask


def by_default(*texts: str) -> Callable[..., Found]:
    """Ask under the settings that Meilisearch has by itself."""
    load(texts, "title", {"rankingRules": ["words", "typo"]})
    return ask


def test_by_default_one_typo_from_five_letters_two_from_nine() -> None:
    find = by_default("abcd", "klmno", "rstuvwxy", "efghijklm")
    assert find("abxd") == []
    assert find("klxno") == ["klmno"]
    assert find("rsxuvxxy") == []
    assert find("efxhijxlm") == ["efghijklm"]


def test_ours_are_two_typos_from_three_letters() -> None:
    find = among_names("ab", "klm", "rstuvw", "efghijk")
    assert find("ax") == []
    assert find("kxm") == ["klm"]
    assert find("rsxuvx") == ["rstuvw"]
    assert find("efxhixk") == ["efghijk"]


def test_a_transposition_is_one_typo() -> None:
    assert among_names("hansen")("hasnen") == ["hansen"]


def test_a_word_with_one_typo_keeps_its_first_letter() -> None:
    find = by_default("karlas")
    assert find("carlas") == []
    assert find("karlos") == ["karlas"]


def test_a_first_letter_may_be_wrong_only_alone_where_two_typos_are_forgiven() -> None:
    """Why ours are two: `rank` for Frank, `jedin` for Hedin."""
    find = among_names("kristensen", "frank", "hedin")
    assert find("cristensen") == ["kristensen"]
    assert find("cristemsen") == []
    assert find("jedin") == ["hedin"]
    assert find("rank") == ["frank"]


def test_only_so_many_typos_are_thought_of_in_alphabetical_order() -> None:
    """150 one-typo words, whatever their frequency: why codes and other rare words have no typos."""
    word = "mmmmmmm"
    variants = sorted(
        word[:at] + letter + word[at + 1 :]
        for at in range(1, 7)
        for letter in string.ascii_lowercase
        if letter != "m"
    )
    assert len(variants) == 150
    more = [word[:at] + digit + word[at + 1 :] for at in range(1, 7) for digit in "0123456789"]
    found = among_names(*variants, *more)(word)
    assert 140 <= len(found) <= 160
    assert variants[-1] not in found


def test_only_the_last_word_is_taken_for_unfinished() -> None:
    find = among_names("lars hansen")
    assert find("lars han", matchingStrategy="all") == ["lars hansen"]
    assert find("la han", matchingStrategy="all") == []
    assert find("l hansen", matchingStrategy="all") == []


def test_a_space_ends_the_last_word() -> None:
    find = among_names("lars hansen")
    assert find("han") == ["lars hansen"]
    assert find("han ") == []


def test_a_quoted_word_is_whole_and_as_typed() -> None:
    find = among_names("lars hansen")
    assert find('"hansen"') == ["lars hansen"]
    assert find('"hanse"') == []
    assert find('"hansne"') == []


def test_codes_have_no_typos() -> None:
    find = among_codes("c10023", "c1002345678")
    assert find("c10032") == []
    assert find("c1002354678") == []
    assert find("c1002") == ["c10023", "c1002345678"]


def test_numbers_have_no_typos_in_any_field_but_codes_are_no_numbers() -> None:
    find = among_names("12345678", "c1234567")
    assert find("12345687") == []
    assert find("c1234576") == ["c1234567"]


def test_a_number_is_not_found_by_its_parts() -> None:
    find = among_codes("12345678")
    assert find("1234 5678", matchingStrategy="all") == []
    assert find("12 34 56 78", matchingStrategy="all") == []
    assert find("5678") == []
    assert find("3456") == []
    assert find("1234") == ["12345678"]


def test_last_never_drops_the_first_word_and_frequency_drops_the_useless_one() -> None:
    find = among_names("lars hansen", "anne hansen")
    assert find("xyzzy hansen", matchingStrategy="last") == []
    assert sorted(find("xyzzy hansen", matchingStrategy="frequency")) == ["anne hansen", "lars hansen"]
    assert find("la kri", matchingStrategy="frequency") == []


def test_frequency_never_drops_a_quoted_word() -> None:
    find = among_names("lars hansen")
    assert find('"xyzzy" hansen', matchingStrategy="frequency") == []


def test_ten_words_are_looked_at() -> None:
    find = among_names("one two three four five six seven eight nine ten")
    assert find("one two three four five six seven eight nine ten eleven", matchingStrategy="all") != []
    assert find("one two three four five six seven eight nine eleven", matchingStrategy="all") == []


def test_a_minus_excludes() -> None:
    find = among_names("lars hansen", "anne jensen")
    assert find("-hansen") == ["anne jensen"]


@pytest.mark.parametrize(
    ("written", "typed"),
    [("åse", "ase"), ("jürg", "jurg"), ("rené", "rene"), ("kjær", "kjaer"), ("œre", "oere"), ("đor", "dor")],
)
def test_what_the_tokenizer_folds(written: str, typed: str) -> None:
    assert by_default(written)(f'"{typed}"') == [written]


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("søren", "soeren"),
        ("weiß", "weiss"),
        ("łuk", "luk"),
        ("þor", "thor"),
        ("åge", "aage"),
        ("jürg", "juerg"),
    ],
)
def test_what_the_tokenizer_does_not_fold(written: str, typed: str) -> None:
    assert by_default(written)(f'"{typed}"') == []


def test_punctuation_separates() -> None:
    find = by_default("john.smith@example.dk", "o'brien", "anne-marie", "a/s", "x_y")
    assert find("smith", matchingStrategy="all") == ["john.smith@example.dk"]
    assert find('"obrien"') == []
    assert find("marie") == ["anne-marie"]


def test_two_words_written_as_one_are_split_if_nothing_else_is_wrong() -> None:
    """So KeyField.JOINED is there for the unfinished and the mistyped."""
    find = among_names("john smith")
    assert find("johnsmith") == ["john smith"]
    assert find("johnsmit") == []
    assert find("johnsmiht") == []


def test_by_default_the_id_is_searched_too_and_by_ours_it_is_not() -> None:
    assert by_default("hansen")("id0") == ["hansen"]
    SERVER.call("patch", f"indexes/{index_name()}/settings", SETTINGS)
    SERVER.wait()
    assert ask("id0") == []


def test_a_synonym_is_known_only_by_its_whole_name() -> None:
    load(["robert"], "names", {**SETTINGS, "synonyms": {"bobby": ["robert"]}})
    assert ask("bobby") == ["robert"]
    assert ask("bobb") == []
    assert ask("bobbi") == []


def test_a_whole_word_stands_above_a_beginning() -> None:
    find = among_names("hansen peter", "hans peter", "peter hans")
    assert set(find("hans")[:2]) == {"hans peter", "peter hans"}


@pytest.mark.meilisearch(replay=False)
def test_a_new_record_is_found_by_a_short_beginning_at_once() -> None:
    """Beginnings of four bytes or fewer on words without typos were once missed in new records."""
    load([f"c{number:05}" for number in range(2000)], "codes", SETTINGS)
    add(["c77777", "q31"], "codes", first=5000)
    for start in ("c7", "c77", "c777", "c7777"):
        assert "c77777" in ask(start)
    assert ask("q3") == ["q31"]


def test_an_order_that_is_asked_for_stands_above_how_well_somebody_fits() -> None:
    load([], "names", SETTINGS)
    texts = {"hansen": 3, "hansen lars": 2**53 - 1, "ida hansen": 2**53 - 2, "hansen ida": 4}
    documents = [{ID: f"id{at}", "names": text, "text": text, ORDER: at} for text, at in texts.items()]
    SERVER.call("post", f"indexes/{index_name()}/documents", documents)
    SERVER.wait()
    in_order = ["hansen lars", "ida hansen", "hansen ida", "hansen"]
    assert ask('"hansen"', sort=[f"{ORDER}:desc"]) == in_order
    assert ask('"hansen"')[0] == "hansen"


def test_settings_that_are_there_are_not_sent_again() -> None:
    name = index_name()
    SERVER.call("post", "indexes", {"uid": name, "primaryKey": ID})
    SERVER.wait()
    fresh = SERVER.call("get", f"indexes/{name}/settings").json()
    assert changes(fresh).keys() == SETTINGS.keys()
    SERVER.call("patch", f"indexes/{name}/settings", SETTINGS)
    SERVER.wait()
    held = SERVER.call("get", f"indexes/{name}/settings").json()
    assert changes(held) == {}
    assert changes({**held, "rankingRules": ["words"]}) == {"rankingRules": SETTINGS["rankingRules"]}
