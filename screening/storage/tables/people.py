"""Accounts, what they may do where, and how they sign in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from screening.storage.tables.base import Base, Key, Ref, Sealed, Word
from screening.storage.types import one_of

ROLES = (
    "interviewer",
    "inspector",
    "supervisor",
    "reviewer",
    "approver",
    "administrator",
    "auditor",
    "service",
)
ACCOUNT_KINDS = ("person", "service")
ACCOUNT_STATUSES = ("invited", "active", "locked", "closed")
INVITATION_KINDS = ("first_administrator", "invitation", "password_reset")
REVIEWS = ("justified", "not_justified")
SESSION_STEPS = ("second_factor", "signed_in")


class Account(Base):
    """Somebody, or a system, that can sign in. Names are sealed; the sign-in name is found by keyed hash."""

    __tablename__ = "accounts"
    __table_args__ = (one_of("kind", ACCOUNT_KINDS), one_of("status", ACCOUNT_STATUSES))

    id: Mapped[Key]
    kind: Mapped[Word] = mapped_column(default="person")
    status: Mapped[Word] = mapped_column(default="invited")
    sign_in_lookup: Mapped[str] = mapped_column(String(64), unique=True)
    # Sealed under the system key.
    sign_in_name: Mapped[Sealed]
    display_name: Mapped[Sealed]
    password_hash: Mapped[str | None] = mapped_column(String(200))
    password_changed_at: Mapped[datetime | None]
    totp_secret: Mapped[Sealed | None]
    totp_confirmed_at: Mapped[datetime | None]
    # The last time step that was accepted: one code works once.
    totp_last_step: Mapped[int | None]
    oidc_lookup: Mapped[str | None] = mapped_column(String(64), unique=True)
    language: Mapped[Word] = mapped_column(default="en")
    created_at: Mapped[datetime]
    created_by: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
    closed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)


class Membership(Base):
    """One role of one account at one site; without a site, at every site."""

    __tablename__ = "memberships"
    __table_args__ = (
        one_of("role", ROLES),
        UniqueConstraint("account_id", "role", "site_id", name="uq_memberships_once"),
    )

    id: Mapped[Key]
    account_id: Mapped[Ref] = mapped_column(ForeignKey("accounts.id"))
    role: Mapped[Word]
    site_id: Mapped[Ref | None] = mapped_column(ForeignKey("sites.id"))
    granted_by: Mapped[Ref | None] = mapped_column(ForeignKey("accounts.id"))
    granted_at: Mapped[datetime]


class Invitation(Base):
    """A link that works once: to become the first administrator, to join, or to set a new password."""

    __tablename__ = "invitations"
    __table_args__ = (one_of("kind", INVITATION_KINDS),)

    id: Mapped[Key]
    kind: Mapped[Word]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[Ref | None] = mapped_column(ForeignKey("accounts.id"))
    created_by: Mapped[Ref | None] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class RecoveryCode(Base):
    """A second factor for the day the telephone is gone; each works once."""

    __tablename__ = "recovery_codes"

    id: Mapped[Key]
    account_id: Mapped[Ref] = mapped_column(ForeignKey("accounts.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SignInSession(Base):
    """A signed-in browser; only the hash of its token is kept."""

    __tablename__ = "sessions"
    __table_args__ = (one_of("step", SESSION_STEPS),)

    id: Mapped[Key]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[Ref] = mapped_column(ForeignKey("accounts.id"), index=True)
    step: Mapped[Word]
    csrf_token: Mapped[str] = mapped_column(String(64))
    # A keyed hash of the address it was opened from: who comes from there again is not shut out by strangers.
    address_lookup: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_because: Mapped[Word | None]


class ApiToken(Base):
    """A token of another system or of a device, with scopes and an end."""

    __tablename__ = "api_tokens"

    id: Mapped[Key]
    account_id: Mapped[Ref] = mapped_column(ForeignKey("accounts.id"), index=True)
    label: Mapped[str] = mapped_column(String(100))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[list[str]] = mapped_column(JSON)
    created_by: Mapped[Ref] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class SignInAttempt(Base):
    """A sign-in that failed, or is being tried; `who` is a keyed hash of a name, an address, or both."""

    __tablename__ = "sign_in_attempts"
    __table_args__ = (Index("ix_sign_in_attempts_who", "who", "at"),)

    id: Mapped[Key]
    who: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]


class BreakGlass(Base):
    """Access to a case that the roles do not give, taken with a reason, for a short time, with an alert."""

    __tablename__ = "break_glass"
    __table_args__ = (one_of("review", REVIEWS), Index("ix_break_glass_case", "case_id", "account_id"))

    id: Mapped[Key]
    account_id: Mapped[Ref] = mapped_column(ForeignKey("accounts.id"))
    case_id: Mapped[Ref] = mapped_column(ForeignKey("cases.id"))
    # Sealed under the case key.
    reason: Mapped[Sealed]
    at: Mapped[datetime]
    until: Mapped[datetime]
    reviewed_by: Mapped[Ref | None] = mapped_column(ForeignKey("accounts.id"))
    reviewed_at: Mapped[datetime | None]
    review: Mapped[Word | None]
    # Sealed under the case key.
    review_note: Mapped[Sealed | None]
