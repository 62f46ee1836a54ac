"""Models: queues. Written by `python -m api.client_writing`."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict


class WaitingShown(BaseModel):
    """One thing that waits: which record of which case, what about it, since or until when."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    kind: Literal["interview", "assessment", "referral", "stage"]
    id: str
    case: str
    case_number: str
    site: str
    what: str
    at: datetime
    held_by: str | None


class PageWaitingShown(BaseModel):
    """Page_WaitingShown_."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    items: list[WaitingShown]
    next_cursor: str | None


class QueueCounts(BaseModel):
    """How much waits in each list within reach."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    items: dict[str, int]
