"""The audit chain: who did what to which record, each entry bound to the one before."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, BigInteger, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from screening.storage.tables.base import Base, Word


class AuditEntry(Base):
    """One entry; no foreign keys, so that nothing can pull it away. Ids and codes only, never a content."""

    __tablename__ = "audit_entries"
    __table_args__ = (
        Index("ix_audit_entries_case", "case_id", "seq"),
        Index("ix_audit_entries_actor", "actor", "seq"),
    )

    # 1, 2, 3 … without a gap: SQLite needs its own integer type for that.
    seq: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer(), "sqlite"), primary_key=True, autoincrement=False
    )
    # As it was hashed: UTC, ISO 8601 with microseconds.
    at: Mapped[str] = mapped_column(String(27))
    actor: Mapped[str] = mapped_column(String(64))
    actor_kind: Mapped[Word]
    action: Mapped[Word]
    object_kind: Mapped[Word]
    object_id: Mapped[str] = mapped_column(String(80))
    case_id: Mapped[str | None] = mapped_column(String(32))
    site_id: Mapped[str | None] = mapped_column(String(32))
    request_id: Mapped[str | None] = mapped_column(String(64))
    detail: Mapped[dict[str, Any]] = mapped_column(JSON)
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64), unique=True)
