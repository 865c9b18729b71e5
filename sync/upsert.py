"""Insert-or-replace, which every database writes in its own way."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import mysql, postgresql, sqlite


def upsert(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert `rows`; where a row has the primary key of one that is there, replace that one."""
    if not rows:
        return
    keys = [column.name for column in table.primary_key]
    others = [name for name in rows[0] if name not in keys]
    if connection.dialect.name in {"mysql", "mariadb"}:
        statement = mysql.insert(table)
        replacing = {name: statement.inserted[name] for name in others}
        connection.execute(statement.on_duplicate_key_update(replacing), rows)
        return
    module = postgresql if connection.dialect.name == "postgresql" else sqlite
    conflicting = module.insert(table)
    replaced = {name: conflicting.excluded[name] for name in others}
    connection.execute(conflicting.on_conflict_do_update(index_elements=keys, set_=replaced), rows)
