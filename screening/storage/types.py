"""What columns hold: times in UTC, opaque ids, and words from a closed list."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import CheckConstraint, String
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

ID_LENGTH = 32

# Crockford's alphabet without the letters that are misread over the telephone.
_NUMBER_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


class UtcTime(TypeDecorator[datetime]):
    """An instant with its zone: `timestamptz` in PostgreSQL, sortable ISO text in SQLite.

    A time without a zone is refused: it would mean another instant on another machine.
    """

    impl = String(27)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """The native type where there is one."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(TIMESTAMP(timezone=True))
        return dialect.type_descriptor(String(27))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """What is written."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored time needs a zone")
        moment = value.astimezone(UTC)
        if dialect.name == "postgresql":
            return moment
        return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """What is read: always in UTC."""
        if value is None:
            return None
        if isinstance(value, datetime):
            return value.astimezone(UTC)
        # Ten times as fast as `strptime`, and there are thousands in a busy second.
        return datetime.fromisoformat(value)


def new_id() -> str:
    """An opaque id of 32 hexadecimal digits; it says nothing about what it names."""
    return uuid.uuid4().hex


def new_number(prefix: str) -> str:
    """A number for people, such as `KW-7Q4M-9KXD`: random, so that it tells neither order nor count."""
    letters = [secrets.choice(_NUMBER_ALPHABET) for _ in range(8)]
    return f"{prefix}-{''.join(letters[:4])}-{''.join(letters[4:])}"


def one_of(column: str, words: Sequence[str]) -> CheckConstraint:
    """The constraint that a column holds one of these words."""
    listed = ", ".join(f"'{word}'" for word in words)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")
