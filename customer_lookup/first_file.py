"""The text of a first lookup.toml."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from customer_lookup.guessing import Guess
from customer_lookup.wire_fields import POSTGRES, is_postgres
from customers.errors import ConfigurationError

PASSWORD = "SOURCE_PASSWORD"  # noqa: S105 - the name of a variable, not a password

_REST = """
[index]
engine = "embedded"
path = "var/index"

[state]
url = "sqlite:///var/state.db"

[sync]
interval = "30s"

[service]
host = "127.0.0.1"
port = 8080
# default_currency = "DKK"
# default_region = "DK"    # how to read phone numbers without a country code
# api_keys = ["till:${file:secrets/till_key}"]   # needed before any other host than this one may ask
"""


_BALANCES = """
# What the customers owe, one row per customer and currency, if the till is to show it:
# [source.balances]
# from = "customer_balances"
# identifier = "customer_no"    # the column with the customer's identifier
# currency = "currency_code"    # or for all: "'DKK'"
# balance = "balance"           # and balance_overdue, credit_limit
# owed = "negative"             # or "positive": the sign, in your database, that says the customer owes"""


def first_file(url: str, guess: Guess) -> str:
    """A lookup.toml with `guess` as its mapping. `url` is written as it is: see `portable`."""
    return "\n".join(_source_lines(url, guess)) + "\n" + _REST


def portable(url: str, folder: Path) -> str:
    """`url` with a placeholder for its password, and for SQLite the file's path from `folder`. Raises
    ConfigurationError for what is no URL, and for a SQLite file that is not there."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise ConfigurationError(
            "URL: not a database URL; write it like postgresql+psycopg://user:password@host/database"
        ) from None
    if is_postgres(url):
        raise ConfigurationError(f"URL: write {POSTGRES}")
    if parsed.get_backend_name() == "sqlite" and parsed.database:
        return _sqlite(parsed, folder)
    if parsed.password is None:
        return parsed.render_as_string()
    marked = parsed.set(password="PASSWORD").render_as_string(hide_password=False)  # noqa: S106
    return marked.replace(":PASSWORD@", f":${{{PASSWORD}}}@", 1)


def _sqlite(url: URL, folder: Path) -> str:
    file = Path(str(url.database))
    if not file.exists():
        raise ConfigurationError(f"URL: there is no file {file}")
    return str(url.set(database=os.path.relpath(file, folder)))


def _source_lines(url: str, guess: Guess) -> Iterator[str]:
    yield "# A guess at your mapping: read it through, then run `customer-lookup doctor`."
    yield "[source]"
    yield f"url = {_quoted(url)}"
    yield f"from = {_quoted(guess.table)}"
    if guess.updated_at:
        yield f"updated_at = {_quoted(guess.updated_at)}"
    else:
        yield '# updated_at = "…"    # the column with the time of the last change, if there is one'
    if guess.deleted:
        yield f"deleted = {_quoted(guess.deleted)}"
    yield "\n[source.customer]"
    for field, expression in guess.customer.items():
        yield f"{field} = {_quoted(expression)}"
    if guess.left:
        yield f"# Not mapped: {', '.join(map(_quoted, guess.left))}"
    yield from _balance_lines(guess)


def _balance_lines(guess: Guess) -> Iterator[str]:
    """What each customer owes, as far as it is clear where that is; else how it may be written."""
    if not guess.balances:
        yield _BALANCES
        return
    yield "\n[source.balances]"
    for key, column in guess.balances.items():
        yield f"{key} = {_quoted(column)}"
    yield 'owed = "negative"    # or "positive": the sign, in your database, that says the customer owes'


def _quoted(text: str) -> str:
    """As a TOML string, whose escapes are JSON's."""
    return json.dumps(text, ensure_ascii=False)
