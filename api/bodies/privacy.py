"""What requests about erasure, holds, retention and emergency access carry, and how they are answered."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from api.bodies.reading import Body, ContentId, Note
from indicators.models import Confidence, Text
from screening.cases.break_glass import BreakGlassRead
from screening.cases.retention import Due
from screening.cases.words import label_of

CaseNumber = Annotated[str, StringConstraints(min_length=1, max_length=32, pattern=r"^[A-Za-z0-9 -]+$")]


Day = Annotated[date, Field(strict=False)]


class EmergencyReview(Body):
    """What a review of emergency access found."""

    review: ContentId
    note: Note | None = None


class Erasure(Body):
    """The number of the case, typed again, and why it is erased."""

    number: CaseNumber
    reason: ContentId


class Hold(Body):
    """Until which day a case is kept, and why."""

    until: Day
    reason: ContentId
    note: Note | None = None


class RetentionRun(Body):
    """Whether to say what would go, which is the default, or to do it."""

    dry: bool = True


class EmergencyShown(BaseModel):
    """One emergency access to a case."""

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


class RetentionCaseShown(BaseModel):
    """A case that a rule is about; a held one is left alone."""

    id: str
    number: str
    due_at: datetime
    held: bool


class RetentionDueShown(BaseModel):
    """What one rule would take, or took."""

    rule: str
    label: Text
    because: Text
    after_days: int
    confidence: Confidence
    count: int
    cases: list[RetentionCaseShown]


class RetentionShown(BaseModel):
    """What the rules would take, or, if `dry` is false, what they took."""

    dry: bool
    rules: list[RetentionDueShown]


def show_emergency(read: BreakGlassRead) -> EmergencyShown:
    """One emergency access."""
    row = read.row
    return EmergencyShown(
        id=row.id,
        case=read.case.id,
        case_number=read.case.number,
        account=row.account_id,
        at=row.at,
        until=row.until,
        reason=read.reason,
        reviewed_by=row.reviewed_by,
        reviewed_at=row.reviewed_at,
        review=row.review,
        review_label=None if row.review is None else label_of("break_glass_reviews", row.review),
        review_note=read.review_note,
    )


def show_retention(found: tuple[Due, ...], *, dry: bool) -> RetentionShown:
    """What the rules would take, or took."""
    return RetentionShown(
        dry=dry,
        rules=[
            RetentionDueShown(
                rule=due.rule.id,
                label=due.rule.label,
                because=due.rule.because,
                after_days=due.rule.after_days,
                confidence=due.rule.confidence,
                count=due.count,
                cases=[
                    RetentionCaseShown(id=case.id, number=case.number, due_at=case.due_at, held=case.held)
                    for case in due.cases
                ],
            )
            for due in found
        ],
    )
