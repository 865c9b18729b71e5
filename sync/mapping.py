"""Rows of the merchant's database to Customers, by the merchant's own mapping."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from customers.customer import Balance, Customer
from sync.settings import SourceSettings
from sync.values import (
    to_amount,
    to_boolean,
    to_currency,
    to_deleted,
    to_identifier,
    to_text,
    to_time,
)

TEXT_FIELDS = (
    "name",
    "phone",
    "street",
    "city",
    "postal_code",
    "country",
    "country_code",
    "email",
    "additional_info",
    "organization_number",
)
CUSTOMER_FIELDS = ("identifier", *TEXT_FIELDS, "block_sales")
BALANCE_FIELDS = ("balance_identifier", "currency", "balance", "balance_overdue", "credit_limit")

Row = Sequence[Any]
Converter = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Fault:
    """A row that is no Customer. `identifier` is None where the row has none; `reason` holds no values."""

    identifier: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class Deleted:
    """A row that the source marks as deleted."""

    identifier: str


class Mapping:
    """Knows which column of a row is which field; its conversions are chosen once, not per row.

    A row is: the mapped customer fields in the order of `fields`, the source's `updated_at` and `deleted`
    where there are any, then the columns of one balance (BALANCE_FIELDS) where balances are mapped; of those,
    `balance_identifier` is NULL where the customer has none.
    """

    def __init__(self, settings: SourceSettings) -> None:
        self.fields = tuple(field for field in CUSTOMER_FIELDS if field in settings.customer)
        self._texts = [(field, self.fields.index(field)) for field in TEXT_FIELDS if field in self.fields]
        self._block_sales = self.fields.index("block_sales") if "block_sales" in self.fields else None
        width = len(self.fields)
        self.updated_at = width if settings.updated_at else None
        width += settings.updated_at is not None
        self.deleted = width if settings.deleted else None
        width += settings.deleted is not None
        self.balance = width
        self._has_balances = settings.balances is not None
        self._own_balance = settings.balances is not None and not separate_balances(settings)
        self._owed_is_positive = settings.balances is not None and settings.balances.owed == "positive"

    def entry(self, rows: Sequence[Row]) -> Customer | Deleted | Fault:
        """What the rows of one identifier (one row for each currency) say."""
        identifier = None
        try:
            identifier = to_identifier(rows[0][0])
            if self.deleted is not None:
                rows = [row for row in rows if not to_deleted(row[self.deleted])]
                if not rows:
                    return Deleted(identifier)
            return self._customer(identifier, rows)
        except ValueError as error:
            return Fault(identifier, str(error))

    def _customer(self, identifier: str, rows: Sequence[Row]) -> Customer:
        row = rows[0]
        if len(rows) > 1:
            self._refuse_duplicates(rows)
        texts: dict[str, str | None] = {}
        for field, place in self._texts:
            value = row[place]
            if value.__class__ is str:  # nearly always: this spares two calls for each of a row's fields
                texts[field] = value.strip() or None
            else:
                texts[field] = _named(field, to_text, value)
        return Customer(
            identifier,
            **texts,
            block_sales=None
            if self._block_sales is None
            else _named("block_sales", to_boolean, row[self._block_sales]),
            balances=self._balances(rows) if self._has_balances else (),
            updated_at=None
            if self.updated_at is None
            else _named("updated_at", to_time, row[self.updated_at]),
        )

    def _refuse_duplicates(self, rows: Sequence[Row]) -> None:
        """Rows of one customer differ in their balance alone; others are two customers with one identifier,
        and showing either of them at the till would be a guess."""
        first = tuple(rows[0][: self.balance])
        alone = self._own_balance or not self._has_balances
        if alone or any(tuple(row[: self.balance]) != first for row in rows[1:]):
            raise ValueError("identifier is not unique: two rows of the source have it")

    def _balances(self, rows: Sequence[Row]) -> tuple[Balance, ...]:
        place = self.balance
        balances = [self._amounts(row[place + 1 : place + 5]) for row in rows if row[place] is not None]
        if len({balance.currency for balance in balances}) < len(balances):
            raise ValueError("balances: two balances in the same currency")
        return tuple(sorted(balances, key=_by_currency))

    def _amounts(self, values: Row) -> Balance:
        """One account from (currency, balance, balance_overdue, credit_limit); see Balance for the signs."""
        currency = _named("balances: currency", to_currency, values[0])
        balance = _named("balances: balance", to_amount, values[1])
        overdue = _named("balances: balance_overdue", to_amount, values[2])
        limit = _named("balances: credit_limit", to_amount, values[3])
        if self._owed_is_positive:
            balance, overdue = _negated(balance), _negated(overdue)
        return Balance(currency, balance, overdue, limit)

    def account(self, values: Row) -> Balance:
        """One account from a row of balances alone: (identifier, currency, balance, overdue, limit)."""
        return self._amounts(values[1:])


def separate_balances(settings: SourceSettings) -> bool:
    """Whether balances have a table or query of their own, rather than columns in the customer's row."""
    balances = settings.balances
    return balances is not None and (balances.from_ is not None or balances.query is not None)


def _named(field: str, convert: Converter, value: Any) -> Any:
    try:
        return convert(value)
    except ValueError as error:
        raise ValueError(f"{field}: {error}") from None


def _negated(amount: Decimal | None) -> Decimal | None:
    return amount.copy_negate() if amount else amount


def _by_currency(balance: Balance) -> str:
    return balance.currency
