"""The statements that read the source, built once from the mapping.

Everything is `SELECT … FROM (SELECT <expression> AS name, … FROM <the merchant's>) customer`: databases fold
the inner select away, so their indexes serve the outer conditions. Keys are compared by the database alone,
never here: its collation orders them, and a page's balances are joined to it in the same statement.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Dialect,
    FromClause,
    Join,
    Select,
    String,
    Subquery,
    and_,
    cast,
    func,
    null,
    or_,
    select,
)

from sync.conditions import as_written, at_or_after, undated, value, values
from sync.mapping import BALANCE_FIELDS, Mapping, separate_balances
from sync.relations import condition, expression, relation
from sync.settings import BalanceSettings, SourceSettings

# Rows of one statement at the most: long enough to plan once, short enough that the database's old row
# versions are not held back for minutes.
SEGMENT = 100_000
# What is written of a value that is no identifier: nothing, or a number that PostgreSQL or SQLite calls so.
NO_IDENTIFIERS = ("", "NaN", "Infinity", "-Infinity", "Inf", "-Inf")


class Statements:
    """`columns` and `balance_columns` are the columns that the merchant's relations have."""

    def __init__(
        self,
        settings: SourceSettings,
        dialect: Dialect,
        columns: Sequence[str],
        balance_columns: Sequence[str] = (),
    ) -> None:
        self._settings = settings
        self._dialect = dialect
        self._columns = columns
        self._balance_columns = balance_columns
        self._separate = separate_balances(settings)
        self.customer = self._customers()
        self.balance = self._separate_balances() if self._separate else None

    def _customers(self) -> Subquery:
        settings = self._settings
        mapped = {field: settings.customer[field] for field in Mapping(settings).fields}
        selected = [self._expression(sql).label(field) for field, sql in mapped.items()]
        if settings.updated_at:
            selected.append(self._expression(settings.updated_at).label("updated_at"))
        if settings.deleted:
            selected.append(self._deleted(settings.deleted))
        if settings.balances and not self._separate:
            selected += self._own_balance(settings.balances)
        base = relation(settings.from_, settings.query, self._dialect)
        return select(*selected).select_from(base).subquery("customer")

    def _expression(self, sql: str) -> Any:
        return expression(sql, self._columns, self._dialect)

    def _deleted(self, sql: str) -> Any:
        """A column as it is, or a condition."""
        if sql in self._columns:
            return self._expression(sql).label("deleted")
        return condition(sql, self._dialect).label("deleted")

    def _own_balance(self, balances: BalanceSettings) -> list[Any]:
        """A balance in the customer's own row: there is one wherever its currency is not NULL."""
        currency = self._expression(balances.currency)
        amounts = [self._amount(sql) for sql in _amounts(balances)]
        labels = zip((currency, currency, *amounts), BALANCE_FIELDS, strict=True)
        return [value.label(name) for value, name in labels]

    def _amount(self, sql: str | None) -> Any:
        return self._expression(sql) if sql else null()

    def _separate_balances(self) -> Subquery:
        balances = self._settings.balances
        if balances is None or balances.identifier is None:
            raise ValueError("separate balances have an identifier")
        written = (balances.identifier, balances.currency, *_amounts(balances))
        values = [expression(sql, self._balance_columns, self._dialect) if sql else null() for sql in written]
        selected = [value.label(name) for value, name in zip(values, BALANCE_FIELDS, strict=True)]
        if balances.updated_at:
            moment = expression(balances.updated_at, self._balance_columns, self._dialect)
            selected.append(moment.label("updated_at"))
        base = relation(balances.from_, balances.query, self._dialect)
        return select(*selected).select_from(base).subquery("balance")

    def scan(self, after: Any = None, *, bare: bool = False) -> Select[Any]:
        """A segment of all rows in the order of their identifier, from `after` on (included, since equal keys
        may go on), each joined with its balances; `bare`: what they are ordered by alone."""
        key = self.customer.c.identifier
        chosen = select(self.customer).where(key.is_not(None))
        if after is not None:
            chosen = chosen.where(key >= value(after))
        return self._segment(chosen, key, bare=bare)

    def window(self, since: Any, after: tuple[Any, Any] | None = None, *, bare: bool = False) -> Select[Any]:
        """A segment of the rows changed at or after `since` (None: ever), in the order of (updated_at,
        identifier), from `after` on."""
        moment, key = self.customer.c.updated_at, self.customer.c.identifier
        chosen = select(self.customer).where(key.is_not(None), at_or_after(moment, since, self._dialect))
        if after is not None:
            later = or_(moment > value(after[0]), key >= value(after[1]))
            chosen = chosen.where(and_(moment >= value(after[0]), later))
        return self._segment(chosen, moment, key, bare=bare)

    def undated(self, after: Any = None, *, is_text: bool = False, bare: bool = False) -> Select[Any]:
        """Like `scan`, of the rows whose `updated_at` is NULL, or what stands for it."""
        key, moment = self.customer.c.identifier, self.customer.c.updated_at
        missing = undated(moment, self._dialect, is_text=is_text)
        chosen = select(self.customer).where(key.is_not(None), missing)
        if after is not None:
            chosen = chosen.where(key >= value(after))
        return self._segment(chosen, key, bare=bare)

    def by_identifiers(self, identifiers: Sequence[Any]) -> Select[Any]:
        """The rows with one of these identifiers, joined with their balances."""
        key = self.customer.c.identifier
        chosen = select(self.customer).where(key.in_(values(identifiers)))
        return self._with_balances(chosen, ["identifier"])

    def shared(self, identifiers: Sequence[Any]) -> Select[Any]:
        """Those of these identifiers that are in several rows."""
        key = self.customer.c.identifier
        return select(key).where(key.in_(values(identifiers))).group_by(key).having(func.count() > 1)

    def without_identifier(self) -> Select[Any]:
        """The identifiers that are NULL, empty, or numbers that are none, each with how many rows have it
        (and its `deleted`, as in `count`); beside them texts that only look like one, such as blanks where
        the database ignores them."""
        key = self.customer.c.identifier
        none = or_(key.is_(None), cast(key, String).in_(NO_IDENTIFIERS))
        counted = select(key, func.count()).where(none).group_by(key, as_written(key, self._dialect))
        if not self._settings.deleted:
            return counted
        return counted.add_columns(self.customer.c.deleted).group_by(self.customer.c.deleted)

    def count(self) -> Select[Any]:
        """How many rows have an identifier: (count,), or (count, deleted) for each value of `deleted`."""
        counted = select(func.count()).where(self.customer.c.identifier.is_not(None))
        if not self._settings.deleted:
            return counted.select_from(self.customer)
        return counted.add_columns(self.customer.c.deleted).group_by(self.customer.c.deleted)

    def identifiers(self) -> Select[Any]:
        """Every identifier and its `deleted`, in no order."""
        chosen = [self.customer.c.identifier]
        if self._settings.deleted:
            chosen.append(self.customer.c.deleted)
        return select(*chosen).where(self.customer.c.identifier.is_not(None))

    def changed_balances(self, since: Any) -> Select[Any]:
        """The customers' identifiers, once for each of their balances that changed at or after `since` (None:
        ever)."""
        moment = self._balance().c.updated_at
        return self.owners().where(at_or_after(moment, since, self._dialect))

    def undated_balances(self, *, is_text: bool = False) -> Select[Any]:
        """The same of balances whose `updated_at` is NULL, or what stands for it."""
        return self.owners().where(undated(self._balance().c.updated_at, self._dialect, is_text=is_text))

    def balances_of(self, identifiers: Sequence[Any]) -> Select[Any]:
        """The balances of these customers: the identifier, then BALANCE_FIELDS without theirs."""
        place: FromClause = self.customer
        chosen = select(self.customer.c.identifier)
        if self._separate:
            place, chosen = self._balance(), self.owners()
        amounts = [place.c[name] for name in BALANCE_FIELDS[1:]]
        return chosen.add_columns(*amounts).where(self.customer.c.identifier.in_(values(identifiers)))

    def owners(self) -> Select[Any]:
        """The identifier of the customer of each balance, which may write it otherwise: padded with blanks,
        or in capitals."""
        return select(self.customer.c.identifier).select_from(self._joined(self.customer))

    def greatest(self, column: str, *, of_balance: bool = False) -> Select[Any]:
        """The greatest value of a column: what type the driver gives it."""
        value = self._place(of_balance=of_balance).c[column]
        return select(value).where(value.is_not(None)).order_by(value.desc()).limit(1)

    def least_identifier(self) -> Select[Any]:
        """The least identifier."""
        value = self.customer.c.identifier
        return select(value).where(value.is_not(None)).order_by(value).limit(1)

    def moments(self, *, of_balance: bool = False) -> Select[Any]:
        """Each different value of `updated_at`, the greatest first."""
        value = self._place(of_balance=of_balance).c.updated_at
        return select(value).distinct().where(value.is_not(None)).order_by(value.desc())

    def _place(self, *, of_balance: bool) -> Subquery:
        return self._balance() if of_balance else self.customer

    def _segment(self, chosen: Select[Any], *order: ColumnElement[Any], bare: bool) -> Select[Any]:
        segment = chosen.order_by(*order).limit(SEGMENT)
        if bare:
            return segment.with_only_columns(*order)
        return self._with_balances(segment, [column.key for column in order if column.key])

    def _with_balances(self, chosen: Select[Any], order: Sequence[str]) -> Select[Any]:
        page = chosen.subquery("page")
        # Rows of identifiers that are equal to the database stand together too: each is a customer.
        ordering = [*(page.c[name] for name in order), as_written(page.c.identifier, self._dialect)]
        if not self._separate:
            return select(page).order_by(*ordering)
        amounts = [self._balance().c[name] for name in BALANCE_FIELDS]
        joined = self._joined(page, every_customer=True)
        return select(page, *amounts).select_from(joined).order_by(*ordering)

    def _joined(self, customer: FromClause, *, every_customer: bool = False) -> Join:
        """Customers with their balances, as the database matches the two."""
        balance = self._balance()
        is_theirs = balance.c.balance_identifier == customer.c.identifier
        return customer.join(balance, is_theirs, isouter=every_customer)

    def _balance(self) -> Subquery:
        if self.balance is None:
            raise ValueError("the balances of this source are columns of its customers")
        return self.balance


def _amounts(balances: BalanceSettings) -> tuple[str | None, ...]:
    return balances.balance, balances.balance_overdue, balances.credit_limit
