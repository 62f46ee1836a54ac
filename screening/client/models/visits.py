"""Models: visits. Written by `python -m api.client_writing`."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from screening.client.models.shared import NoteWarningShown


class NewVisit(BaseModel):
    """A visit to a workplace."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    site: str
    workplace: str | None = None
    note: str | None = None
    client_key: str | None = None


class VisitShown(BaseModel):
    """A visit to a workplace."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    id: str
    number: str
    site: str
    workplace: str | None
    status: str
    created_by: str
    started_at: datetime
    closed_at: datetime | None
    version: int
    warnings: list[NoteWarningShown] | None = None


class PageVisitShown(BaseModel):
    """Page_VisitShown_."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    items: list[VisitShown]
    next_cursor: str | None


class VisitChange(BaseModel):
    """Closing a visit."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    status: Literal["closed"]


class VisitInterviewShown(BaseModel):
    """An interview of a visit that the caller may read."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    id: str
    case: str
    case_number: str
    status: str
    outcome: str | None


class VisitDetails(BaseModel):
    """A visit with the interviews within reach; of the others a number, and counts that point at …"""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    id: str
    number: str
    site: str
    workplace: str | None
    status: str
    created_by: str
    started_at: datetime
    closed_at: datetime | None
    version: int
    note: str | None
    interviews: list[VisitInterviewShown]
    others: int
    other_outcomes: dict[str, int] | None
    warnings: list[NoteWarningShown] | None = None
