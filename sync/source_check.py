"""Tries the mapping against the database, and says which key of lookup.toml is wrong and what is closest."""

import time
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Connection, Select, inspect, select, text
from sqlalchemy.exc import DBAPIError, NoSuchTableError

from customers.errors import ConfigurationError
from sync import moments
from sync.clock import as_column_value
from sync.expression_check import check_comparison, check_expression, check_use
from sync.mapping import CUSTOMER_FIELDS, separate_balances
from sync.relations import relation
from sync.row_check import check_rows
from sync.settings import BalanceSettings, SourceSettings
from sync.source_errors import first_line, is_forbidden, is_retryable
from sync.statements import Statements
from sync.table_names import closest, other_tables, parted, tables_of
from sync.wrong_mapping import Mapped, Place, forbidden, shown, suggestion

BALANCE_KEYS = ("identifier", "currency", "balance", "balance_overdue", "credit_limit", "updated_at")
# Of these, what is a column of the customers' statement where balances have no table of their own.
OWN_AMOUNTS = ("currency", "balance", "balance_overdue", "credit_limit")
# What to do about a key that the database cannot put in order, or compare.
ORDERED = "cast it to a type that can be put in order, such as text"
COMPARED = "cast it to the type of the customer's identifier"


def check(connection: Connection, settings: SourceSettings, *, thorough: bool = False) -> None:
    """Try each key by itself, so that the message can name it: without rows, then on some of them (all where
    `thorough`), then in what it is used for."""
    place, others, customer, balance = check_expressions(connection, settings)
    statements = Statements(settings, connection.dialect, place.columns, others)
    if statements.balance is None:
        customer |= {name: balance[name] for name in OWN_AMOUNTS if name in balance}
    check_rows(connection, statements.customer, customer, thorough=thorough)
    if statements.balance is not None:
        check_rows(connection, statements.balance, balance, thorough=thorough)
    _check_uses(connection, settings, statements, customer, balance)
    _check_identifier(connection, statements, customer["identifier"])
    if "updated_at" in customer:
        _check_times(connection, statements, customer["updated_at"], statements.window)
    if statements.balance is not None and "updated_at" in balance:
        _check_times(connection, statements, balance["updated_at"], statements.changed_balances)


def check_expressions(
    connection: Connection, settings: SourceSettings
) -> tuple[Place, Sequence[str], dict[str, Mapped], dict[str, Mapped]]:
    """Try each table, and each key by itself, without rows. Returns the customers' place, the columns of the
    balances' own, and the keys of both."""
    place = _place(connection, "[source]", settings.from_, settings.query)
    customer = _customer_keys(settings, place)
    balance: dict[str, Mapped] = {}
    others: Sequence[str] = ()
    if settings.balances is not None:
        other = place
        if separate_balances(settings):
            other = _place(connection, "[source.balances]", settings.balances.from_, settings.balances.query)
            others = other.columns
        balance = _balance_keys(settings.balances, other)
    for mapped in (*customer.values(), *balance.values()):
        check_expression(connection, mapped)
    return place, others, customer, balance


def _customer_keys(settings: SourceSettings, place: Place) -> dict[str, Mapped]:
    """By the name of their column in the customers' statement."""
    if unknown := [field for field in settings.customer if field not in CUSTOMER_FIELDS]:
        raise ConfigurationError(f"[source.customer] {unknown[0]}: not a field of a customer")
    keys = {
        field: Mapped(f"[source.customer] {field}", sql, place) for field, sql in settings.customer.items()
    }
    if settings.updated_at:
        keys["updated_at"] = Mapped("[source] updated_at", settings.updated_at, place)
    if settings.deleted:
        is_condition = settings.deleted not in place.columns
        keys["deleted"] = Mapped("[source] deleted", settings.deleted, place, is_condition)
    return keys


def _balance_keys(balances: BalanceSettings, place: Place) -> dict[str, Mapped]:
    """By the name of their column in the balances' statement."""
    written = {name: getattr(balances, name) for name in BALANCE_KEYS}
    keys = {name: Mapped(f"[source.balances] {name}", sql, place) for name, sql in written.items() if sql}
    if "identifier" in keys:
        keys["balance_identifier"] = keys.pop("identifier")
    return keys


def _place(connection: Connection, table: str, from_: str | None, query: str | None) -> Place:
    statement = select(text("*")).select_from(relation(from_, query, connection.dialect))
    key, found = (f"{table} query", query or "") if from_ is None else (f"{table} from", from_)
    try:
        with connection.begin():
            columns = list(connection.execute(statement.where(text("1 = 0"))).keys())
    except DBAPIError as error:
        if is_retryable(error):
            raise
        if is_forbidden(error):
            raise forbidden(key, found, error) from error
        reason = None if from_ is None else _missing_table(connection, from_)
        raise ConfigurationError(f"{key}: {reason or first_line(error)}") from error
    return Place(from_, query, columns)


def _missing_table(connection: Connection, from_: str) -> str | None:
    """The sentence for a table that is not there, or None where it is."""
    schema, name = parted(from_)
    inspector = inspect(connection)
    schemas = inspector.get_schema_names()
    if schema is not None and schema not in schemas:
        close = suggestion(schema, schemas) or closest(from_, other_tables(inspector))
        return f'schema "{schema}" is not in the database{close}'
    try:
        names = tables_of(inspector, schema)
    except NoSuchTableError:
        names = []
    if name in [parted(known)[1] for known in names]:
        return None
    close = closest(from_, names) or closest(from_, other_tables(inspector))
    return f'table or view "{from_}" is not in the database{close}'


def _check_uses(
    connection: Connection,
    settings: SourceSettings,
    statements: Statements,
    customer: dict[str, Mapped],
    balance: dict[str, Mapped],
) -> None:
    """What each key is used for: to be put in order, to be counted by, to be compared with another."""
    for statement in (statements.greatest("identifier"), statements.without_identifier().limit(1)):
        check_use(connection, customer["identifier"], statement, ORDERED)
    if settings.updated_at:
        check_use(connection, customer["updated_at"], statements.moments(), ORDERED)
    if settings.deleted:
        check_use(connection, customer["deleted"], statements.count(), "write a condition")
    if statements.balance is not None:
        identifier = balance["balance_identifier"]
        if "updated_at" in balance:
            check_use(connection, balance["updated_at"], statements.moments(of_balance=True), ORDERED)
        check_use(connection, identifier, statements.scan(), COMPARED)
    if settings.updated_at:  # last: it is joined with the balances
        check_use(connection, customer["updated_at"], statements.undated(), ORDERED)


def _check_identifier(connection: Connection, statements: Statements, identifier: Mapped) -> None:
    """Whether it can be asked for by one that is there."""
    sample = _sample(connection, statements.greatest("identifier"))
    if sample is not None:
        check_comparison(connection, identifier, statements.by_identifiers([sample]), "cast it to text")


def _check_times(
    connection: Connection, statements: Statements, mapped: Mapped, later: Callable[[Any], Select[Any]]
) -> None:
    """Whether it can be asked for by a time. A column in which nothing is one is another than was meant."""
    of_balance = later == statements.changed_balances
    with connection.begin():
        why = moments.complaint(connection, statements, of_balance=of_balance)
        sample = moments.greatest_time(connection, statements, of_balance=of_balance)
    if why is not None:
        raise ConfigurationError(
            f"{mapped.key}: found {shown(mapped.sql)}: {why}; map a column of times, or leave it out"
        )
    if sample is not None:
        bound = as_column_value(time.time(), 0.0, sample)
        check_comparison(connection, mapped, later(bound), "cast it to a timestamp")


def _sample(connection: Connection, statement: Select[Any]) -> Any:
    with connection.begin():
        return connection.scalar(statement)
