"""What the service keeps for itself: answers to repeated requests."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from screening.storage.tables.base import Base, Ref, Sealed


class IdempotentRequest(Base):
    """A request with an `Idempotency-Key`, and what it was answered: a repetition gets the same."""

    __tablename__ = "idempotent_requests"
    __table_args__ = (Index("ix_idempotent_requests_at", "at"),)

    # SHA-256 of account, method, address and key.
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    # The case's key where the answer is about a case, so that erasure reaches it; the system key otherwise.
    data_key_id: Mapped[Ref]
    # Status, headers, body and the digest of the request, as JSON; sealed.
    answer: Mapped[Sealed]
    at: Mapped[datetime]
