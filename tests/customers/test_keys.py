"""Search keys: what a customer can be found by."""

import pytest

from customers.customer import Customer
from customers.keys import keys_version, search_keys
from customers.settings import SearchSettings

SETTINGS = SearchSettings()


@pytest.mark.parametrize(
    ("customer", "field", "keys"),
    [
        (Customer("KD001054"), "codes", {"kd001054", "001054", "1054"}),
        (
            Customer("1", email="ida.dam+shop@mail.example"),
            "codes",
            {"idadamshopmailexample", "idadamshop", "mailexample", "idadammailexample", "idadam"},
        ),
        (Customer("1", "Ida van den Brink"), "joined", {"idavan", "vandenbrink", "idavandenbrink"}),
        (Customer("1", "Zætterberg"), "starts", {"za", "zae"}),
        (Customer("1", "Dam A/S"), "names", {"dam", "as"}),
    ],
)
def test_keys(customer: Customer, field: str, keys: set[str]) -> None:
    assert keys <= set(getattr(search_keys(customer, SETTINGS), field).split())


def test_what_is_left_out_makes_no_keys() -> None:
    customer = Customer("1", "Ida Dam", email="ida@mail.example", phone="12345678", city="Ribe")
    settings = SearchSettings(leave_out=("email", "phone", "city"))
    assert search_keys(customer, settings) == search_keys(Customer("1", "Ida Dam"), settings)


def test_only_settings_that_shape_keys_change_their_version() -> None:
    version = keys_version(SETTINGS)
    assert keys_version(SearchSettings(default_region="SE")) != version
    assert keys_version(SearchSettings(leave_out=("email",))) != version
    assert keys_version(SearchSettings(fuzzy_from=5, synonyms=(("a", "b"),), company_forms=())) == version
