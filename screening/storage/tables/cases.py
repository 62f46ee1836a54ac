"""Cases, who may open them, and the identity that is kept apart from the answers."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from screening.storage.tables.base import Base, Key, Ref, Sealed, Word
from screening.storage.types import one_of

CASE_STATUSES = ("open", "closed", "erased")
CASE_EVENTS = ("closed", "reopened", "held", "released", "erased")
LINK_KINDS = ("same_person",)
ACCESS_REASONS = ("created", "handed_over", "assigned")
CONSENT_PURPOSES = ("interview", "record", "referral", "statistics", "contact")
CONSENT_STATES = ("given", "refused", "withdrawn")


class Case(Base):
    """One person's matter under a pseudonymous number; everything personal is sealed under its own key."""

    __tablename__ = "cases"
    __table_args__ = (
        one_of("status", CASE_STATUSES),
        Index("ix_cases_site", "site_id", "created_at"),
        UniqueConstraint("created_by", "client_key", name="uq_cases_client_key"),
    )

    id: Mapped[Key]
    number: Mapped[str] = mapped_column(String(16), unique=True)
    site_id: Mapped[Ref] = mapped_column(ForeignKey("sites.id"))
    data_key_id: Mapped[Ref] = mapped_column(ForeignKey("data_keys.id"))
    status: Mapped[Word] = mapped_column(default="open")
    created_by: Mapped[Ref] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]
    # Kept from the retention run while a court or the person asked for that; the reason is sealed.
    held_until: Mapped[datetime | None]
    held_because: Mapped[Sealed | None]
    # The same key of the same account is the same case: a device that was cut off asks again.
    client_key: Mapped[str | None] = mapped_column(String(64))
    version: Mapped[int] = mapped_column(default=1)


class CaseEvent(Base):
    """A case closed, reopened, held, released or erased: by whom, when, why. Never changed."""

    __tablename__ = "case_events"
    __table_args__ = (
        one_of("event", CASE_EVENTS),
        UniqueConstraint("case_id", "seq", name="uq_case_events_seq"),
    )

    id: Mapped[Key]
    case_id: Mapped[Ref] = mapped_column(ForeignKey("cases.id"))
    seq: Mapped[int]
    event: Mapped[Word]
    # One of the reasons of the content; the sentence beside it is sealed under the case key.
    reason: Mapped[Word | None]
    note: Mapped[Sealed | None]
    # An account, or `system` for the retention run and the command line.
    by: Mapped[Ref]
    at: Mapped[datetime]


class CaseLink(Base):
    """Two cases that a supervisor found to be one person's."""

    __tablename__ = "case_links"
    __table_args__ = (
        one_of("kind", LINK_KINDS),
        UniqueConstraint("case_id", "other_case_id", name="uq_case_links_once"),
    )

    id: Mapped[Key]
    # The smaller id of the two, so that a pair stands once.
    case_id: Mapped[Ref] = mapped_column(ForeignKey("cases.id"))
    other_case_id: Mapped[Ref] = mapped_column(ForeignKey("cases.id"), index=True)
    kind: Mapped[Word]
    created_by: Mapped[Ref] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[datetime]


class Identity(Base):
    """Who the person is, each field sealed; a case can do without."""

    __tablename__ = "identities"

    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    full_name: Mapped[Sealed | None]
    other_names: Mapped[Sealed | None]
    birth_date: Mapped[Sealed | None]
    nationality: Mapped[Sealed | None]
    languages: Mapped[Sealed | None]
    document_number: Mapped[Sealed | None]
    telephone: Mapped[Sealed | None]
    safe_contact: Mapped[Sealed | None]
    address: Mapped[Sealed | None]
    notes: Mapped[Sealed | None]
    # A keyed hash of the document number: the same person is noticed without reading anybody's number.
    document_lookup: Mapped[str | None] = mapped_column(String(64), index=True)
    updated_by: Mapped[Ref] = mapped_column(ForeignKey("accounts.id"))
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)


class CaseAccess(Base):
    """Why an account may open a case, from when, until when."""

    __tablename__ = "case_access"
    __table_args__ = (
        one_of("because", ACCESS_REASONS),
        Index("ix_case_access_account", "account_id", "case_id"),
    )

    id: Mapped[Key]
    case_id: Mapped[Ref] = mapped_column(ForeignKey("cases.id"))
    account_id: Mapped[Ref] = mapped_column(ForeignKey("accounts.id"))
    because: Mapped[Word]
    granted_by: Mapped[Ref] = mapped_column(ForeignKey("accounts.id"))
    granted_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[Ref | None] = mapped_column(ForeignKey("accounts.id"))


class CaseWorkplace(Base):
    """A case linked with a workplace by its code."""

    __tablename__ = "case_workplaces"
    __table_args__ = (UniqueConstraint("case_id", "workplace_id", name="uq_case_workplaces_once"),)

    id: Mapped[Key]
    case_id: Mapped[Ref] = mapped_column(ForeignKey("cases.id"))
    workplace_id: Mapped[Ref] = mapped_column(ForeignKey("workplaces.id"), index=True)
    created_by: Mapped[Ref] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[datetime]


class Consent(Base):
    """A yes, a no or a taking back, for one purpose and, for referrals, one recipient. Never changed."""

    __tablename__ = "consents"
    __table_args__ = (
        one_of("purpose", CONSENT_PURPOSES),
        one_of("state", CONSENT_STATES),
        UniqueConstraint("case_id", "seq", name="uq_consents_seq"),
    )

    id: Mapped[Key]
    case_id: Mapped[Ref] = mapped_column(ForeignKey("cases.id"))
    # 1, 2, 3 … within the case: the newest of a purpose and recipient counts.
    seq: Mapped[int]
    interview_id: Mapped[Ref | None] = mapped_column(ForeignKey("interviews.id"))
    purpose: Mapped[Word]
    # A service of the directory; only for the purpose `referral`.
    recipient: Mapped[Word | None]
    state: Mapped[Word]
    how: Mapped[Word | None]
    # Whether the person had first been told what is passed on even after a no.
    limits_explained: Mapped[bool] = mapped_column(default=False)
    note: Mapped[Sealed | None]
    by: Mapped[Ref] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime]
