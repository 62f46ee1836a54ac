"""Rows as JSON lines that mean the same on every database: what a backup is made of."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from typing import Any, Final

from sqlalchemy import (
    Connection,
    Date,
    DateTime,
    LargeBinary,
    MetaData,
    Table,
    and_,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.schema import sort_tables

_TIME: Final = "%Y-%m-%dT%H:%M:%S.%fZ"
_AT_ONCE: Final = 500
# What Alembic keeps for itself.
_VERSIONS: Final = "alembic_version"


def find_tables(connection: Connection) -> list[Table]:
    """Every table of a database as it is there, those before others that these point at."""
    found = MetaData()
    found.reflect(connection)
    return sort_tables([table for table in found.tables.values() if table.name != _VERSIONS])


def count_rows(connection: Connection, tables: Iterable[Table]) -> int:
    """How many rows the tables have together."""
    return sum(connection.scalar(select(func.count()).select_from(table)) or 0 for table in tables)


def write_rows(connection: Connection, table: Table) -> Iterator[bytes]:
    """Every row of a table, each a line, in the order of the primary key; in constant memory."""
    rows = connection.execution_options(yield_per=_AT_ONCE).execute(
        select(table).order_by(*table.primary_key.columns)
    )
    for row in rows.mappings():
        line = {name: _write(value) for name, value in row.items()}
        yield json.dumps(line, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode() + b"\n"


def read_rows(connection: Connection, table: Table, lines: Iterable[bytes]) -> int:
    """Put rows into a table; return how many. Raises `ValueError` for a line that is no row of it."""
    # A row may point at another of its own table that comes later: such columns are filled in at the end.
    own = {key.parent.name for key in table.foreign_keys if key.column.table is table}
    later: list[dict[str, Any]] = []
    batch: list[dict[str, Any]] = []
    count = 0
    for line in lines:
        read = json.loads(line)
        if not isinstance(read, dict) or set(read) != set(table.columns.keys()):
            raise ValueError(table.name)
        row = {name: _read(table, name, value) for name, value in read.items()}
        if any(row[name] is not None for name in own):
            later.append(row)
            row = {**row, **dict.fromkeys(own)}
        batch.append(row)
        count += 1
        if len(batch) == _AT_ONCE:
            connection.execute(insert(table), batch)
            batch = []
    if batch:
        connection.execute(insert(table), batch)
    for row in later:
        same = and_(*(column == row[column.name] for column in table.primary_key.columns))
        connection.execute(update(table).where(same).values({name: row[name] for name in own}))
    return count


def _write(value: Any) -> Any:
    if isinstance(value, bytes):
        return {"bytes": base64.b64encode(value).decode()}
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime(_TIME)
    if isinstance(value, date):
        return value.isoformat()
    # Lists and objects are wrapped, so that none can be taken for bytes.
    return {"json": value} if isinstance(value, dict | list) else value


def _read(table: Table, name: str, value: Any) -> Any:
    kind = table.c[name].type
    if isinstance(value, dict):
        if "bytes" in value:
            if not isinstance(kind, LargeBinary):
                raise ValueError(name)
            return base64.b64decode(value["bytes"], validate=True)
        return value["json"]
    if isinstance(value, str) and isinstance(kind, DateTime):
        return datetime.strptime(value, _TIME).replace(tzinfo=UTC)
    if isinstance(value, str) and isinstance(kind, Date):
        return date.fromisoformat(value)
    return value
