"""Tries the mapping against the database, and says which key of lookup.toml is wrong and what is closest."""

import re
from collections.abc import Iterator, Sequence
from difflib import get_close_matches

from sqlalchemy import Connection, inspect, select, text
from sqlalchemy.exc import DBAPIError, NoSuchTableError

from customers.errors import ConfigurationError
from sync import moments
from sync.mapping import CUSTOMER_FIELDS, separate_balances
from sync.relations import expression, relation
from sync.settings import BalanceSettings, SourceSettings
from sync.source_errors import first_line, is_retryable
from sync.statements import Statements

# What stands after FROM (one of `from` and `query`), and the columns that it has.
Place = tuple[str | None, str | None, Sequence[str]]

BALANCE_KEYS = ("identifier", "currency", "balance", "balance_overdue", "credit_limit", "updated_at")


def check(connection: Connection, settings: SourceSettings) -> None:
    """Try each key by itself, so that the message can name it; then all of it together."""
    columns = _columns(connection, "[source]", settings.from_, settings.query)
    for key, sql in _customer_keys(settings):
        _check_expression(connection, (settings.from_, settings.query, columns), key, sql)
    balances = settings.balances
    others: Sequence[str] = ()
    if balances is not None:
        from_, query, others = settings.from_, settings.query, columns
        if separate_balances(settings):
            from_, query = balances.from_, balances.query
            others = _columns(connection, "[source.balances]", from_, query)
        for key, sql in _balance_keys(balances):
            _check_expression(connection, (from_, query, others), key, sql)
    statements = Statements(settings, connection.dialect, columns, others)
    _check_together(connection, settings, statements)
    _check_times(connection, settings, statements)


def _customer_keys(settings: SourceSettings) -> Iterator[tuple[str, str]]:
    if unknown := [field for field in settings.customer if field not in CUSTOMER_FIELDS]:
        raise ConfigurationError(f"[source.customer] {unknown[0]}: not a field of a customer")
    for field, sql in settings.customer.items():
        yield f"[source.customer] {field}", sql
    if settings.updated_at:
        yield "[source] updated_at", settings.updated_at
    if settings.deleted:
        yield "[source] deleted", settings.deleted


def _balance_keys(balances: BalanceSettings) -> Iterator[tuple[str, str]]:
    for name in BALANCE_KEYS:
        if sql := getattr(balances, name):
            yield f"[source.balances] {name}", sql


def _columns(connection: Connection, table: str, from_: str | None, query: str | None) -> list[str]:
    statement = select(text("*")).select_from(relation(from_, query, connection.dialect))
    try:
        with connection.begin():
            return list(connection.execute(statement.where(text("1 = 0"))).keys())
    except DBAPIError as error:
        if is_retryable(error):
            raise
        if from_ is None:
            raise ConfigurationError(f"{table} query: {first_line(error)}") from error
        reason = _missing_table(connection, from_) or first_line(error)
        raise ConfigurationError(f"{table} from: {reason}") from error


def _missing_table(connection: Connection, from_: str) -> str | None:
    """The sentence for a table that is not there, or None where it is."""
    *schemas, name = from_.split(".")
    schema = schemas[-1] if schemas else None
    inspector = inspect(connection)
    if schema is not None and schema not in inspector.get_schema_names():
        return f'schema "{schema}" is not in the database{_suggestion(schema, inspector.get_schema_names())}'
    try:
        names = [*inspector.get_table_names(schema), *inspector.get_view_names(schema)]
    except NoSuchTableError:
        names = []
    if name in names:
        return None
    return f'table or view "{from_}" is not in the database{_suggestion(name, names)}'


def _check_expression(connection: Connection, place: Place, key: str, sql: str) -> None:
    dialect = connection.dialect
    from_, query, columns = place
    if key.endswith("deleted") and sql not in columns:
        sql = f"CASE WHEN ({sql}) THEN 1 ELSE 0 END"
    statement = select(expression(sql, columns, dialect)).select_from(relation(from_, query, dialect))
    try:
        with connection.begin():
            connection.execute(statement.where(text("1 = 0"))).all()
    except DBAPIError as error:
        if is_retryable(error) or not _is_about_the_statement(error):
            raise
        reason = _missing_column(sql, columns, from_ or "query") or f"{first_line(error)}, in: {sql}"
        raise ConfigurationError(f"{key}: {reason}") from error


def _is_about_the_statement(error: DBAPIError) -> bool:
    """Not about who may read it: PostgreSQL's 42501 and MySQL's 1142, 1143."""
    state = str(getattr(error.orig, "sqlstate", None) or "")
    number = error.orig.args[0] if error.orig is not None and error.orig.args else None
    return state != "42501" and number not in {1142, 1143}


def _missing_column(sql: str, columns: Sequence[str], place: str) -> str | None:
    """The sentence for the first word of `sql` that looks like a mistyped column."""
    bare = re.sub(r"'(?:[^']|'')*'", " ", sql)
    known = {column.lower() for column in columns}
    words = [word for word in re.findall(r"[^\W\d]\w*(?!\w|\s*\()", bare) if word.lower() not in known]
    if re.fullmatch(r"\w+", sql.strip()) and sql.strip().lower() not in known:
        return f'column "{sql.strip()}" is not in "{place}"{_suggestion(sql.strip(), columns)}'
    for word in words:
        if suggestion := _suggestion(word, columns):
            return f'column "{word}" is not in "{place}"{suggestion}'
    return None


def _suggestion(name: str, names: Sequence[str]) -> str:
    lowered = {known.lower(): known for known in names}
    close = get_close_matches(name.lower(), lowered, n=1, cutoff=0.6)
    return f'; did you mean "{lowered[close[0]]}"?' if close else ""


def _check_times(connection: Connection, settings: SourceSettings, statements: Statements) -> None:
    """A column in which nothing is a time is another one than was meant."""
    wrong: dict[str, str | None] = {}
    if settings.updated_at:
        wrong["[source] updated_at"] = moments.complaint(connection, statements)
    if separate_balances(settings) and settings.balances is not None and settings.balances.updated_at:
        wrong["[source.balances] updated_at"] = moments.complaint(connection, statements, of_balance=True)
    for key, complaint in wrong.items():
        if complaint is not None:
            raise ConfigurationError(f"{key}: {complaint}; map a column of times, or leave it out")


def _check_together(connection: Connection, settings: SourceSettings, statements: Statements) -> None:
    """The joined statement: its only new ground is comparing the customer's identifier with the balance's."""
    try:
        with connection.begin():
            connection.execute(statements.scan().where(text("1 = 0"))).all()
    except DBAPIError as error:
        if is_retryable(error):
            raise
        key = (
            "[source.balances] identifier" if separate_balances(settings) else "[source.customer] identifier"
        )
        raise ConfigurationError(
            f"{key}: {first_line(error)}; cast it to the type of the customer's identifier"
        ) from error
