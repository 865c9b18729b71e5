"""Writes the made-up merchant's database and its lookup.toml."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from importlib.resources import files
from pathlib import Path

from customer_lookup.demo.people import CUSTOMERS, Person, people
from sync.progress import Progress

_PAGE = 1_000


def make_shop(configuration: Path, progress: Progress, count: int = CUSTOMERS) -> None:
    """Make `configuration` and shop.db beside it. What is already there stays as it is, changes included."""
    configuration.parent.mkdir(parents=True, exist_ok=True)
    database = configuration.with_name("shop.db")
    if not database.exists():
        _write(database, progress, count)
    if not configuration.exists():
        configuration.write_text(_packaged("lookup.toml"), encoding="utf-8")


def _write(database: Path, progress: Progress, count: int) -> None:
    """Under another name until it is whole: a half-made shop would be taken for a small one."""
    unfinished = database.with_suffix(".unfinished")
    unfinished.unlink(missing_ok=True)
    progress.start("sample shop", count)
    with closing(sqlite3.connect(unfinished)) as connection, connection:
        connection.executescript(_packaged("shop.sql"))
        for page in _pages(count):
            connection.executemany(f"INSERT INTO customers VALUES ({_marks(15)})", map(_customer, page))
            accounts = [account for person in page for account in _accounts(person)]
            connection.executemany(f"INSERT INTO accounts VALUES ({_marks(6)})", accounts)
            progress.advance(len(page))
    unfinished.replace(database)
    progress.finish()


def _pages(count: int) -> Iterator[list[Person]]:
    page: list[Person] = []
    for person in people(count):
        page.append(person)
        if len(page) == _PAGE:
            yield page
            page = []
    yield page


def _customer(person: Person) -> tuple[object, ...]:
    return (
        person.number,
        person.first_name,
        person.last_name,
        person.company,
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
        f"{person.modified_at:%Y-%m-%d %H:%M:%S}",
    )


def _accounts(person: Person) -> Iterator[tuple[object, ...]]:
    moment = f"{person.modified_at:%Y-%m-%d %H:%M:%S}"
    for account in person.accounts:
        amounts = (str(account.balance), str(account.overdue), str(account.credit_limit))
        yield (person.number, account.currency, *amounts, moment)


def _marks(columns: int) -> str:
    return ", ".join("?" * columns)


def _packaged(name: str) -> str:
    """A file that lies beside this one, wherever we are installed."""
    return (files("customer_lookup.demo") / name).read_text(encoding="utf-8")
