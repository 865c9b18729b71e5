"""Finds out whether the merchant's tables have the indexes that make a sync quick."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import Engine, Inspector, inspect

from sync.connecting import connected
from sync.relations import table_name
from sync.settings import SourceSettings
from sync.source_engine import open_source
from sync.source_errors import translated
from sync.table_names import parted

# What a mapping may write around a column's name.
_MARKS = '"`[]'
# As long as the name of an index may be in every database.
_LONGEST_NAME = 63


def missing_indexes(settings: SourceSettings) -> list[str]:
    """The CREATE INDEX statements that are missing. None for a query or an expression: nobody can tell there.
    Raises SourceError."""
    wanted: list[tuple[str | None, ...]] = [
        (settings.from_, settings.updated_at, settings.customer["identifier"])
    ]
    if settings.balances is not None:
        balances = settings.balances
        wanted.append((balances.from_, balances.updated_at, balances.identifier))
    with _inspected(settings.url) as inspector:
        statements = [
            _missing(inspector, table, column, identifier)
            for table, column, identifier in wanted
            if table and column and identifier
        ]
    return [statement for statement in statements if statement is not None]


@contextmanager
def _inspected(url: str) -> Iterator[Inspector]:
    engine: Engine = open_source(url)
    try:
        with translated(engine.url), connected(engine, "[source] url") as connection:
            yield inspect(connection)
    finally:
        engine.dispose()


def _missing(inspector: Inspector, table: str, column: str, identifier: str) -> str | None:
    """The statement for an index that begins with `column`, unless there is one, or it is no column."""
    schema, written = parted(table)
    schema = schema.strip(_MARKS) if schema else None
    name = _spelled(written, inspector.get_table_names(schema))
    if name is None:
        return None
    columns = [str(found["name"]) for found in inspector.get_columns(name, schema)]
    moment, key = _spelled(column, columns), _spelled(identifier, columns)
    if moment is None or not _is_unindexed(inspector, schema, name, moment):
        return None
    quote = inspector.dialect.identifier_preparer.quote
    indexed = ", ".join(quote(each) for each in (moment, key) if each is not None)
    index, place = quote(f"{name}_{moment}"[:_LONGEST_NAME]), table_name(table, inspector.dialect)
    if schema and inspector.dialect.name == "sqlite":  # there it stands before the index
        index, place = f"{quote(schema)}.{index}", quote(name)
    return f"CREATE INDEX {index} ON {place} ({indexed})"


def _spelled(written: str, names: Sequence[str]) -> str | None:
    """The one of `names` that is meant, as the database spells it."""
    if written in names:
        return written
    bare = written.strip(_MARKS).lower()
    return next((name for name in names if name.lower() == bare), None)


def _is_unindexed(inspector: Inspector, schema: str | None, table: str, column: str) -> bool:
    """Whether no index begins with the column."""
    firsts: list[Sequence[str | None]] = [
        index["column_names"][:1] for index in inspector.get_indexes(table, schema)
    ]
    firsts.append(inspector.get_pk_constraint(table, schema)["constrained_columns"][:1])
    firsts += [found["column_names"][:1] for found in inspector.get_unique_constraints(table, schema)]
    return [column] not in firsts
