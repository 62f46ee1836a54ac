"""Drafts of the rules: files of the content that were changed, and what was said of them."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from screening.storage.tables.base import Base, Digest, Key, Ref, Sealed, Word
from screening.storage.types import one_of

DRAFT_STATUSES = ("open", "in_review", "approved", "published", "dropped")


class RuleDraft(Base):
    """A named set of changes to the content; nothing of it is read by an interview."""

    __tablename__ = "rule_drafts"
    __table_args__ = (one_of("status", DRAFT_STATUSES),)

    id: Mapped[Key]
    rule_set: Mapped[Word]
    # Sealed under the system key, as everything that people type.
    name: Mapped[Sealed]
    status: Mapped[Word] = mapped_column(default="open")
    # Grows by one with every change of a file or of the status.
    version: Mapped[int] = mapped_column(default=1)
    created_by: Mapped[Ref] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[datetime]
    changed_by: Mapped[Ref] = mapped_column(ForeignKey("accounts.id"))
    changed_at: Mapped[datetime]
    # What is wrong and what differs, as JSON, sealed; and of which version.
    judged: Mapped[Sealed | None]
    judged_version: Mapped[int | None]
    # Who asked for approval, of which program, from which day on.
    asked_by: Mapped[Ref | None] = mapped_column(ForeignKey("accounts.id"))
    asked_at: Mapped[datetime | None]
    digest: Mapped[Digest | None]
    in_force_from: Mapped[date | None]
    # Who approved it or sent it back; the reason for that is sealed under the system key.
    decided_by: Mapped[Ref | None] = mapped_column(ForeignKey("accounts.id"))
    decided_at: Mapped[datetime | None]
    reason: Mapped[Sealed | None]
    published_by: Mapped[Ref | None] = mapped_column(ForeignKey("accounts.id"))
    published_at: Mapped[datetime | None]
    revision: Mapped[int | None]


class RuleDraftFile(Base):
    """One file of the content as a draft has it; a file without a row is as it came with the system."""

    __tablename__ = "rule_draft_files"
    __table_args__ = (UniqueConstraint("draft_id", "path", name="uq_rule_draft_files_path"),)

    id: Mapped[Key]
    draft_id: Mapped[Ref] = mapped_column(ForeignKey("rule_drafts.id"))
    path: Mapped[str] = mapped_column(String(200))
    text: Mapped[Sealed]
    # SHA-256 of the file as it came with the system when it was first changed.
    based_on: Mapped[Digest]
    version: Mapped[int] = mapped_column(default=1)
    changed_by: Mapped[Ref] = mapped_column(ForeignKey("accounts.id"))
    changed_at: Mapped[datetime]
