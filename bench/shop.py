"""A merchant of any size in a real PostgreSQL, and a lookup.toml for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy import make_url

from customer_lookup.demo.people import Person, people
from tests.databases import new_database, postgresql_server

# So many are made; a larger shop repeats them under other numbers, since a million would take minutes.
MADE = 200_000

_TABLES = """
CREATE TABLE customers (
    customer_no text PRIMARY KEY, name text, registration text, phone text, email text, street text,
    postal_code text, city text, country text, country_code text, note text, blocked boolean,
    modified_at timestamptz
);
CREATE TABLE accounts (
    customer_no text, currency text, balance numeric, overdue numeric, credit_limit numeric,
    modified_at timestamptz, PRIMARY KEY (customer_no, currency)
);
"""
_COPIES = """
INSERT INTO customers
SELECT customer_no || '-' || copy, name, registration, phone, email, street, postal_code, city, country,
       country_code, note, blocked, modified_at
FROM customers, generate_series(2, %(copies)s) AS copy;
INSERT INTO accounts
SELECT customer_no || '-' || copy, currency, balance, overdue, credit_limit, modified_at
FROM accounts, generate_series(2, %(copies)s) AS copy;
"""
_FINISH = """
CREATE INDEX ON customers (modified_at, customer_no);
CREATE INDEX ON accounts (modified_at, customer_no);
ANALYZE;
"""
_LOOKUP = """
[source]
url = "{url}"
from = "customers"
updated_at = "modified_at"

[source.customer]
identifier = "customer_no"
name = "name"
phone = "phone"
email = "email"
street = "street"
postal_code = "postal_code"
city = "city"
country = "country"
country_code = "country_code"
organization_number = "registration"
additional_info = "note"
block_sales = "blocked"

[source.balances]
from = "accounts"
identifier = "customer_no"
currency = "currency"
balance = "balance"
balance_overdue = "overdue"
credit_limit = "credit_limit"
updated_at = "modified_at"

[service]
port = 0
requests_per_second = 0
default_currency = "DKK"
"""


@contextmanager
def shop(folder: Path, size: int) -> Iterator[Path]:
    """The lookup.toml, in `folder`, of a shop with `size` customers."""
    with postgresql_server() as server, new_database(server, f"shop_{size}") as url:
        with psycopg.connect(
            make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        ) as connection:
            _fill(connection, size)
        file = folder / "lookup.toml"
        file.write_text(_LOOKUP.format(url=url), encoding="utf-8")
        yield file


def _fill(connection: psycopg.Connection, size: int) -> None:
    made = list(people(min(size, MADE)))
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
        with cursor.copy("COPY customers FROM STDIN") as copy:
            for person in made:
                copy.write_row(_customer(person))
        with cursor.copy("COPY accounts FROM STDIN") as copy:
            for person in made:
                for account in person.accounts:
                    amounts = (account.balance, account.overdue, account.credit_limit)
                    copy.write_row((person.number, account.currency, *amounts, person.modified_at))
        for statement in _COPIES.strip().split(";\n") if size > MADE else ():
            cursor.execute(statement.removesuffix(";"), {"copies": size // MADE})
        cursor.execute(_FINISH)
    connection.commit()


def _customer(person: Person) -> tuple[object, ...]:
    return (
        person.number,
        full_name(person),
        person.registration,
        person.phone,
        person.email,
        person.street,
        person.postal_code,
        person.city,
        person.country,
        person.country_code,
        person.note,
        person.blocked,
        person.modified_at,
    )


def full_name(person: Person) -> str:
    """As the demo's mapping joins it."""
    name = f"{person.first_name} {person.last_name}"
    return f"{person.company}, {name}" if person.company else name
