"""Appending to the audit chain: canonical JSON (RFC 8785), hashed together with the entry before."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

import rfc8785
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from screening.audit.times import TOLERANCE
from screening.storage.tables.audit import AuditEntry

# What the first entry names as the one before it.
FIRST: Final = "0" * 64

# In the detail of an entry: by how many seconds it is earlier than the one before, where that is no accident.
CLOCK_BEHIND: Final = "clock_behind"

# One number for all processes of an installation: who holds this lock of PostgreSQL may append.
_LOCK: Final = 0x5C12EE


@dataclass(frozen=True, slots=True)
class Event:
    """What happened to which record: ids and codes only, never a content."""

    action: str
    object_kind: str
    object_id: str
    case_id: str | None = None
    site_id: str | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)


def append(
    session: Session,
    events: Iterable[Event],
    *,
    actor: str,
    actor_kind: str,
    now: datetime,
    request_id: str | None = None,
) -> None:
    """Add events at the end of the chain, in the running transaction, which must write.

    The chain is locked until that transaction ends, so this is the last thing it does.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    last = session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1)).first()
    seq, previous = (last.seq, last.hash) if last is not None else (0, FIRST)
    behind = 0 if last is None else _seconds_behind(now, last.at)
    for event in events:
        seq += 1
        detail = dict(event.detail) | ({CLOCK_BEHIND: behind} if behind else {})
        entry = AuditEntry(
            seq=seq,
            at=now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            actor=actor,
            actor_kind=actor_kind,
            action=event.action,
            object_kind=event.object_kind,
            object_id=event.object_id,
            case_id=event.case_id,
            site_id=event.site_id,
            request_id=request_id,
            detail=detail,
            previous=previous,
        )
        entry.hash = previous = entry_hash(entry)
        session.add(entry)
    session.flush()


def entry_hash(entry: AuditEntry) -> str:
    """The SHA-256 of everything in an entry but its hash, in hexadecimal digits."""
    return hashlib.sha256(rfc8785.dumps(entry_data(entry))).hexdigest()


def entry_data(entry: AuditEntry) -> dict[str, Any]:
    """What of an entry is hashed."""
    return {
        "seq": entry.seq,
        "at": entry.at,
        "actor": entry.actor,
        "actor_kind": entry.actor_kind,
        "action": entry.action,
        "object_kind": entry.object_kind,
        "object_id": entry.object_id,
        "case_id": entry.case_id,
        "site_id": entry.site_id,
        "request_id": entry.request_id,
        "detail": entry.detail,
        "previous": entry.previous,
    }


def length(session: Session) -> int:
    """How many entries the chain has."""
    return session.scalar(select(func.count()).select_from(AuditEntry)) or 0


def _seconds_behind(now: datetime, last: str) -> int:
    try:
        behind = datetime.strptime(last, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC) - now
    except ValueError:
        # Somebody changed the entry; verifying says so.
        return 0
    return int(behind.total_seconds()) if behind > TOLERANCE else 0
