"""Records of the field form: the keys they are sealed to, and what became of each that arrived."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from screening.storage.tables.base import Base, Key, Ref, Sealed, Word
from screening.storage.types import one_of

RECORD_STATES = ("received", "finished", "waiting")


class FieldKey(Base):
    """One pair of keys: devices seal to the public one. Old ones stay, for records that come late; the
    retention run empties the private part of those that are too old."""

    __tablename__ = "field_keys"

    id: Mapped[Key]
    # The point of the curve, uncompressed, in base64.
    public: Mapped[str] = mapped_column(String(100))
    # Sealed under the system key.
    private: Mapped[Sealed]
    created_at: Mapped[datetime] = mapped_column(index=True)


class FieldRecord(Base):
    """One screening that was finished on a device: which interview it became, and how the results compare.

    Its id is the one that the device gave it, so that the same record is never taken twice.
    """

    __tablename__ = "field_records"
    __table_args__ = (one_of("state", RECORD_STATES),)

    id: Mapped[Key]
    key_id: Mapped[Ref] = mapped_column(ForeignKey("field_keys.id"))
    account_id: Mapped[Ref] = mapped_column(ForeignKey("accounts.id"))
    case_id: Mapped[Ref] = mapped_column(ForeignKey("cases.id"), index=True)
    interview_id: Mapped[Ref] = mapped_column(ForeignKey("interviews.id"), unique=True)
    # `received`: answers stored; `finished`: with a final assessment; `waiting`: a person has to look.
    state: Mapped[Word]
    # The number of the worker within the visit.
    position: Mapped[int]
    # When the device says that it was finished.
    finished_at: Mapped[datetime]
    received_at: Mapped[datetime]
    # A keyed hash under the case's own key: the same id with another content is refused.
    request_hash: Mapped[str] = mapped_column(String(64))
    # What the device came to: day, program and digest of the result, as JSON; sealed under the case key.
    device_result: Mapped[Sealed]
    # Whether the service came to another result; None until it was compared.
    differs: Mapped[bool | None]
