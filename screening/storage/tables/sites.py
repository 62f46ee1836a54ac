"""Sites, workplaces, and visits of inspectors to them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from screening.storage.tables.base import Base, Key, Ref, Sealed, Word
from screening.storage.types import one_of

SITE_KINDS = ("shelter", "embassy", "inspection", "detention", "hospital", "office", "other")
WORKPLACE_KINDS = ("company", "household", "other")
VISIT_STATUSES = ("open", "closed")


class Site(Base):
    """A place that works with the system; its name is public, its cases are not."""

    __tablename__ = "sites"
    __table_args__ = (one_of("kind", SITE_KINDS),)

    id: Mapped[Key]
    code: Mapped[str] = mapped_column(String(32), unique=True)
    kind: Mapped[Word]
    name_en: Mapped[str] = mapped_column(String(200))
    name_ar: Mapped[str] = mapped_column(String(200))
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)


class Workplace(Base):
    """An employer or company behind a code, so that cases can be linked without naming a person."""

    __tablename__ = "workplaces"
    __table_args__ = (one_of("kind", WORKPLACE_KINDS), Index("ix_workplaces_name", "name_lookup"))

    id: Mapped[Key]
    code: Mapped[str] = mapped_column(String(16), unique=True)
    kind: Mapped[Word]
    # Sealed under the system key; the lookups are keyed hashes by which it is found again.
    name: Mapped[Sealed | None]
    register_number: Mapped[Sealed | None]
    name_lookup: Mapped[str | None] = mapped_column(String(64))
    register_lookup: Mapped[str | None] = mapped_column(String(64), unique=True)
    # Cases that were erased no longer point here; how many there were is kept.
    erased_cases: Mapped[int] = mapped_column(default=0)
    created_by: Mapped[Ref] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)


class SiteVisit(Base):
    """One visit to a workplace; it groups the interviews of several workers."""

    __tablename__ = "site_visits"
    __table_args__ = (
        one_of("status", VISIT_STATUSES),
        Index("ix_site_visits_site", "site_id", "started_at"),
        UniqueConstraint("created_by", "client_key", name="uq_site_visits_client_key"),
    )

    id: Mapped[Key]
    number: Mapped[str] = mapped_column(String(16), unique=True)
    site_id: Mapped[Ref] = mapped_column(ForeignKey("sites.id"))
    workplace_id: Mapped[Ref | None] = mapped_column(ForeignKey("workplaces.id"))
    status: Mapped[Word] = mapped_column(default="open")
    # Sealed under the system key.
    note: Mapped[Sealed | None]
    created_by: Mapped[Ref] = mapped_column(ForeignKey("accounts.id"))
    started_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    # Interviews of cases that were erased no longer point here; how many there were is kept.
    erased_interviews: Mapped[int] = mapped_column(default=0)
    # The same key of the same account is the same visit: a device that was cut off asks again.
    client_key: Mapped[str | None] = mapped_column(String(64))
    version: Mapped[int] = mapped_column(default=1)
