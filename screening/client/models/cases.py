"""Models: cases. Written by `python -m api.client_writing`."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from indicators.models import Text
from screening.client.models.shared import CaseShown, ConsentExceptionShown, NoteWarningShown


class AccessShown(BaseModel):
    """Why an account may or could open a case."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    account: str
    because: str
    granted_by: str
    granted_at: datetime
    ended_at: datetime | None
    ended_by: str | None


class CaseChange(BaseModel):
    """Closing or reopening a case."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    status: Literal["open", "closed"]
    reason: str
    note: str | None = None


class CaseEventShown(BaseModel):
    """The case as a whole was closed, reopened, held, released or erased."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    event: str
    reason: str | None
    reason_label: Text | None
    note: str | None
    by: str
    at: datetime


class CaseRead(BaseModel):
    """A case with what happened to it; `linked` are other cases of the same person within reach."""

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
    events: list[CaseEventShown]
    linked: list[CaseShown]
    warnings: list[NoteWarningShown] | None = None


class ConsentShown(BaseModel):
    """What the person said to one purpose, in both languages."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    id: str
    purpose: str
    purpose_label: Text
    recipient: str | None
    state: str
    state_label: Text
    how: str | None
    how_label: Text | None
    interview: str | None
    limits_explained: bool
    note: str | None
    by: str
    at: datetime
    warnings: list[NoteWarningShown] | None = None


class WordShown(BaseModel):
    """A word to choose; `needs_note` asks for a sentence beside it."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    id: str
    label: Text
    needs_note: bool


class ConsentWordsShown(BaseModel):
    """What to choose from when consent is recorded, and the exceptions that are explained first."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    purposes: list[WordShown]
    states: list[WordShown]
    ways: list[WordShown]
    exceptions: list[ConsentExceptionShown]


class ConsentsShown(BaseModel):
    """Everything the person said in order, and what holds now."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    current: list[ConsentShown]
    history: list[ConsentShown]


class EmergencyReason(BaseModel):
    """Why a case must be opened in an emergency."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    reason: str


class IdentityChange(BaseModel):
    """The fields to change; null empties one, and what is left out stays as it is."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    full_name: str | None = None
    other_names: str | None = None
    birth_date: str | None = None
    nationality: str | None = None
    languages: str | None = None
    document_number: str | None = None
    telephone: str | None = None
    safe_contact: str | None = None
    address: str | None = None
    notes: str | None = None


class IdentityShown(BaseModel):
    """Who the person is; `version` is 0 while nothing was recorded. After a change of the document …"""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    case: str
    full_name: str | None
    other_names: str | None
    birth_date: str | None
    nationality: str | None
    languages: str | None
    document_number: str | None
    telephone: str | None
    safe_contact: str | None
    address: str | None
    notes: str | None
    version: int
    updated_at: datetime | None
    updated_by: str | None
    matches: list[CaseShown] | None = None
    match_elsewhere: bool | None = None
    warnings: list[NoteWarningShown] | None = None


class MatchesShown(BaseModel):
    """Other cases with the same document number; `elsewhere` says that there are others out of reach."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    matches: list[CaseShown]
    elsewhere: bool | None


class NewCase(BaseModel):
    """A case to be opened."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    site: str
    client_key: str | None = None


class NewCaseWorkplace(BaseModel):
    """A workplace to link a case with."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    workplace: str


class NewConsent(BaseModel):
    """What the person said to one purpose; a referral names its service."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    purpose: str
    state: str
    recipient: str | None = None
    how: str | None = None
    interview: str | None = None
    limits_explained: bool = False
    note: str | None = None


class NewLink(BaseModel):
    """Another case of the same person."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    case: str


class PageAccessShown(BaseModel):
    """Page_AccessShown_."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    items: list[AccessShown]
    next_cursor: str | None


class PageCaseShown(BaseModel):
    """Page_CaseShown_."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    items: list[CaseShown]
    next_cursor: str | None
