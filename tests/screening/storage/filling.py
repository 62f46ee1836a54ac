"""Rows in every table, whatever tables there are: invented by the types and constraints of their columns."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Integer,
    LargeBinary,
    String,
    Table,
    insert,
)

from screening.people.access import SYSTEM
from screening.storage.tables import Base
from screening.storage.types import UtcTime
from screening.work import Service

# Made by the service itself: a chain and keys that were made up would be found out.
_REAL = {"audit_entries", "data_keys"}


def fill(service: Service, rows: int = 2) -> dict[str, int]:
    """Put some rows into every table; return how many each has."""
    now = service.clock()
    with service.work(SYSTEM) as work:
        keys = [service.vault.make_case_key(work.session, now) for _ in range(rows)]
        known: dict[str, list[Any]] = {"data_keys": keys}
        for table in Base.metadata.sorted_tables:
            if table.name in _REAL:
                continue
            known[table.name] = []
            for number in range(rows):
                row = {column.name: _value(table, column, number, known, now) for column in table.columns}
                work.session.execute(insert(table).values(row))
                known[table.name].append(row[next(iter(table.primary_key.columns)).name])
            work.record("filled", table.name, "0")
    return count(service)


def count(service: Service) -> dict[str, int]:
    """How many rows each table has."""
    with service.database.reading() as session:
        return {
            table.name: len(session.execute(table.select()).all()) for table in Base.metadata.sorted_tables
        }


def contents(service: Service) -> dict[str, list[Any]]:
    """Everything in every table, as the types of the tables read it."""
    with service.database.reading() as session:
        return {
            table.name: [
                tuple(row) for row in session.execute(table.select().order_by(*table.primary_key.columns))
            ]
            for table in Base.metadata.sorted_tables
        }


def _value(table: Table, column: Column[Any], number: int, known: dict[str, list[Any]], now: datetime) -> Any:
    for key in column.foreign_keys:
        others = known[key.column.table.name]
        # The first row of a table cannot point at another of its own; every later one does.
        return others[min(number, len(others) - 1)] if others else None
    for constraint in table.constraints:
        if isinstance(constraint, CheckConstraint) and (
            words := re.fullmatch(rf"{column.name} IN \((.*)\)", str(constraint.sqltext))
        ):
            listed = re.findall(r"'([^']*)'", words[1])
            return listed[number % len(listed)]
    return _by_type(column, number, now)


def _by_type(column: Column[Any], number: int, now: datetime) -> Any:
    kind = column.type
    if isinstance(kind, UtcTime):
        return now + timedelta(microseconds=number + 1)
    if isinstance(kind, LargeBinary):
        return bytes([0, 255, number, 10, 13])
    if isinstance(kind, Boolean):
        return bool(number % 2)
    if isinstance(kind, Integer):
        return number + 1
    if isinstance(kind, Date):
        return date(2026, 11, 1)
    if isinstance(kind, JSON):
        return [f"عربي {number}", {"bytes": "no"}] if number else {"a": [1, None, "b"]}
    if isinstance(kind, String):
        # Backwards: in the order of ids a row then points at one of its own table that is still to come.
        return f"{9 - number}\u2028{column.name}"[: kind.length]
    raise TypeError(f"{column.table.name}.{column.name}: how would one fill {kind!r}?")
