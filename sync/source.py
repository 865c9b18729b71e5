"""The merchant's database, read as Customers. Nothing here writes to it."""

from collections.abc import Callable, Iterator, Sequence
from collections.abc import Mapping as MappingOf
from functools import partial
from itertools import chain
from typing import Any

from sqlalchemy import Select

from customers.customer import Balance
from customers.errors import SourceError
from sync import source_check
from sync.apart import Apart, ApartWay
from sync.chunks import chunks
from sync.clock import Reading, as_column_value, read_clock, zone_at
from sync.connecting import limit_time
from sync.identifiers import gathered, is_ambiguous, name_of, named, raw_forms
from sync.mapping import Mapping
from sync.moments import greatest_time
from sync.nameless import Nameless, counted
from sync.pages import Entry, Page, Together, entries, segments
from sync.settings import SourceSettings
from sync.source_access import SourceAccess
from sync.source_errors import ValueRefusedError
from sync.statements import SEGMENT, Statements
from sync.values import to_deleted

# Customers of one page: enough for a fetch to pay, few enough that memory holds little of the table.
PAGE = 1_000
# Identifiers of one `IN (…)`: MariaDB and SQLite slow down or refuse beyond.
IDENTIFIERS = 500


class Source:
    """Reads customers by the mapping of [source]. Safe to share between threads.

    Every method raises SourceUnavailable when trying again may help, and SourceError when it will not.
    """

    def __init__(self, settings: SourceSettings) -> None:
        """Does not connect. Raises ConfigurationError for a URL that cannot be one."""
        self.settings = settings
        self.mapping = Mapping(settings)
        self._access = SourceAccess(settings)
        self._engine = self._access.engine
        self._connected = self._access.connected
        self._apart = Apart(self._access, self.mapping, IDENTIFIERS)
        self._identifier: Any = None

    def check(self, *, thorough: bool = False) -> None:
        """Try every table, column and expression of the mapping, on all rows where `thorough`. Raises
        ConfigurationError that names the key at fault and the closest name there is, SourceUnavailable, or
        SourceError."""
        with self._connected() as connection:
            source_check.check(connection, self.settings, thorough=thorough)

    def close(self) -> None:
        """Let go of the connections."""
        self._access.close()

    @property
    def place(self) -> str:
        """Where it is, for a message."""
        return self._access.place

    def renew(self) -> None:
        """Begin anew, as every pass does: what the url leads to, which columns there are, and of what type
        identifiers are, may have changed while a worker lives. What is being read just now is read to its
        end."""
        self._access.renew()
        self._apart.renew()
        self._identifier = None

    def clock(self) -> Reading:
        """What time it is in the database. A pass begins with it, and reads what that clock belongs to."""
        self.renew()
        with self._connected() as connection:
            return read_clock(connection)

    def count(self) -> int:
        """How many customers there are, mapped or not."""
        with self._connected() as connection:
            counted = connection.execute(self._statements.count())
            return sum(int(row[0]) for row in counted if len(row) == 1 or not to_deleted(row[1]))

    def scan(self, after: str | None = None) -> Iterator[Page]:
        """All customers in the order of their identifier, from the identifier `after` on (it included)."""
        position = None if after is None else next(iter(self._raw([after])), None)
        return self._pages(self._statements.scan, position)

    def window(self, since: float, zone: float) -> Iterator[Page]:
        """The customers whose row changed at or after `since` (seconds since 1970)."""
        bound = self._bound(since, zone)
        return self._pages(partial(self._statements.window, bound), None, dated=True)

    def undated(self) -> Iterator[Page]:
        """The customers whose `updated_at` is NULL, or blank."""
        is_text = self._has_text_as_times()
        return self._pages(partial(self._statements.undated, is_text=is_text), None)

    def read(self, identifiers: Sequence[str]) -> Iterator[Entry]:
        """What the source says now about these customers; it says nothing about those it does not have."""
        for chunk in chunks(identifiers, IDENTIFIERS):
            forms = self._forms(chunk)
            statement = self._statements.by_identifiers([*chain(*forms.values())])
            try:
                with self._connected() as connection:
                    rows = connection.execute(statement).all()
            except ValueRefusedError:
                yield from self._apart.read(forms)
            else:
                yield from entries(self.mapping, gathered(rows, chunk))

    def shared(self, identifiers: Sequence[str]) -> list[str]:
        """Those of `identifiers` that several rows have."""
        found: list[str] = []
        for chunk in chunks(identifiers, IDENTIFIERS):
            statement = self._statements.shared(self._raw(chunk))
            with self._connected() as connection:
                found += named(connection.scalars(statement))
        return found

    def identifiers(self) -> Iterator[list[str | None]]:
        """The identifier of every row that `count` counts, in no order; None: it is nobody's."""
        with self._access.streaming(self._statements.identifiers(), PAGE) as rows:
            for part in rows:
                yield [name_of(row[0]) for row in part if len(row) == 1 or not to_deleted(row[1])]

    def nameless(self) -> Nameless:
        """The rows without an identifier. Looks at every row, so it is for who does so anyway."""
        with self._connected() as connection:
            found = connection.execute(self._statements.without_identifier()).all()
        return counted((row[0], int(row[1])) for row in found if len(row) == 2 or not to_deleted(row[2]))

    def changed_balances(self, since: float, zone: float) -> Iterator[list[str]]:
        """The identifiers of the customers with a balance that changed at or after `since`."""
        return self._owners(self._statements.changed_balances(self._bound(since, zone, of_balance=True)))

    def undated_balances(self) -> Iterator[list[str]]:
        """The identifiers of the customers with a balance whose `updated_at` is NULL, or blank."""
        is_text = self._has_text_as_times(of_balance=True)
        return self._owners(self._statements.undated_balances(is_text=is_text))

    def _owners(self, statement: Select[Any]) -> Iterator[list[str]]:
        with self._access.streaming(statement, PAGE) as rows:
            for part in rows:
                yield list(dict.fromkeys(named(row[0] for row in part)))

    def balances(
        self, identifiers: Sequence[str], currency: str, timeout: float
    ) -> MappingOf[str, Balance | None]:
        """The accounts in `currency` of these customers, in at most `timeout` seconds; None for one that
        cannot be read; a customer without one is not in the answer."""
        if self.settings.balances is None or not identifiers:
            return {}
        raw = self._raw(identifiers)
        if len(raw) < len(identifiers):
            # No pass has begun anew since the column had another type: live balances are asked for between.
            self._identifier = None
            raw = self._raw(identifiers)
        statement = self._statements.balances_of(raw)
        try:
            with self._connected() as connection:
                limit_time(connection, timeout)
                rows = connection.execute(statement).all()
        except SourceError:
            # Another type may be why: of `text IN (1)`, PostgreSQL refuses it, and MariaDB reads all.
            self._identifier = None
            raise
        return self.mapping.accounts(rows, currency)

    def _pages(
        self, statement: Callable[..., Select[Any]], after: Any, *, dated: bool = False
    ) -> Iterator[Page]:
        moment = self.mapping.updated_at if dated else None

        def stream(position: Any) -> Iterator[Sequence[Any]]:
            with self._access.streaming(statement(position), PAGE) as parts:
                for part in parts:
                    yield from part

        def places(position: Any) -> Sequence[Any]:
            with self._connected() as connection:
                rows = connection.execute(statement(position, bare=True)).all()
            return [tuple(row) if dated else row[0] for row in rows]

        usual, apart = Together(stream, self.mapping, moment), ApartWay(places, self._apart)
        pages = segments(usual, apart, after, segment=SEGMENT, page=PAGE)
        return map(self._read_whole, pages) if self._is_ambiguous() else pages

    def _read_whole(self, page: Page) -> Page:
        """The same customers, with all the rows of their identifiers: the database may keep them apart."""
        names = (entry.identifier for entry in page.entries if entry.identifier is not None)
        return Page(tuple(self.read(list(dict.fromkeys(names)))), page.last)

    def _is_ambiguous(self) -> bool:
        """Whether two rows that the database tells apart may have the same identifier."""
        if not self._mixes_types:
            return is_ambiguous(self._sample_identifier())
        with self._connected() as connection:
            least = connection.scalar(self._statements.least_identifier())
        return is_ambiguous(least, self._greatest("identifier"))

    @property
    def _mixes_types(self) -> bool:
        """Whether the database may have values of several types in one column."""
        return self._engine.dialect.name == "sqlite"

    @property
    def _statements(self) -> Statements:
        return self._access.statements

    def _greatest(self, column: str) -> Any:
        with self._connected() as connection:
            return connection.scalar(self._statements.greatest(column))

    def newest_time(self, *, of_balance: bool = False) -> Any:
        """The greatest `updated_at`, as the driver gives it; None where none is a time."""
        with self._connected() as connection:
            return greatest_time(connection, self._statements, of_balance=of_balance)

    def _bound(self, since: float, zone: float, *, of_balance: bool = False) -> Any:
        """`since` as `updated_at` writes it. None where nothing there is a time: nobody can tell what is
        later, so everything has to be read."""
        with self._connected() as connection:
            sample = greatest_time(connection, self._statements, of_balance=of_balance)
            zone = min(zone, zone_at(connection, since))
        return None if sample is None else as_column_value(since, zone, sample)

    def _has_text_as_times(self, *, of_balance: bool = False) -> bool:
        return self._mixes_types or isinstance(self.newest_time(of_balance=of_balance), str)

    def _raw(self, identifiers: Sequence[str]) -> list[Any]:
        """Identifiers as the database has them. Text that cannot be one of its numbers is nobody's."""
        return list(chain.from_iterable(self._forms(identifiers).values()))

    def _forms(self, identifiers: Sequence[str]) -> dict[str, list[Any]]:
        sample = None if self._mixes_types else self._sample_identifier()
        return {name: raw_forms(name, sample, of_any_type=self._mixes_types) for name in identifiers}

    def _sample_identifier(self) -> Any:
        """Any identifier, asked for once in a pass: a column has one type."""
        sample = self._identifier
        if sample is None:
            sample = self._identifier = self._greatest("identifier")
        return sample
