"""The data keys, each wrapped under a master key that is never in the database."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from screening.storage.tables.base import Base, Key, Sealed, Word
from screening.storage.types import one_of

PURPOSES = ("case", "system", "lookup", "check")


class DataKey(Base):
    """One key: of a case, of the system, for lookups, or the known value that proves the master key."""

    __tablename__ = "data_keys"
    __table_args__ = (one_of("purpose", PURPOSES), Index("ix_data_keys_purpose", "purpose"))

    id: Mapped[Key]
    purpose: Mapped[Word]
    master_key: Mapped[Word]
    # None once the key was destroyed: what it sealed is then unreadable for ever.
    wrapped: Mapped[Sealed | None]
    created_at: Mapped[datetime]
    destroyed_at: Mapped[datetime | None] = mapped_column(default=None)
