"""The customers of the made-up merchant: the same ones every time."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random

from customer_lookup.demo.countries import COUNTRIES, Country, Phonebook
from customer_lookup.demo.phones import phone

CUSTOMERS = 20_000
SEED = 2024
FIRST_NUMBER = 10_001
_OPENED = datetime(2024, 1, 1, tzinfo=UTC)
_MAIL_HOSTS = ("example.com", "example.net", "example.org")
_TRADES = ("Bageri", "Byg", "Cykler", "El", "Foto", "Garn", "Møbler", "Optik", "Tømrer", "Vin", "VVS", "Ure")


@dataclass(frozen=True)
class Account:
    """What a customer owes in one currency: negative amounts, as the POS has them."""

    currency: str
    balance: Decimal
    overdue: Decimal
    credit_limit: Decimal


@dataclass(frozen=True)
class Person:
    """One row of the merchant's customer table, and the rows of its accounts."""

    number: str
    first_name: str
    last_name: str
    company: str | None
    registration: str | None
    phone: str | None
    email: str | None
    street: str
    postal_code: str
    city: str
    country: str
    country_code: str
    note: str | None
    blocked: bool
    modified_at: datetime
    accounts: tuple[Account, ...]


def people(count: int = CUSTOMERS) -> Iterator[Person]:
    """The first `count` customers."""
    chance = Random(SEED)  # noqa: S311 - made-up people, no secrets
    books = {country.code: Phonebook(country, SEED) for country in COUNTRIES}
    shares = [country.share for country in COUNTRIES]
    for place in range(count):
        country = chance.choices(COUNTRIES, shares)[0]
        yield _person(FIRST_NUMBER + place, country, books[country.code], chance)


def _person(number: int, country: Country, book: Phonebook, chance: Random) -> Person:
    first, last = book.name(chance)
    is_company = chance.random() < 0.15
    street, postal_code, city = book.address(country, chance)
    return Person(
        number=f"C-{number}",
        first_name=first,
        last_name=last,
        company=f"{last} {chance.choice(_TRADES)} {chance.choice(country.forms)}" if is_company else None,
        registration=_registration(country, chance) if is_company else None,
        phone=phone(country.code, chance) if chance.random() < 0.95 else None,
        email=_email(first, last, chance) if chance.random() < 0.8 else None,
        street=street,
        postal_code=postal_code,
        city=city,
        country=country.name,
        country_code=country.code.lower(),
        note="Rings first" if chance.random() < 0.02 else None,
        blocked=chance.random() < 0.03,
        modified_at=_OPENED + timedelta(minutes=chance.randrange(500_000)),
        accounts=_accounts(chance, may_owe=is_company),
    )


def _registration(country: Country, chance: Random) -> str:
    return "".join(str(chance.randint(1, 9)) if sign == "#" else sign for sign in country.registration)


def _email(first: str, last: str, chance: Random) -> str:
    local = chance.choice((f"{first}.{last}", f"{first[0]}{last}", f"{first}{chance.randint(1, 99)}"))
    plain = unicodedata.normalize("NFKD", local.lower().replace("ø", "oe").replace("æ", "ae"))
    letters = "".join(sign for sign in plain if sign.isascii() and (sign.isalnum() or sign == "."))
    return f"{letters}@{chance.choice(_MAIL_HOSTS)}"


def _accounts(chance: Random, *, may_owe: bool) -> tuple[Account, ...]:
    """Companies buy on account more often than others; some customers trade in a second currency."""
    if chance.random() > (0.9 if may_owe else 0.3):
        return ()
    currencies = ("DKK", "EUR") if chance.random() < 0.25 else ("DKK",)
    return tuple(_account(currency, chance) for currency in currencies)


def _account(currency: str, chance: Random) -> Account:
    owed = Decimal(chance.randrange(1_000_000)) / 100 if chance.random() < 0.7 else Decimal("0.00")
    overdue = (owed / 2).quantize(Decimal("0.01")) if chance.random() < 0.25 else Decimal("0.00")
    limit = Decimal(chance.choice((1_000, 5_000, 10_000, 25_000)))
    return Account(currency, -owed, -overdue, limit)
