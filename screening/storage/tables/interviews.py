"""Interviews and their answers; an answer is never changed, a later one follows it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from screening.storage.tables.base import Base, Digest, Key, Ref, Sealed, Word
from screening.storage.types import one_of

INTERVIEW_STATUSES = ("open", "paused", "finished", "abandoned")
FOLLOWS_BECAUSE = ("rest", "new_information", "other_instrument", "correction", "field_form")


class StoredProgram(Base):
    """A canonical program that an interview was held by, so that it can be evaluated again for ever."""

    __tablename__ = "programs"

    digest: Mapped[Digest] = mapped_column(primary_key=True)
    rule_set: Mapped[Word]
    revision: Mapped[int | None]
    # The canonical JSON, compressed with zlib.
    body: Mapped[bytes] = mapped_column(LargeBinary)
    stored_at: Mapped[datetime]


class Interview(Base):
    """One sitting, or several of one: an instrument, a pinned program, and the answers so far."""

    __tablename__ = "interviews"
    __table_args__ = (
        one_of("status", INTERVIEW_STATUSES),
        one_of("follows_because", FOLLOWS_BECAUSE),
        Index("ix_interviews_case", "case_id", "created_at"),
        Index("ix_interviews_site", "site_id", "created_at"),
        UniqueConstraint("created_by", "client_key", name="uq_interviews_client_key"),
    )

    id: Mapped[Key]
    case_id: Mapped[Ref] = mapped_column(ForeignKey("cases.id"))
    site_id: Mapped[Ref] = mapped_column(ForeignKey("sites.id"))
    visit_id: Mapped[Ref | None] = mapped_column(ForeignKey("site_visits.id"), index=True)
    instrument: Mapped[Word]
    rule_set: Mapped[Word]
    # None while the interview is held by a draft.
    revision: Mapped[int | None]
    digest: Mapped[Digest] = mapped_column(ForeignKey("programs.digest"))
    entry_mode: Mapped[Word | None]
    status: Mapped[Word] = mapped_column(default="open")
    # The language the interviewer reads in; the interpreter's is an answer.
    language: Mapped[Word] = mapped_column(default="en")
    follows_id: Mapped[Ref | None] = mapped_column(ForeignKey("interviews.id"))
    follows_because: Mapped[Word | None]
    client_key: Mapped[str | None] = mapped_column(String(64))
    # A keyed hash of what was asked for: the same client key with another content is refused.
    request_hash: Mapped[str | None] = mapped_column(String(64))
    created_by: Mapped[Ref] = mapped_column(ForeignKey("accounts.id"))
    # Whose interview it is now: hand-over changes it.
    held_by: Mapped[Ref] = mapped_column(ForeignKey("accounts.id"), index=True)
    created_at: Mapped[datetime]
    paused_at: Mapped[datetime | None]
    paused_because: Mapped[Word | None]
    resume_after: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    abandoned_at: Mapped[datetime | None]
    abandoned_because: Mapped[Word | None]
    # Sealed under the case key.
    abandoned_note: Mapped[Sealed | None]
    # Grows by one with every saved answer or change of status.
    version: Mapped[int] = mapped_column(default=1)


class AnswerRevision(Base):
    """One saved answer: the newest of a question counts, the earlier ones stay."""

    __tablename__ = "answers"
    __table_args__ = (
        UniqueConstraint("interview_id", "seq", name="uq_answers_seq"),
        UniqueConstraint("interview_id", "client_key", name="uq_answers_client_key"),
        Index("ix_answers_question", "interview_id", "question", "seq"),
    )

    id: Mapped[Key]
    interview_id: Mapped[Ref] = mapped_column(ForeignKey("interviews.id"))
    # 1, 2, 3 … within the interview: the order in which answers were saved.
    seq: Mapped[int]
    question: Mapped[Word]
    # JSON as `indicators.answers.write_answer` writes it, sealed under the case key.
    answer: Mapped[Sealed]
    note: Mapped[Sealed | None]
    # The revision of this question that the writer had before him; None for the first.
    follows_seq: Mapped[int | None]
    # A keyed hash, like that of the interview: what a client makes up may hold anything.
    client_key: Mapped[str] = mapped_column(String(64))
    # A keyed hash of question, answer and note: the same key with another content is refused.
    request_hash: Mapped[str] = mapped_column(String(64))
    by: Mapped[Ref] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime]


class HandOver(Base):
    """An interview passed from one account to another."""

    __tablename__ = "hand_overs"

    id: Mapped[Key]
    interview_id: Mapped[Ref] = mapped_column(ForeignKey("interviews.id"), index=True)
    from_account: Mapped[Ref] = mapped_column(ForeignKey("accounts.id"))
    to_account: Mapped[Ref] = mapped_column(ForeignKey("accounts.id"))
    note: Mapped[Sealed | None]
    by: Mapped[Ref] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime]
