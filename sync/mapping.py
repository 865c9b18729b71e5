"""Rows of the merchant's database to Customers, by the merchant's own mapping."""

from collections.abc import Callable, Sequence
from collections.abc import Mapping as Mapping_
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from operator import attrgetter, itemgetter
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
# Where one of these cannot be computed, nobody knows which rows to look for: that stops a pass. What else
# cannot leaves out its own row.
GOES_BY = ("identifier", "updated_at", "deleted")

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
    """Knows which column of a row is which field; that is settled once, not per row.

    A row is: the mapped customer fields in the order of `fields`, the source's `updated_at` and `deleted`
    where there are any, then the columns of one balance (BALANCE_FIELDS) where balances are mapped; of those,
    `balance_identifier` is NULL where the customer has none.
    """

    def __init__(self, settings: SourceSettings) -> None:
        self.fields = tuple(field for field in CUSTOMER_FIELDS if field in settings.customer)
        columns = [*self.fields]
        columns += ["updated_at"] if settings.updated_at else []
        columns += ["deleted"] if settings.deleted else []
        self._places = {field: place for place, field in enumerate(columns)}
        # Of a row and a None after it, which stands for what is not mapped.
        self._texts = itemgetter(*(self._places.get(field, -1) for field in TEXT_FIELDS))
        self._block_sales = self._places.get("block_sales")
        self.updated_at = self._places.get("updated_at")
        self.deleted = self._places.get("deleted")
        self.balance = len(columns)
        self._has_balances = settings.balances is not None
        self._separate = separate_balances(settings)
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
            return Fault(identifier, self._blame(rows[0]) or str(error))

    def _customer(self, identifier: str, rows: Sequence[Row]) -> Customer:
        row = rows[0]
        if len(rows) > 1:
            self._refuse_duplicates(rows)
        return _customer_of(
            identifier,
            *[  # `to_text`, quick for what nearly every value is
                (value.strip() or None)
                if value.__class__ is str
                else None
                if value is None
                else to_text(value)
                for value in self._texts((*row, None))
            ],
            None if self._block_sales is None else to_boolean(row[self._block_sales]),
            self._balances(rows) if self._has_balances else (),
            None if self.updated_at is None else to_time(row[self.updated_at]),
        )

    def _refuse_duplicates(self, rows: Sequence[Row]) -> None:
        """Rows of one customer differ in their balance alone; others are two customers with one identifier,
        and showing either of them at the till would be a guess."""
        first = tuple(rows[0][: self.balance])
        if not self._separate or any(tuple(row[: self.balance]) != first for row in rows[1:]):
            raise ValueError("identifier is not unique: two rows of the source have it")

    def _balances(self, rows: Sequence[Row]) -> tuple[Balance, ...]:
        place = self.balance
        balances = [self.account(row[place:]) for row in rows if row[place] is not None]
        if len(balances) < 2:
            return tuple(balances)
        if len({balance.currency for balance in balances}) < len(balances):
            raise ValueError("balances: two balances in the same currency")
        return tuple(sorted(balances, key=attrgetter("currency")))

    def account(self, values: Row) -> Balance:
        """One account from the columns of BALANCE_FIELDS; see Balance for the signs. Raises ValueError."""
        try:
            currency = _currency(values[1])
            balance, overdue, limit = map(to_amount, values[2:5])
        except ValueError as error:
            raise ValueError(f"balances: {_blame_balance(values) or error}") from None
        if self._owed_is_positive:
            balance, overdue = _negated(balance), _negated(overdue)
        return Balance(currency, balance, overdue, limit)

    def accounts(self, rows: Sequence[Row], currency: str) -> dict[str, Balance | None]:
        """The accounts in `currency` by identifier, of rows of BALANCE_FIELDS. None for one that cannot be
        read, or is there twice: a sync puts such a customer into quarantine and says so."""
        found: dict[str, Balance | None] = {}
        unread: set[str] = set()
        for row in rows:
            if row[1] is None or not _may_be(row[1], currency):
                continue
            identifier = to_identifier(row[0])
            if identifier in found:
                unread.add(identifier)
            try:
                found[identifier] = self.account(row)
            except ValueError:
                unread.add(identifier)
        return found | dict.fromkeys(unread)

    def _blame(self, row: Row) -> str | None:
        """Which field of the customer's own could not be read, and why."""
        converters: dict[str, Converter] = dict.fromkeys(TEXT_FIELDS, to_text)
        converters |= {"block_sales": to_boolean, "updated_at": to_time}
        values = {field: row[place] for field, place in self._places.items() if field in converters}
        return _first_failing(values, converters)


def _blame_balance(values: Row) -> str | None:
    converters: dict[str, Converter] = dict.fromkeys(BALANCE_FIELDS[2:], to_amount)
    converters["currency"] = to_currency
    return _first_failing(dict(zip(BALANCE_FIELDS[1:], values[1:5], strict=True)), converters)


def _first_failing(values: Mapping_[str, object], converters: Mapping_[str, Converter]) -> str | None:
    for field, value in values.items():
        try:
            converters[field](value)
        except ValueError as error:
            return f"{field}: {error}"
    return None


def separate_balances(settings: SourceSettings) -> bool:
    """Whether balances have a table or query of their own, rather than columns in the customer's row."""
    balances = settings.balances
    return balances is not None and (balances.from_ is not None or balances.query is not None)


# Customer by position, in the order of CUSTOMER_FIELDS: a million keyword dictionaries take seconds.
_customer_of: Callable[..., Customer] = Customer

# A merchant has a handful of currencies and a million balances.
_currency = lru_cache(maxsize=64)(to_currency)


def _may_be(value: object, currency: str) -> bool:
    """Whether `value` is `currency`, as far as it can be read."""
    try:
        return _currency(value) == currency
    except ValueError:
        return True


def _negated(amount: Decimal | None) -> Decimal | None:
    return amount.copy_negate() if amount else amount
