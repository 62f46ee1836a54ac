"""Verifying the audit chain: is every entry there, unchanged, in its place, and nothing else?

A chain proves itself up to its last entry. That nobody cut its tail off, or wrote all of it anew, is proved
by a head that was exported earlier and kept somewhere else.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import rfc8785
from sqlalchemy import Text, cast, column, select, table, text
from sqlalchemy.orm import Session

from indicators.errors import Fault, fault
from screening.audit.chains import CLOCK_BEHIND, FIRST
from screening.audit.heads import Head

COLUMNS: Final = (
    "seq",
    "at",
    "actor",
    "actor_kind",
    "action",
    "object_kind",
    "object_id",
    "case_id",
    "site_id",
    "request_id",
    "detail",
    "previous",
    "hash",
)
# Read at once: enough to be quick, little enough for any machine.
_BATCH: Final = 2_000
# One wrong entry is enough to know; more help whoever looks for what happened.
MOST_FAULTS: Final = 20
# Guards of the table, as `screening.storage.migrations.protection` names them.
_GUARDS: Final = frozenset({"audit_entries_no_update", "audit_entries_no_delete"})


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, at which entry; `fault` has the words for it."""

    seq: int
    fault: Fault


@dataclass(slots=True)
class Verification:
    """What verifying came to: how many entries were read, where the chain ends, what is wrong with it.

    `findings` stand in the order of entries and end after the first few; the first is where it began. Entries
    with `clock_behind` were written by a clock that had been set back; that is no fault of the chain.
    """

    entries: int = 0
    head: Head | None = None
    findings: list[Finding] = field(default_factory=list)
    clock_behind: int = 0

    @property
    def intact(self) -> bool:
        """Whether nothing is wrong."""
        return not self.findings

    def add(self, seq: int, code: str, **slots: Any) -> None:
        """Note what is wrong with an entry."""
        if len(self.findings) < MOST_FAULTS:
            self.findings.append(Finding(seq, fault(code, seq=seq, **slots)))


def verify(session: Session, head: Head | None = None) -> Verification:
    """Verify the chain of a database, in constant memory, up to the end that this transaction sees.

    With a head, the chain must still hold that very entry. That the database's own guards against changes
    are in place is verified as well.
    """
    found = verify_entries(read_entries(session), head)
    missing = _GUARDS - _guards(session)
    if missing:
        found.add(0, "S208", value=", ".join(sorted(missing)))
    return found


def verify_entries(entries: Iterable[Mapping[str, Any]], head: Head | None = None) -> Verification:
    """Verify entries in the order in which they come: of a database, or of an export."""
    found = Verification()
    expected, previous = 1, FIRST
    for entry in entries:
        seq = entry["seq"]
        found.entries += 1
        if seq != expected:
            _note_order(found, seq, expected)
        elif entry["previous"] != previous:
            found.add(seq, "S203")
        if not _is_unchanged(entry):
            found.add(seq if isinstance(seq, int) else expected, "S201")
        if head is not None and seq == head.seq and entry["hash"] != head.hash:
            found.add(seq, "S205")
        detail = entry["detail"]
        if isinstance(detail, dict) and CLOCK_BEHIND in detail:
            found.clock_behind += 1
        expected = seq + 1 if isinstance(seq, int) else expected + 1
        previous = entry["hash"]
        found.head = Head(expected - 1, str(entry["hash"]), str(entry["at"]))
    if head is not None and expected - 1 < head.seq:
        found.add(expected, "S204", value=head.seq)
    return found


def read_entries(session: Session, after: int | None = None) -> Iterator[dict[str, Any]]:
    """Every entry behind one, in order, as it stands in the table; `detail` is None if it is no mapping."""
    # Not as records: a value of a wrong type must come out as it is, and a million of them quickly.
    entries = table("audit_entries", *(column(name) for name in COLUMNS))
    shown = [
        cast(entries.c.detail, Text).label("detail") if name == "detail" else entries.c[name]
        for name in COLUMNS
    ]
    last = after
    while True:
        statement = select(*shown).order_by(entries.c.seq).limit(_BATCH)
        rows = session.execute(statement if last is None else statement.where(entries.c.seq > last)).all()
        for row in rows:
            entry = dict(zip(COLUMNS, row, strict=True))
            entry["detail"] = read_json_mapping(entry["detail"])
            yield entry
        if len(rows) < _BATCH:
            return
        last = rows[-1][0]


def read_json_mapping(raw: object) -> dict[str, Any] | None:
    """The mapping in a JSON text; None for anything we never write: no JSON, a key twice, no mapping."""
    if not isinstance(raw, str):
        return None
    try:
        found = json.loads(raw, object_pairs_hook=_once)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _note_order(found: Verification, seq: object, expected: int) -> None:
    if isinstance(seq, int) and seq > expected:
        found.add(expected, "S202", value=seq - 1)
    else:
        found.add(seq if isinstance(seq, int) else expected, "S203")


def _is_unchanged(entry: Mapping[str, Any]) -> bool:
    if entry["detail"] is None:
        return False
    hashed = {name: entry[name] for name in COLUMNS if name != "hash"}
    found: bool = hashlib.sha256(canonical(hashed)).hexdigest() == entry["hash"]
    return found


def canonical(data: Mapping[str, Any]) -> bytes:
    """The same bytes as RFC 8785 gives; nothing (no bytes) for what it has no form for.

    Where everything is ASCII and no number has a fraction, Python's own writer gives these bytes, ten times
    as fast.
    """
    try:
        if _is_plain(data):
            written = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
            if written.isascii():
                return written.encode()
        return rfc8785.dumps(dict(data))
    except (ValueError, TypeError, RecursionError, rfc8785.CanonicalizationError):
        return b""


def _is_plain(value: object) -> bool:
    if value is None or isinstance(value, str | bool):
        return True
    if isinstance(value, int):
        return -(2**53) < value < 2**53
    if isinstance(value, dict):
        return all(isinstance(key, str) and _is_plain(inner) for key, inner in value.items())
    if isinstance(value, list):
        return all(_is_plain(inner) for inner in value)
    return False


def _guards(session: Session) -> set[str]:
    if session.get_bind().dialect.name == "postgresql":
        # A trigger that is there and switched off guards nothing.
        statement = (
            "SELECT tgname FROM pg_trigger "
            "WHERE tgrelid = 'audit_entries'::regclass AND tgenabled IN ('O', 'A')"
        )
    else:
        statement = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_entries'"
    return set(session.scalars(text(statement)))


def write_entry(entry: Mapping[str, Any]) -> str:
    """One line of an export: the whole entry in its canonical form, with its hash."""
    return rfc8785.dumps(dict(entry)).decode()
