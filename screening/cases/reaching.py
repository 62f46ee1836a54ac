"""Which rows of which tables belong to a case, found from the foreign keys: no new table is forgotten."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from sqlalchemy import ColumnElement, LargeBinary, Table, select

from screening.storage.tables import Base


@cache
def tables_of_a_case() -> Mapping[str, tuple[str, str]]:
    """The tables whose rows belong to a case, each with its column and the table that column leads to.

    In an order in which what is led to comes first; `cases` itself is not among them.
    """
    found: dict[str, tuple[str, str]] = {}
    reached = {"cases"}
    while True:
        new = {
            table.name: way
            for table in Base.metadata.sorted_tables
            if table.name not in reached and (way := _way(table, reached)) is not None
        }
        if not new:
            return MappingProxyType(found)
        found |= new
        reached |= set(new)


def belongs(table: Table, case_id: str) -> ColumnElement[bool]:
    """The condition that keeps the rows of one case."""
    if table.name == "cases":
        return table.c.id == case_id
    if table.name == "case_links":
        return (table.c.case_id == case_id) | (table.c.other_case_id == case_id)
    column, target = tables_of_a_case()[table.name]
    if target == "cases":
        return table.c[column] == case_id
    parent = Base.metadata.tables[target]
    return table.c[column].in_(select(parent.c.id).where(belongs(parent, case_id)))


def sealed_columns(table: Table) -> tuple[str, ...]:
    """The columns that hold what is sealed."""
    return tuple(column.name for column in table.columns if isinstance(column.type, LargeBinary))


def _way(table: Table, reached: set[str]) -> tuple[str, str] | None:
    """The column that leads to a case: the straight one, or the first over another table."""
    ways = [
        (column.name, key.column.table.name)
        for column in table.columns
        for key in column.foreign_keys
        if key.column.table.name in reached
    ]
    straight = [way for way in ways if way[1] == "cases"]
    return next(iter(straight or ways), None)
