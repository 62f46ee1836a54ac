"""Models: own account. Written by `python -m api.client_writing`."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from screening.client.models.shared import EnrolmentShown, MembershipShown


class Confirmation(BaseModel):
    """The present password and a fresh code, or a recovery code."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    password: str
    code: str


class MeChange(BaseModel):
    """What to change of the own account."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    display_name: str | None = None
    language: Literal["en", "ar"] | None = None


class MeShown(BaseModel):
    """The own account and what it may do."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    id: str
    sign_in_name: str
    display_name: str
    language: Literal["en", "ar"]
    memberships: list[MembershipShown]
    permissions: list[str]
    recovery_codes_left: int
    version: int


class OwnSession(BaseModel):
    """A browser that is signed in."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    id: str
    current: bool
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime


class OwnSessions(BaseModel):
    """Every browser that is signed in, the newest first."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    items: list[OwnSession]


class PasswordChange(BaseModel):
    """The present password confirms the new one."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    password: str
    new_password: str


class PendingFinished(BaseModel):
    """The first code of a new second factor."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    pending: str
    code: str


class PendingShown(BaseModel):
    """A new second factor that waits for its first code; send `pending` back with it."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    enrolment: EnrolmentShown
    pending: str


class RecoveryCodesShown(BaseModel):
    """New recovery codes, shown this once."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    recovery_codes: list[str]


class SessionsEnded(BaseModel):
    """How many sessions were ended."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    ended: int
