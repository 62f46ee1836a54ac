"""What the field form and the service say to each other."""

from __future__ import annotations

import base64
import binascii
from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints

from api.bodies.reading import Body, Id
from api.problems import Problem
from screening.field_records.policies import field_policies
from screening.field_records.sealing import SealedRecord
from screening.refusals import refused

_Base64 = r"^[A-Za-z0-9+/]+={0,2}$"
# A point of P-256 is 65 bytes, a nonce 12; a record of the longest instrument is far below the last.
_Point = Annotated[str, StringConstraints(pattern=_Base64, min_length=88, max_length=88)]
_Nonce = Annotated[str, StringConstraints(pattern=_Base64, min_length=16, max_length=16)]
_Sealed = Annotated[str, StringConstraints(pattern=_Base64, max_length=44_000)]


class SealedBody(Body):
    """One sealed record."""

    id: Id
    key: Id
    ephemeral: _Point
    nonce: _Nonce
    sealed: _Sealed

    def opened(self) -> SealedRecord:
        """The record in bytes; raises `Refused` with S290 for what is no base64."""
        try:
            ephemeral, nonce, sealed = (
                base64.b64decode(one, validate=True) for one in (self.ephemeral, self.nonce, self.sealed)
            )
        except binascii.Error as error:
            raise refused("S290") from error
        return SealedRecord(self.id, self.key, ephemeral, nonce, sealed)


class SealedRecords(Body):
    """Sealed records, in the order in which they were finished."""

    records: Annotated[
        list[SealedBody], Field(min_length=1, max_length=field_policies().records_at_once.value)
    ]


class RecordTaken(BaseModel):
    """A record that the device may forget now."""

    id: str
    status: Literal["saved", "repeated"]
    case_number: str
    differs: bool
    waits: bool


class RecordRefused(BaseModel):
    """A record that the device keeps, and why it was not taken."""

    id: str
    status: Literal["refused"] = "refused"
    problem: Problem


class RecordsAnswered(BaseModel):
    """What became of each record, in order."""

    records: list[RecordTaken | RecordRefused]
