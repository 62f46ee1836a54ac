"""Models: privacy. Written by `python -m api.client_writing`."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from indicators.models import Text
from screening.client.models.shared import EmergencyShown


class EmergencyReview(BaseModel):
    """What a review of emergency access found."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    review: str
    note: str | None = None


class Erasure(BaseModel):
    """The number of the case, typed again, and why it is erased."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    number: str
    reason: str


class Hold(BaseModel):
    """Until which day a case is kept, and why."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    until: date
    reason: str
    note: str | None = None


class PageEmergencyShown(BaseModel):
    """Page_EmergencyShown_."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    items: list[EmergencyShown]
    next_cursor: str | None


class RetentionCaseShown(BaseModel):
    """A case that a rule is about; a held one is left alone."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    id: str
    number: str
    due_at: datetime
    held: bool


class RetentionDueShown(BaseModel):
    """What one rule would take, or took."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    rule: str
    label: Text
    because: Text
    after_days: int
    confidence: Literal["verified_text", "secondary", "unverified", "own_design"]
    count: int
    cases: list[RetentionCaseShown]


class RetentionRun(BaseModel):
    """Whether to say what would go, which is the default, or to do it."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    dry: bool = True


class RetentionShown(BaseModel):
    """What the rules would take, or, if `dry` is false, what they took."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    dry: bool
    rules: list[RetentionDueShown]
