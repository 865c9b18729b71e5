"""Finds out whether the merchant's tables have the indexes that make a sync quick."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import Engine, Inspector, inspect

from sync.connecting import connected
from sync.settings import SourceSettings
from sync.source_engine import open_source
from sync.source_errors import translated


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
        return [
            f"CREATE INDEX {table.rpartition('.')[2]}_{column} ON {table} ({column}, {identifier})"
            for table, column, identifier in wanted
            if table and column and identifier and _is_unindexed(inspector, table, column)
        ]


@contextmanager
def _inspected(url: str) -> Iterator[Inspector]:
    engine: Engine = open_source(url)
    try:
        with translated(engine.url), connected(engine, "[source] url") as connection:
            yield inspect(connection)
    finally:
        engine.dispose()


def _is_unindexed(inspector: Inspector, table: str, column: str) -> bool:
    """Whether `column` is one of a table, and no index begins with it."""
    *schemas, name = table.split(".")
    schema = schemas[-1] if schemas else None
    if name not in inspector.get_table_names(schema):
        return False
    if column not in {found["name"] for found in inspector.get_columns(name, schema)}:
        return False
    firsts: list[Sequence[str | None]] = [
        index["column_names"][:1] for index in inspector.get_indexes(name, schema)
    ]
    firsts.append(inspector.get_pk_constraint(name, schema)["constrained_columns"][:1])
    firsts += [found["column_names"][:1] for found in inspector.get_unique_constraints(name, schema)]
    return [column] not in firsts
