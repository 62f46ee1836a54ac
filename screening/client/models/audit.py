"""Models: audit. Written by `python -m api.client_writing`."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict

from indicators.models import Text


class AuditEntryShown(BaseModel):
    """One entry: who, when, what, which record; ids, codes and counts only."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    seq: int
    at: str
    actor: str
    actor_kind: str
    action: str
    object_kind: str
    object_id: str
    case_id: str | None
    site_id: str | None
    request_id: str | None
    detail: dict[str, Any]
    previous: str
    hash: str


class AuditFinding(BaseModel):
    """One thing that is wrong with the chain; `seq` 0 stands for the table as a whole."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    seq: int
    code: str
    message: Text


class AuditHeadShown(BaseModel):
    """The last entry, signed: keep it where nobody who can write the database can reach it."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    kind: str
    seq: int
    hash: str
    at: str
    exported_at: str
    signature: str


class HeadKept(BaseModel):
    """A head as `GET /audit/head` or `screening audit head` gave it out, unchanged."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    kind: str
    seq: int
    hash: str
    at: str
    exported_at: str
    signature: str


class AuditVerificationAsked(BaseModel):
    """What to verify; with a head, also that the chain still contains it."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    head: HeadKept | None = None


class AuditVerificationShown(BaseModel):
    """Whether the chain is whole; the first finding is where it begins not to be."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    intact: bool
    entries: int
    last_seq: int | None
    last_hash: str | None
    clock_behind: int
    findings: list[AuditFinding]


class PageAuditEntryShown(BaseModel):
    """Page_AuditEntryShown_."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    items: list[AuditEntryShown]
    next_cursor: str | None
