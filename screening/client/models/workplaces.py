"""Models: workplaces. Written by `python -m api.client_writing`."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from screening.client.models.shared import CaseShown


class NewWorkplace(BaseModel):
    """A workplace to be found, or recorded if it is new."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    kind: Literal["company", "household", "other"]
    name: str | None = None
    register_number: str | None = None


class WorkplaceDetails(BaseModel):
    """A workplace with its name, if the caller works with it, and the cases there within reach."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    id: str
    code: str
    kind: str
    created_at: datetime
    version: int
    name: str | None
    register_number: str | None
    cases: list[CaseShown]


class WorkplaceFound(BaseModel):
    """A workplace that was found, or recorded as new."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    id: str
    code: str
    kind: str
    created_at: datetime
    version: int
    found: bool
