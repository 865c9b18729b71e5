"""Guesses which table of a database holds the customers, and which column is what."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Inspector, inspect

from customer_lookup.column_names import (
    BALANCE_COLUMNS,
    COLUMNS,
    COMPANY_NAMES,
    DELETED,
    FIRST_NAMES,
    GENERIC,
    LAST_NAMES,
    TABLES,
    UPDATED,
    named,
    plain,
)
from customers.errors import ConfigurationError
from sync.connecting import connected
from sync.source_engine import open_source
from sync.source_errors import translated
from sync.table_names import closest, other_tables, parted, tables_of

# With so many columns that look like a customer's, a table is taken for one of customers, whatever its name.
ENOUGH = 3


@dataclass(frozen=True, slots=True)
class Guess:
    """What [source] probably is. `customer` maps a field to a column or an SQL expression; `balances` are the
    keys of [source.balances], where a table of them is clear; `left` are the columns that are none of
    these."""

    table: str
    customer: dict[str, str]
    updated_at: str | None
    deleted: str | None
    balances: dict[str, str] = field(default_factory=dict)
    left: tuple[str, ...] = ()


def guess(url: str, table: str | None = None) -> Guess:
    """Look into the database at `url`. `table` (`schema.table` too): where the customers are known to be.
    Raises ConfigurationError where it is not there or nothing looks like a customer's number,
    SourceUnavailable, SourceError."""
    engine = open_source(url)
    try:
        with translated(engine.url), connected(engine, "URL") as connection:
            return _guess(inspect(connection), table)
    finally:
        engine.dispose()


def _guess(inspector: Inspector, table: str | None) -> Guess:
    chosen = _likeliest(inspector) if table is None else _known(inspector, table)
    columns = _columns(inspector, chosen)
    mapping = _mapping(inspector, chosen, columns)
    updated_at, deleted = named(columns, UPDATED), named(columns, DELETED)
    known = {*mapping.values(), updated_at, deleted}
    if mapping.get("name", "") not in {"", *columns}:  # joined of these
        known |= {named(columns, FIRST_NAMES), named(columns, LAST_NAMES)}
    return Guess(
        chosen,
        mapping,
        updated_at,
        deleted,
        _balances(inspector, chosen, mapping["identifier"]),
        tuple(column for column in columns if column not in known),
    )


def _known(inspector: Inspector, table: str) -> str:
    """The table that was named, if it is there."""
    names = [*sorted(tables_of(inspector)), *sorted(other_tables(inspector))]
    if table in names:
        return table
    raise ConfigurationError(
        f"--table: there is no {table}; there are {', '.join(names)}{closest(table, names)}"
    )


def _likeliest(inspector: Inspector) -> str:
    """The table that looks most like one of customers. The other schemas, which may be another program's, are
    looked into where none of the default one does."""
    likeness = {name: _likeness(inspector, name) for name in tables_of(inspector)}
    if max(likeness.values(), default=(False, 0)) < (False, ENOUGH):
        likeness |= {name: _likeness(inspector, name) for name in other_tables(inspector)}
    if not likeness:
        raise ConfigurationError(
            "the database shows no table, in no schema: name another one, or let its user read the tables"
        )
    return max(likeness, key=lambda name: likeness[name])


def _columns(inspector: Inspector, table: str) -> list[str]:
    schema, name = parted(table)
    return [column["name"] for column in inspector.get_columns(name, schema)]


def _likeness(inspector: Inspector, table: str) -> tuple[bool, int]:
    """First by its name, then by how many columns look like a customer's."""
    columns = _columns(inspector, table)
    _, name = parted(table)
    return plain(name) in TABLES, sum(named(columns, names) is not None for names in COLUMNS.values())


def _mapping(inspector: Inspector, table: str, columns: Sequence[str]) -> dict[str, str]:
    found = _found(columns, COLUMNS)
    schema, name = parted(table)
    primary_key = inspector.get_pk_constraint(name, schema)["constrained_columns"]
    if "identifier" not in found:
        if len(primary_key) != 1:
            raise ConfigurationError(
                f"{table} has no column that looks like a customer's number, nor a primary key of one column;"
                f" it has {', '.join(columns)}: name another table with --table, or write lookup.toml by hand"
                " as examples/northwind.toml is"
            )
        found = {"identifier": primary_key[0], **found}
    first, last = named(columns, FIRST_NAMES), named(columns, LAST_NAMES)
    if first and last and "name" not in found:
        found["name"] = _joined(inspector, first, last)
    elif "name" not in found and (company := named(columns, COMPANY_NAMES)):
        found["name"] = company
    return found


def _found(columns: Sequence[str], wanted: Mapping[str, Sequence[str]]) -> dict[str, str]:
    return {key: column for key, names in wanted.items() if (column := named(columns, names))}


def _joined(inspector: Inspector, first: str, last: str) -> str:
    """Both columns and a space; `||` means "or" to MySQL."""
    dialect = inspector.dialect
    first, last = (dialect.identifier_preparer.quote(name) for name in (first, last))
    is_mysql = dialect.name in {"mysql", "mariadb"}
    return f"concat({first}, ' ', {last})" if is_mysql else f"{first} || ' ' || {last}"


def _balances(inspector: Inspector, customers: str, identifier: str) -> dict[str, str]:
    """The keys of [source.balances] for the one table beside the customers' that can be nothing else; none
    where no table or more than one is such."""
    schema, name = parted(customers)
    beside = [other for other in tables_of(inspector, schema) if other != customers]
    clear = [found for other in beside if (found := _balances_in(inspector, other, name, identifier))]
    return clear[0] if len(clear) == 1 else {}


def _balances_in(inspector: Inspector, table: str, customers: str, identifier: str) -> dict[str, str]:
    columns = _columns(inspector, table)
    found = _found(columns, BALANCE_COLUMNS)
    owner = next(_owners(inspector, table, customers, identifier, columns), None)
    if owner is None or not {"currency", "balance"} <= found.keys():
        return {}
    updated_at = named(columns, UPDATED)
    dated = {"updated_at": updated_at} if updated_at else {}
    return {"from": table, "identifier": owner, **found, **dated}


def _owners(
    inspector: Inspector, table: str, customers: str, identifier: str, columns: Sequence[str]
) -> Iterator[str]:
    """The columns that hold the customer's identifier: by a foreign key, by its very name, or by a name that
    says whose it is where the customers call it `id`."""
    schema, name = parted(table)
    for key in inspector.get_foreign_keys(name, schema):
        if key["referred_table"] == customers and key["referred_columns"] == [identifier]:
            yield key["constrained_columns"][0]
    is_generic = plain(identifier) in GENERIC
    names = (
        [name for name in COLUMNS["identifier"] if name not in GENERIC] if is_generic else [plain(identifier)]
    )
    if column := named(columns, names):
        yield column
