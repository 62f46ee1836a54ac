"""One slice of a long list at a time, in an order that does not move while others write."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, and_, or_
from sqlalchemy.orm import InstrumentedAttribute, Session

from screening.refusals import Refused, refused
from screening.storage.types import UtcTime

Item = TypeVar("Item")
# What stands in a cursor for one key: text, a whole number, or a time as ISO 8601.
Part = str | int

MOST: Final = 200
USUAL: Final = 50
_LARGEST: Final = 2**53
_LONGEST: Final = 80


@dataclass(frozen=True, slots=True)
class Asked:
    """How many entries of a list, and after which one; None begins at its start."""

    limit: int = USUAL
    after: tuple[Part, ...] | None = None


@dataclass(frozen=True, slots=True)
class Slice(Generic[Item]):
    """Some entries of a list, and the keys of the last one if there are more behind it."""

    items: Sequence[Item]
    following: tuple[Part, ...] | None


def take(
    session: Session,
    statement: Select[Item],
    asked: Asked,
    keys: Sequence[InstrumentedAttribute[Any]],
    *,
    newest_first: bool = True,
) -> Slice[Item]:
    """The entries of `statement` that were asked for, ordered by `keys`, which together are unique.

    Raises `Refused` with S230 if `asked.after` is of another list. A record that appears or goes meanwhile
    never makes another one be shown twice or not at all.

        mine = select(Case).where(work.case_filter("cases.read"))
        take(work.session, mine, asked, [Case.created_at, Case.id])
    """
    if asked.after is not None:
        statement = statement.where(_behind(keys, _read(keys, asked.after), newest_first))
    ordered: Select[Any] = statement.add_columns(*keys).order_by(
        *(key.desc() if newest_first else key.asc() for key in keys)
    )
    rows = session.execute(ordered.limit(asked.limit + 1)).all()
    shown = rows[: asked.limit]
    more = len(rows) > asked.limit
    return Slice(
        [row[0] for row in shown], tuple(_write(part) for part in shown[-1][1:]) if more and shown else None
    )


def _behind(
    keys: Sequence[InstrumentedAttribute[Any]], values: Sequence[Any], newest_first: bool
) -> ColumnElement[bool]:
    # (a, b) < (x, y), spelt out: not every database compares rows, and those that do see no index.
    branches = []
    for at, key in enumerate(keys):
        same = [before == value for before, value in zip(keys[:at], values[:at], strict=True)]
        branches.append(and_(*same, key < values[at] if newest_first else key > values[at]))
    return or_(*branches)


def _read(keys: Sequence[InstrumentedAttribute[Any]], parts: Sequence[Part]) -> list[Any]:
    if len(keys) != len(parts):
        raise _wrong()
    return [_read_part(key, part) for key, part in zip(keys, parts, strict=True)]


def _read_part(key: InstrumentedAttribute[Any], part: Part) -> Any:
    kind = datetime if isinstance(key.type, UtcTime) else key.type.python_type
    if kind is int and isinstance(part, int) and not isinstance(part, bool) and abs(part) < _LARGEST:
        return part
    if isinstance(part, str) and len(part) <= _LONGEST and part.isascii() and part.isprintable():
        if kind is str:
            return part
        if kind is datetime:
            try:
                return datetime.strptime(part, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)
            except ValueError as error:
                raise _wrong() from error
    raise _wrong()


def _write(value: Any) -> Part:
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    if isinstance(value, int | str):
        return value
    raise TypeError(f"a list cannot be ordered by a {type(value).__name__}")


def _wrong() -> Refused:
    return refused("S230", field="cursor")
