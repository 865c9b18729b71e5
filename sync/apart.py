"""Reads rows apart where the database cannot compute a value of one of them: it refuses the whole statement
then, and does not say for which row."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from itertools import chain
from typing import Any

from sqlalchemy import ColumnElement, Select, select

from sync.chunks import chunks
from sync.conditions import values
from sync.guard import GUARDED_FROM, GUARDED_SHARE, is_truncated
from sync.identifiers import gathered, name_of
from sync.mapping import BALANCE_FIELDS, GOES_BY, Deleted, Fault, Row
from sync.mapping import Mapping as RowMapping
from sync.pages import Entry, Item, entries
from sync.source_access import SourceAccess
from sync.source_errors import ValueRefusedError
from sync.values import to_deleted

# So many rows may fail in one pass, or this share of the customers where that is more, and never more of them
# than the guard lets go: else the mapping is wrong, and not the rows. Each costs about three statements.
MOST = 100
SHARE = 0.01
_NO_BALANCE = (None,) * len(BALANCE_FIELDS)


class Apart:
    """Reads rows by their identifiers in ever smaller groups, until those that fail stand alone."""

    def __init__(self, access: SourceAccess, mapping: RowMapping, most_at_once: int) -> None:
        self.most_at_once = most_at_once
        self._access = access
        self._mapping = mapping
        self._failed: dict[str, str] = {}  # identifier -> reason
        self._customers: int | None = None  # how many there are, once that matters
        self._last_field: str | None = None  # that failed: what fails in one row often does so in the next

    def renew(self) -> None:
        """Begin to count the rows that fail, as every pass does."""
        self._failed = {}
        self._customers = None

    def read(self, forms: Mapping[str, Sequence[Any]]) -> Iterator[Entry]:
        """What the rows with these identifiers say; with each, the values that it may be in the database.
        Raises ValueRefusedError where too many rows cannot be computed, or what the sync itself goes by."""
        living = cache(lambda: self._living([*chain.from_iterable(forms.values())]))
        return self._read(forms, list(forms), living)

    def _read(
        self, forms: Mapping[str, Sequence[Any]], names: list[str], living: Callable[[], set[str]]
    ) -> Iterator[Entry]:
        raw = [*chain.from_iterable(forms[name] for name in names)]
        try:
            rows = self._rows(raw)
        except ValueRefusedError as refused:
            if len(names) == 1:
                yield self._failing(names[0], raw, refused) if names[0] in living() else Deleted(names[0])
                return
            middle = len(names) // 2
            yield from self._read(forms, names[:middle], living)
            yield from self._read(forms, names[middle:], living)
            return
        yield from entries(self._mapping, gathered(rows, names))

    def _rows(self, raw: Sequence[Any]) -> list[Row]:
        """Rows as the mapping takes them. The balances are joined here: a database may compute them for the
        rows of all customers before it leaves out those that are not asked for."""
        statements = self._access.statements
        with self._access.connected() as connection:
            customers = connection.execute(select(statements.customer).where(self._are(raw))).all()
            if statements.balance is None:
                return list(customers)
            owed = connection.execute(statements.balances_of(raw)).all()
        balances: dict[str | None, list[Row]] = {}
        for row in owed:
            balances.setdefault(name_of(row[0]), []).append(tuple(row))
        return [
            (*row, *balance) for row in customers for balance in balances.get(name_of(row[0]), [_NO_BALANCE])
        ]

    def _failing(self, name: str, raw: Sequence[Any], refused: ValueRefusedError) -> Fault:
        reason = f"{self._field(raw)}: the database cannot compute it ({refused.code})"
        self._failed[name] = reason
        self._refuse_too_many(refused)
        return Fault(name, reason)

    def _living(self, raw: Sequence[Any]) -> set[str]:
        """Those that are neither marked as deleted nor gone since. Raises ValueRefusedError where that cannot
        be told."""
        statements = self._access.statements
        goes_by = [statements.customer.c[name] for name in GOES_BY if name in statements.customer.c]
        self._run(select(*goes_by).where(self._are(raw)))
        if statements.balance is not None:
            self._run(statements.owners().where(self._are(raw)))
        rows = self._run(statements.identifiers().where(self._are(raw)))
        return {str(name_of(row[0])) for row in rows if len(row) == 1 or not to_deleted(row[1])}

    def _refuse_too_many(self, refused: ValueRefusedError) -> None:
        reasons = self._failed  # which a pass beside this one may begin anew
        failed = len(reasons)
        if failed <= min(MOST, GUARDED_FROM * GUARDED_SHARE):
            return
        customers = self._customers
        if customers is None:
            counted = self._run(self._access.statements.count())
            customers = self._customers = sum(int(row[0]) for row in counted)
        if failed > max(MOST, customers * SHARE) or is_truncated(customers - failed, customers):
            [(reason, rows)] = Counter(reasons.values()).most_common(1)
            raise ValueRefusedError(
                f"source {self._access.place}: {failed:,} of {customers:,} customers or more cannot be read,"
                f" {rows:,} for this reason: {reason}; correct that key of the mapping, or these rows; run"
                " `customer-lookup doctor`",
                refused.code,
            ) from refused

    def _field(self, raw: Sequence[Any]) -> str:
        """Which field it is that cannot be computed."""
        fields = self._fields(raw)
        for field in sorted(fields, key=lambda field: field != self._last_field):
            if self._refuses(fields[field]):
                self._last_field = field
                return field
        return "a field"

    def _fields(self, raw: Sequence[Any]) -> dict[str, Select[Any]]:
        """The statement that computes each field alone."""
        statements = self._access.statements
        fields: dict[str, Select[Any]] = {}
        for column in statements.customer.c:
            field = f"balances: {column.key}" if column.key in BALANCE_FIELDS else str(column.key)
            fields[field] = select(column).where(self._are(raw))
        if statements.balance is not None:
            owed, balance = statements.balances_of(raw), statements.balance.c
            for name in BALANCE_FIELDS[1:]:
                fields[f"balances: {name}"] = owed.with_only_columns(balance[name])
        return fields

    def _refuses(self, statement: Select[Any]) -> bool:
        try:
            self._run(statement)
        except ValueRefusedError:
            return True
        return False

    def _are(self, raw: Sequence[Any]) -> ColumnElement[bool]:
        return self._access.statements.customer.c.identifier.in_(values(raw))

    def _run(self, statement: Select[Any]) -> Sequence[Row]:
        with self._access.connected() as connection:
            return connection.execute(statement).all()


class ApartWay:
    """A segment row by row; `places(position)` gives the position of each."""

    def __init__(self, places: Callable[[Any], Sequence[Any]], rows: Apart) -> None:
        self._places = places
        self._rows = rows

    def items(self, position: Any) -> Iterator[Item]:
        """See Way.items."""
        return ((place, ()) for place in self._places(position))

    def read(self, items: Sequence[Item]) -> Iterator[Entry]:
        """See Way.read. A row without an identifier is nobody's."""
        for chunk in chunks(items, self._rows.most_at_once):
            forms: dict[str, list[Any]] = {}
            for place, _ in chunk:
                value = place[-1] if isinstance(place, tuple) else place
                if (name := name_of(value)) is not None:
                    forms.setdefault(name, []).append(value)
            yield from self._rows.read(forms)
