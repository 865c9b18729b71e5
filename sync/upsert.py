"""Insert-or-replace, which every database writes in its own way."""

from collections.abc import Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Insert, Table, bindparam
from sqlalchemy.dialects import mysql, postgresql, sqlite


def upsert(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert `rows`; where a row has the primary key of one that is there, replace that one."""
    if not rows:
        return
    statement = _statement(connection.dialect.name, table, list(rows[0]))
    compiled = statement.compile(dialect=connection.dialect)
    # The driver takes the rows as they are: a ledger has a million, and SQLAlchemy looks at each value.
    if compiled.positiontup is not None:
        pick = itemgetter(*compiled.positiontup)
        connection.exec_driver_sql(compiled.string, [pick(row) for row in rows])
    else:
        connection.exec_driver_sql(compiled.string, list(rows))


def _statement(dialect: str, table: Table, names: Sequence[str]) -> Insert:
    keys = [column.name for column in table.primary_key]
    others = [name for name in names if name not in keys]
    values = {name: bindparam(name, type_=table.c[name].type) for name in names}
    if dialect in {"mysql", "mariadb"}:
        inserted = mysql.insert(table).values(values)
        return inserted.on_duplicate_key_update({name: inserted.inserted[name] for name in others})
    kind = postgresql.insert if dialect == "postgresql" else sqlite.insert
    conflicting = kind(table).values(values)
    replaced = {name: conflicting.excluded[name] for name in others}
    return conflicting.on_conflict_do_update(index_elements=keys, set_=replaced)
