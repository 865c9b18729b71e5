"""A made-up merchant's database, in the dialect of whichever server it is on."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, create_engine, text

from sync.settings import BalanceSettings, SourceSettings

# How each database writes a time of the highest precision, and reads its own clock. SQLite's is text.
TIMES = {"sqlite": "TEXT", "postgresql": "TIMESTAMPTZ", "mysql": "DATETIME(6)"}
CLOCKS = {
    "sqlite": "strftime('%Y-%m-%d %H:%M:%f', 'now')",
    "postgresql": "clock_timestamp()",
    "mysql": "utc_timestamp(6)",
}
# A time in SQL that no window of a sync shows.
LONG_AGO = "'2020-01-01 00:00:00'"


class Merchant:
    """Tables `customers` and `balances`, and a way to change them as the merchant's own programs would."""

    def __init__(self, url: str, *, key: str | None = None, balance_key: str | None = None) -> None:
        """`key` is the type of the customers' numbers, `balance_key` that of the balances' where it is
        another; by default every letter counts as it is."""
        self.url = url
        self.engine = create_engine(url)
        self._at_once: Connection | None = None
        dialect = self.engine.dialect.name
        self.now = CLOCKS[dialect]
        key = key or ("VARCHAR(60) COLLATE utf8mb4_bin" if dialect == "mysql" else "VARCHAR(60)")
        self.run(
            f"CREATE TABLE customers (number {key}, name VARCHAR(200), phone VARCHAR(40), city VARCHAR(80),"
            f" blocked INTEGER, gone INTEGER NOT NULL DEFAULT 0, changed {TIMES[dialect]})"
        )
        self.run("CREATE INDEX customers_number ON customers (number)")
        self.run("CREATE INDEX customers_changed ON customers (changed)")
        self.run(
            f"CREATE TABLE balances (number {balance_key or key}, currency CHAR(3), amount DECIMAL(12, 2),"
            f" overdue DECIMAL(12, 2), credit DECIMAL(12, 2), changed {TIMES[dialect]})"
        )

    def run(self, sql: str, **parameters: Any) -> None:
        """One statement in a transaction of its own, unless it is in one that is made `at_once`."""
        if self._at_once is not None:
            self._at_once.execute(text(sql), parameters)
            return
        with self.engine.begin() as connection:
            connection.execute(text(sql), parameters)

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """What is done in the block is one transaction: many rows come in a fraction of the time."""
        try:
            with self.engine.begin() as self._at_once:
                yield
        finally:
            self._at_once = None

    def add(
        self, number: str | None, name: str, *, phone: str | None = None, changed: str | None = None
    ) -> None:
        """A new customer; `changed` is SQL, by default the database's time."""
        moment = changed or self.now
        self.run(
            f"INSERT INTO customers (number, name, phone, changed) VALUES (:number, :name, :phone, {moment})",
            number=number,
            name=name,
            phone=phone,
        )

    def rename(self, number: str, name: str, *, quietly: bool = False) -> None:
        """Change a name; `quietly`: as raw SQL would, without touching `changed`."""
        moment = "changed" if quietly else self.now
        self.run(
            f"UPDATE customers SET name = :name, changed = {moment} WHERE number = :number",
            number=number,
            name=name,
        )

    def delete(self, number: str) -> None:
        """Delete the row."""
        self.run("DELETE FROM customers WHERE number = :number", number=number)

    def owe(self, number: str, amount: float, currency: str = "DKK") -> None:
        """Set a balance."""
        self.run("DELETE FROM balances WHERE number = :n AND currency = :c", n=number, c=currency)
        self.run(
            f"INSERT INTO balances (number, currency, amount, changed) VALUES (:n, :c, :a, {self.now})",
            n=number,
            c=currency,
            a=amount,
        )

    def close(self) -> None:
        """Let go of the connections."""
        self.engine.dispose()


BALANCES = BalanceSettings(
    from_="balances",
    identifier="number",
    currency="currency",
    balance="amount",
    balance_overdue="overdue",
    credit_limit="credit",
    updated_at="changed",
)
CUSTOMER = {
    "identifier": "number",
    "name": "name",
    "phone": "phone",
    "city": "city",
    "block_sales": "blocked",
}


def dated(url: str) -> SourceSettings:
    """A source which says when each row changed."""
    return SourceSettings(
        url=url, customer=CUSTOMER, from_="customers", updated_at="changed", deleted="gone", balances=BALANCES
    )


def undated(url: str) -> SourceSettings:
    """The same tables, seen by a mapping that knows no times."""
    balances = BalanceSettings(
        from_="balances", identifier="number", currency="currency", balance="amount", owed="positive"
    )
    return SourceSettings(
        url=url, customer=CUSTOMER, from_="customers", deleted="gone = 1", balances=balances
    )
