"""Makes what is not there yet. MySQL and MariaDB keep each change of a table at once, so a migration that was
broken off has done the first of its changes, and is run again."""

from typing import Any

import sqlalchemy as sa
from alembic import op


def create_table(name: str, *columns: Any, **options: Any) -> None:
    """As Alembic's, where there is no such table."""
    if not _inspector().has_table(name):
        op.create_table(name, *columns, **options)


def create_index(name: str, table: str, columns: list[str]) -> None:
    """As Alembic's, where there is no such index."""
    if name not in {index["name"] for index in _inspector().get_indexes(table)}:
        op.create_index(name, table, columns)


def add_column(table: str, column: "sa.Column[Any]") -> None:
    """As Alembic's, where the table has no such column."""
    if column.name not in {there["name"] for there in _inspector().get_columns(table)}:
        op.add_column(table, column)


def _inspector() -> sa.Inspector:
    return sa.inspect(op.get_bind())
