"""Search keys: what a customer can be found by."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import customers.keys
from customers.candidate import Candidate
from customers.customer import Customer
from customers.folding import skeleton, words
from customers.keys import KeyField, joined_words, keys_version, place_words, search_keys
from customers.settings import SearchSettings
from tests.documented import rows

SETTINGS = SearchSettings()


@pytest.mark.parametrize(("field", "made_of", "text", "tokens"), rows(customers.keys, "field"))
def test_the_rules_of_keys(field: str, made_of: str, text: str, tokens: str) -> None:
    fields: dict[str, Any] = {"identifier": "", made_of: text}
    assert getattr(search_keys(Customer(**fields), SETTINGS), field) == tokens


def test_every_kind_of_key_has_a_rule() -> None:
    assert {field for field, *_ in rows(customers.keys, "field")} == {*KeyField}


@pytest.mark.parametrize(
    ("customer", "field", "keys"),
    [
        (Customer("KD001054"), "codes", {"kd001054", "001054", "1054", "kd1054"}),
        (Customer("DK-0124-591B"), "codes", {"dk0124591b", "0124591", "0124591b"}),
        (
            Customer("1", email="ida.dam+shop@mail.example"),
            "codes",
            {"idadamshopmailexample", "idadamshop", "mailexample", "idadammailexample", "idadam"},
        ),
        (Customer("1", "Ida van den Brink"), "joined", {"idavan", "vandenbrink", "idavandenbrink"}),
        (Customer("1", "Anna Andersen"), "joined", {"annandersen"}),
        (Customer("1", "Bo Eriksen Dam"), "joined", {"boriksen", "eriksendam", "boriksendam"}),
        (Customer("1", "Zætterberg"), "starts", {"za", "zae"}),
        (Customer("1", "Dam A/S"), "names", {"dam", "as"}),
        (Customer("INFO", "Dam"), "names", {"dam", "info"}),
        (Customer("1", "Åse Dam"), "starts", {"a", "as", "aa"}),
        (Customer("1", city="Århus C"), "places", {"arhus", "aa"}),
        (Customer("1", street="Ørsted Allé", city="Aalborg"), "places", {"orsted", "oe", "aa"}),
        (Customer("1", phone="0701234567", country="Sverige"), "codes", {"701234567", "46701234567"}),
    ],
)
def test_keys(customer: Customer, field: str, keys: set[str]) -> None:
    assert keys <= set(getattr(search_keys(customer, SETTINGS), field).split())


def test_what_is_left_out_makes_no_keys() -> None:
    customer = Customer("1", "Ida Dam", email="ida@mail.example", phone="12345678", city="Ribe")
    settings = SearchSettings(leave_out=("email", "phone", "city"))
    assert search_keys(customer, settings) == search_keys(Customer("1", "Ida Dam"), settings)


@pytest.mark.parametrize("code", ["gb", "GB ", "uk", "GBR", "xx", "", None])
def test_a_phone_is_read_as_one_of_the_shops_where_the_country_is_not_known(code: str | None) -> None:
    british = SearchSettings(default_region="GB")
    customer = Customer("1", phone="020 7946 0958", country_code=code)
    assert "442079460958" in search_keys(customer, british).codes.split()


def test_where_nobody_is_found_by_a_country_it_still_says_how_to_read_a_phone() -> None:
    swede = Customer("1", phone="0701234567", country="Sverige")
    settings = SearchSettings(leave_out=("country",))
    assert "46701234567" in search_keys(swede, settings).codes.split()
    assert Candidate(swede, settings).phones == Candidate(swede, SETTINGS).phones


def test_only_settings_that_shape_keys_change_their_version() -> None:
    version = keys_version(SETTINGS)
    assert keys_version(SearchSettings(default_region="SE")) != version
    assert keys_version(SearchSettings(leave_out=("email",))) != version
    assert keys_version(SearchSettings(fuzzy_from=5, synonyms=(("a", "b"),), company_forms=())) == version


@given(
    st.lists(
        st.sampled_from(
            ["Ida", "Dam", "A/S", "Æ", "van-den", "x" * 70, "Ae", "Bøe", "Eu", "Aage", "Stou", "E"]
        ),
        max_size=5,
    ).map(" ".join)
)
def test_the_quick_way_to_join_words_joins_them_all(name: str) -> None:
    names = words(name)
    assert search_keys(Customer("1", name), SETTINGS).joined == " ".join(joined_words(names))


@given(st.lists(st.text("aeioux", min_size=1, max_size=6), min_size=2, max_size=3))
def test_joined_words_are_folded_as_one_that_is_typed(plains: list[str]) -> None:
    [whole] = words("".join(plains))
    assert whole in joined_words([skeleton(plain) for plain in plains])


TEXTS = st.none() | st.text(max_size=8) | st.sampled_from(["2100", "SW1A 1AA", "Ribe", "Den Haag"])


@given(st.tuples(TEXTS, TEXTS, TEXTS, TEXTS, TEXTS))
def test_the_words_of_a_place_are_those_of_its_parts_in_their_order(texts: tuple[str | None, ...]) -> None:
    street, postal_code, city, country, note = texts
    customer = Customer(
        "1", street=street, postal_code=postal_code, city=city, country=country, additional_info=note
    )
    parts = [word for text in texts if text for word in words(text)]
    assert place_words(customer)[: len(parts)] == parts
