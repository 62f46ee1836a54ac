"""Who did what: the audit chain, read, verified and kept."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from sqlalchemy import select

from api.access import Caller, requires
from api.bodies.reading import Body, reads
from api.paging import Page, Pages, page
from api.problems import problem_responses, refuse
from indicators.errors import message
from indicators.models import Text
from screening.audit.heads import Head, SignedHead, find_head, is_ours, sign
from screening.audit.verification import Verification, verify
from screening.refusals import refused
from screening.storage.slices import take
from screening.storage.tables.audit import AuditEntry

router = APIRouter(prefix="/api/v1", tags=["audit"])

# A filter by id or word: closed, so that no sign reaches the database that it cannot hold.
Filter = Annotated[str | None, Query(pattern=r"^[A-Za-z0-9_.:-]{1,80}$")]
Moment = Annotated[datetime | None, Query(description="with its zone, such as `2026-11-01T06:00:00Z`")]
_FORM = "%Y-%m-%dT%H:%M:%S.%fZ"


class AuditEntryShown(BaseModel):
    """One entry: who, when, what, which record; ids, codes and counts only."""

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


class AuditHeadShown(BaseModel):
    """The last entry, signed: keep it where nobody who can write the database can reach it."""

    kind: str
    seq: int
    hash: str
    at: str
    exported_at: str
    signature: str


class HeadKept(Body):
    """A head as `GET /audit/head` or `screening audit head` gave it out, unchanged."""

    kind: Annotated[str, Field(pattern="^screening-audit-head$")]
    seq: Annotated[int, Field(ge=1, lt=2**53)]
    hash: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    at: Annotated[str, Field(pattern="^[0-9TZ:.-]{20,27}$")]
    exported_at: Annotated[str, Field(pattern="^[0-9TZ:.-]{20,27}$")]
    signature: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]

    def signed(self) -> SignedHead:
        """The same for the domain."""
        return SignedHead(Head(self.seq, self.hash, self.at), self.exported_at, self.signature)


class AuditVerificationAsked(Body):
    """What to verify; with a head, also that the chain still contains it."""

    head: HeadKept | None = None


class AuditFinding(BaseModel):
    """One thing that is wrong with the chain; `seq` 0 stands for the table as a whole."""

    seq: int
    code: str
    message: Text


class AuditVerificationShown(BaseModel):
    """Whether the chain is whole; the first finding is where it begins not to be."""

    intact: bool
    entries: int
    last_seq: int | None
    last_hash: str | None
    clock_behind: int = Field(description="entries written by a clock that had been set back")
    findings: list[AuditFinding]


@router.get(
    "/audit/entries",
    summary="Who did what, newest first",
    responses=problem_responses(401, 403, 422, 503),
)
def list_audit_entries(
    pages: Pages,
    caller: Caller = requires("audit.read"),
    actor: Filter = None,
    case: Filter = None,
    action: Filter = None,
    since: Annotated[Moment, Query(alias="from")] = None,
    until: Annotated[Moment, Query(alias="to")] = None,
) -> Page[AuditEntryShown]:
    """List entries of the audit chain. Reading it is itself an entry."""
    statement = select(AuditEntry)
    for column, wanted in (
        (AuditEntry.actor, actor),
        (AuditEntry.case_id, case),
        (AuditEntry.action, action),
    ):
        if wanted is not None:
            statement = statement.where(column == wanted)
    if since is not None:
        statement = statement.where(AuditEntry.at >= _moment("from", since))
    if until is not None:
        statement = statement.where(AuditEntry.at < _moment("to", until))
    with caller.work() as work:
        found = take(work.session, statement, pages, [AuditEntry.seq])
        asked = {"actor": actor, "case": case, "action": action}
        filters = {name: value for name, value in asked.items() if value is not None}
        work.record("audit.read", "audit", "entries", count=len(found.items), filters=filters)
        return page(found, _show)


@router.get(
    "/audit/head",
    summary="The last entry, to be kept elsewhere",
    responses=problem_responses(401, 403, 404, 503),
)
def show_audit_head(caller: Caller = requires("audit.read")) -> AuditHeadShown:
    """Give out the number and hash of the last entry, signed by this installation."""
    return AuditHeadShown(**export_head(caller).to_data())


@router.post(
    "/audit/verify",
    summary="Whether the chain is whole",
    responses=problem_responses(400, 401, 403, 413, 415, 422, 503),
)
def verify_audit_chain(
    caller: Caller = requires("audit.read"),
    body: AuditVerificationAsked = reads(AuditVerificationAsked),
) -> AuditVerificationShown:
    """Read every entry and verify it; a long chain takes a while, and one at a time is enough."""
    return _show_verification(verify_for(caller, None if body.head is None else body.head.signed()))


def verify_for(caller: Caller, kept: SignedHead | None) -> Verification:
    """Verify the whole chain, and that it still holds a head that was kept; audited.

    Raises `Refused` with S206 for a head that is not ours, S207 while another verification runs.
    """
    if not _VERIFYING.acquire(blocking=False):
        raise refuse("S207")
    try:
        with caller.work(writes=False) as reading:
            if kept is not None and not is_ours(reading.session, reading.vault, kept):
                raise refused("S206", field="head", value="head")
            found = verify(reading.session, None if kept is None else kept.head)
    finally:
        _VERIFYING.release()
    with caller.work() as work:
        work.record("audit.verify", "audit", "chain", entries=found.entries, intact=found.intact)
    return found


def export_head(caller: Caller) -> SignedHead:
    """The last entry, signed by this installation; `Refused` with S209 for an empty chain."""
    with caller.work() as work:
        found = find_head(work.session)
        if found is None:
            raise refused("S209")
        signed = sign(work.session, work.vault, found, work.now)
        work.record("audit.head", "audit", "head", seq=found.seq)
        return signed


# Verifying reads everything; two at once would only be slower.
_VERIFYING = threading.Lock()


def _show(entry: AuditEntry) -> AuditEntryShown:
    return AuditEntryShown.model_validate(entry, from_attributes=True)


def _show_verification(found: Verification) -> AuditVerificationShown:
    return AuditVerificationShown(
        intact=found.intact,
        entries=found.entries,
        last_seq=None if found.head is None else found.head.seq,
        last_hash=None if found.head is None else found.head.hash,
        clock_behind=found.clock_behind,
        findings=[
            AuditFinding(
                seq=one.seq,
                code=one.fault.code,
                message=Text(en=message(one.fault, "en"), ar=message(one.fault, "ar")),
            )
            for one in found.findings
        ],
    )


def _moment(name: str, moment: datetime) -> str:
    if moment.tzinfo is None:
        raise refuse("S236", field=name, key=name)
    try:
        return moment.astimezone(UTC).strftime(_FORM)
    except (OverflowError, ValueError) as error:
        raise refuse("S236", field=name, key=name) from error
