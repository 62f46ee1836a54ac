"""Final assessments and the human decisions beside them; neither is ever changed."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from screening.storage.tables.base import Base, Digest, Key, Ref, Sealed, Word
from screening.storage.types import one_of

DECISION_STANCES = ("agree", "differ")


class StoredAssessment(Base):
    """The result of a finished interview, with everything needed to reach it again."""

    __tablename__ = "assessments"
    __table_args__ = (
        UniqueConstraint("interview_id", "number", name="uq_assessments_number"),
        Index("ix_assessments_site", "site_id", "at"),
    )

    id: Mapped[Key]
    interview_id: Mapped[Ref] = mapped_column(ForeignKey("interviews.id"))
    case_id: Mapped[Ref] = mapped_column(ForeignKey("cases.id"), index=True)
    site_id: Mapped[Ref] = mapped_column(ForeignKey("sites.id"))
    number: Mapped[int]
    rule_set: Mapped[Word]
    revision: Mapped[int | None]
    digest: Mapped[Digest] = mapped_column(ForeignKey("programs.digest"))
    as_of: Mapped[date]
    # The last answer that was read.
    last_seq: Mapped[int]
    # Sealed: it is the same for everybody, so a short interview could be guessed from it after an erasure.
    result_digest: Mapped[Sealed]
    # For statistics and lists; it stays when the case key is destroyed.
    outcome: Mapped[Word]
    # What each executor came to; they differ only where `engine_check` says so.
    reference_outcome: Mapped[Word]
    engine_outcome: Mapped[Word | None]
    engine_check: Mapped[Word]
    # The whole assessment as compressed JSON, sealed under the case key.
    body: Mapped[Sealed]
    by: Mapped[Ref] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime]


class Decision(Base):
    """What a person decided beside a result: agrees, or differs with a reason. It never edits the result."""

    __tablename__ = "decisions"
    __table_args__ = (one_of("stance", DECISION_STANCES),)

    id: Mapped[Key]
    assessment_id: Mapped[Ref] = mapped_column(ForeignKey("assessments.id"), index=True)
    case_id: Mapped[Ref] = mapped_column(ForeignKey("cases.id"), index=True)
    stance: Mapped[Word]
    # What the person would call it instead; one of the outcomes.
    outcome: Mapped[Word | None]
    reason: Mapped[Sealed | None]
    by: Mapped[Ref] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime]
