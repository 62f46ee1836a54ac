"""What several subjects share. Written by `python -m api.client_writing`."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from indicators.models import Text
from screening.result_models import CitedSource


class CaseShown(BaseModel):
    """A case without anything personal."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    id: str
    number: str
    site: str
    status: str
    created_by: str
    created_at: datetime
    closed_at: datetime | None
    erased_at: datetime | None
    held_until: datetime | None
    version: int


class ConsentExceptionShown(BaseModel):
    """When something is passed on without a yes, explained for the file and for the person …"""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    id: str
    label: Text
    explanation: Text
    said_before: Text | None
    nameless: bool
    sources: list[CitedSource]


class EmergencyShown(BaseModel):
    """One emergency access to a case."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    id: str
    case: str
    case_number: str
    account: str
    at: datetime
    until: datetime
    reason: str | None
    reviewed_by: str | None
    reviewed_at: datetime | None
    review: str | None
    review_label: Text | None
    review_note: str | None


class EnrolmentShown(BaseModel):
    """What an authenticator app needs: the address as a picture or a link, or the secret typed by …"""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    secret: str
    address: str


class MembershipShown(BaseModel):
    """A role, at a site or (null) at every site."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    role: str
    site: str | None


class NoteWarningShown(BaseModel):
    """Something in a text could be turned against the person; it was saved as it is."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    id: str
    label: Text
    says: Text


class WorkplaceShown(BaseModel):
    """A workplace by its code."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    id: str
    code: str
    kind: str
    created_at: datetime
    version: int


class PageWorkplaceShown(BaseModel):
    """Page_WorkplaceShown_."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    items: list[WorkplaceShown]
    next_cursor: str | None


class SignedInShown(BaseModel):
    """Signed in; `recovery_codes` are shown this once."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    csrf_token: str
    expires_at: datetime
    recovery_codes: list[str]
    recovery_codes_left: int
    step: Literal["signed_in"] = "signed_in"
