"""Referrals, what happened to them, the stages of a case, and the systems that are told."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from screening.storage.tables.base import Base, Key, Ref, Sealed, Word
from screening.storage.types import one_of

REFERRAL_STATUSES = (
    "proposed",
    "created",
    "sent",
    "accepted",
    "declined",
    "followed_up",
    "closed",
    "cancelled",
)
DELIVERY_STATUSES = ("waiting", "delivered", "failed")


class Referral(Base):
    """One route to one service of the directory, for one case."""

    __tablename__ = "referrals"
    __table_args__ = (
        one_of("status", REFERRAL_STATUSES),
        Index("ix_referrals_site", "site_id", "status", "due_at"),
        Index("ix_referrals_case", "case_id"),
        UniqueConstraint("created_by", "client_key", name="uq_referrals_client_key"),
    )

    id: Mapped[Key]
    number: Mapped[str] = mapped_column(String(16), unique=True)
    case_id: Mapped[Ref] = mapped_column(ForeignKey("cases.id"))
    site_id: Mapped[Ref] = mapped_column(ForeignKey("sites.id"))
    assessment_id: Mapped[Ref | None] = mapped_column(ForeignKey("assessments.id"))
    route: Mapped[Word]
    service: Mapped[Word]
    urgency: Mapped[Word]
    status: Mapped[Word] = mapped_column(default="created")
    # Either the person's yes for this recipient, or the exception of the law that stands in for it.
    consent_id: Mapped[Ref | None] = mapped_column(ForeignKey("consents.id"))
    exception: Mapped[Word | None]
    # What goes along, as JSON; sealed under the case key.
    content: Mapped[Sealed | None]
    due_at: Mapped[datetime | None]
    client_key: Mapped[str | None] = mapped_column(String(64))
    created_by: Mapped[Ref] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)


class ReferralEvent(Base):
    """One step of a referral; never changed."""

    __tablename__ = "referral_events"
    __table_args__ = (UniqueConstraint("referral_id", "seq", name="uq_referral_events_seq"),)

    id: Mapped[Key]
    referral_id: Mapped[Ref] = mapped_column(ForeignKey("referrals.id"))
    seq: Mapped[int]
    event: Mapped[Word]
    reason: Mapped[Word | None]
    how: Mapped[Word | None]
    note: Mapped[Sealed | None]
    by: Mapped[Ref] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime]


class CaseStage(Base):
    """A stage of the referral mechanism that a case is or was in."""

    __tablename__ = "case_stages"
    __table_args__ = (
        Index("ix_case_stages_case", "case_id", "entered_at"),
        Index("ix_case_stages_due", "due_at"),
    )

    id: Mapped[Key]
    case_id: Mapped[Ref] = mapped_column(ForeignKey("cases.id"))
    stage: Mapped[Word]
    entered_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None]
    by: Mapped[Ref] = mapped_column(ForeignKey("accounts.id"))


class Webhook(Base):
    """A receiving system: where to, signed with what, about which events."""

    __tablename__ = "webhooks"

    id: Mapped[Key]
    site_id: Mapped[Ref | None] = mapped_column(ForeignKey("sites.id"))
    label: Mapped[str] = mapped_column(String(100))
    url: Mapped[Sealed]
    secret: Mapped[Sealed]
    events: Mapped[list[str]] = mapped_column(JSON)
    active: Mapped[bool] = mapped_column(default=True)
    created_by: Mapped[Ref] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)


class Delivery(Base):
    """One message to one webhook: ids and statuses only, tried again until taken or given up."""

    __tablename__ = "deliveries"
    __table_args__ = (one_of("status", DELIVERY_STATUSES), Index("ix_deliveries_next", "status", "next_at"))

    id: Mapped[Key]
    webhook_id: Mapped[Ref] = mapped_column(ForeignKey("webhooks.id"))
    event: Mapped[Word]
    body: Mapped[str] = mapped_column(String(4000))
    status: Mapped[Word] = mapped_column(default="waiting")
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime | None]
    last_status: Mapped[int | None]
    created_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
