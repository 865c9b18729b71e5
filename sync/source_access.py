"""The way into the merchant's database: connections, statements for its columns, and words for errors."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Select, select, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from customers.errors import ConfigurationError, SourceError, SourceUnavailable
from sync.connecting import connected
from sync.mapping import separate_balances
from sync.relations import relation
from sync.settings import SourceSettings
from sync.source_check import check_expressions
from sync.source_engine import open_source
from sync.source_errors import ValueRefusedError, code_of, is_forbidden, place, translated
from sync.statements import Statements


class SourceAccess:
    """Safe to share between threads."""

    def __init__(self, settings: SourceSettings) -> None:
        """Does not connect. Raises ConfigurationError for a URL that cannot be one."""
        self.engine = open_source(settings.url)
        self._settings = settings
        self._statements: Statements | None = None

    def close(self) -> None:
        """Let go of the connections."""
        self.engine.dispose()

    def renew(self) -> None:
        """Let go of what is known: where the url leads, and what columns there are. What is being read just
        now is read to its end."""
        self.engine.dispose()
        self._statements = None

    @property
    def place(self) -> str:
        """Where it is, for a message."""
        return place(self.engine.url)

    @property
    def statements(self) -> Statements:
        """Those for the columns that there are, asked for once in a pass."""
        known = self._statements
        if known is None:
            known = self._statements = self._made()
        return known

    @contextmanager
    def connected(self) -> Iterator[Connection]:
        """A connection; inside, raises SourceUnavailable or SourceError instead of the driver's errors."""
        try:
            with translated(self.engine.url), connected(self.engine, "[source] url") as connection:
                yield connection
        except (SourceUnavailable, ValueRefusedError):
            raise
        except SourceError as error:
            self._statements = None  # they may be for columns that are there no more
            refused = error.__cause__
            if isinstance(refused, DBAPIError) and (named := self._named(refused)) is not None:
                words = f"source {self.place}: the database refused ({code_of(refused)}): {named}"
                raise SourceError(words) from error
            raise

    @contextmanager
    def streaming(self, statement: Select[Any], rows: int) -> Iterator[Iterator[Sequence[Any]]]:
        """Rows of a server-side cursor, so many at a time."""
        with self.connected() as connection:
            streamed = connection.execution_options(stream_results=True, max_row_buffer=rows)
            result = streamed.execute(statement)
            try:
                yield result.partitions(rows)
            finally:
                result.close()

    def _made(self) -> Statements:
        balances = self._settings.balances
        with self.connected() as connection:
            columns = _columns(connection, self._settings.from_, self._settings.query)
            others: list[str] = []
            if balances is not None and separate_balances(self._settings):
                others = _columns(connection, balances.from_, balances.query)
        return Statements(self._settings, self.engine.dialect, columns, others)

    def _named(self, refused: DBAPIError) -> str | None:
        """The sentence that names the key which the database refuses whatever the rows are: a column may have
        been dropped since the mapping was checked."""
        if is_forbidden(refused):
            return None
        try:
            with connected(self.engine, "[source] url") as connection:
                check_expressions(connection, self._settings)
        except ConfigurationError as error:
            return str(error)
        except SQLAlchemyError:
            return None  # then the first error says more
        return None


def _columns(connection: Connection, from_: str | None, query: str | None) -> list[str]:
    base = relation(from_, query, connection.dialect)
    return list(connection.execute(select(text("*")).select_from(base).where(text("1 = 0"))).keys())
