"""One person's record in clear: everything that is held, and who looked at it."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any, Final

from sqlalchemy import Table, select

from indicators.errors import ContentError
from indicators.fields import Id
from indicators.models import Content, Text
from indicators.validation import validate
from indicators.yaml_reading import parse_yaml
from rules.models import SomeOf
from screening.cases.cases import find_case, require_not_erased
from screening.cases.reaching import belongs, sealed_columns, tables_of_a_case
from screening.cases.words import case_words
from screening.keys.vaults import Place
from screening.storage.tables import Base
from screening.storage.tables.audit import AuditEntry
from screening.storage.tables.cases import Case
from screening.storage.tables.interviews import AnswerRevision, Interview, StoredProgram
from screening.storage.tables.people import Account
from screening.work import Work

_FILE: Final = "screening/cases/records.yaml"
# Keyed hashes and keys of clients: they say nothing to anybody but the service.
_LEFT_OUT: Final = frozenset({"request_hash", "client_key", "document_lookup", "data_key_id"})
# What holds JSON once it is opened.
_JSON: Final = frozenset({("answers", "answer"), ("assessments", "body"), ("referrals", "content")})
_WORDS: Final = ("closing_reasons", "reopening_reasons", "hold_reasons", "erasure_reasons")
_CONSENT_WORDS: Final = ("consent_purposes", "consent_states", "consent_ways")


class _Part(Content):
    id: Id
    label: Text


class _Records(Content):
    about: Text
    parts: SomeOf[_Part]


def export_case(work: Work, case_id: str, *, identity: bool = False) -> Iterator[str]:
    """The pieces of one JSON document with everything that belongs to a case; audited before the first piece.

    Identity is in it only if asked for, and if the actor may read it. Nothing is written to a disk. Raises
    `Refused` with S154 for an erased case: there is nothing left to export.
    """
    case = find_case(work, case_id, "cases.export")
    require_not_erased(case)
    if identity:
        find_case(work, case_id, "identity.read")
    parts = [
        (part, _rows(work, case, Base.metadata.tables[part.id]))
        for part in records().parts
        if part.id != "identities" or identity
    ]
    texts = _texts(work, case)
    trail = _trail(work, case)
    work.record(
        "case.export",
        "case",
        case.id,
        case_id=case.id,
        site_id=case.site_id,
        identity=identity,
        rows=sum(len(rows) for _, rows in parts),
    )
    return _write(case.number, work.now, parts, texts, trail)


@cache
def records() -> _Records:
    """What the parts of an export are called; raises `ContentError` with every fault of the file."""
    node, faults = parse_yaml((files("screening") / "cases" / "records.yaml").read_bytes(), _FILE)
    found = None if node is None else validate(_Records, node, faults)
    if found is None or faults:
        raise ContentError(tuple(faults))
    named, there = {part.id for part in found.parts}, {"cases", *tables_of_a_case()}
    if named != there:
        raise ValueError(f"{_FILE} and the tables of a case differ: {sorted(named ^ there)}")
    return found


def _write(
    number: str,
    now: datetime,
    parts: Sequence[tuple[_Part, Sequence[Mapping[str, Any]]]],
    texts: Mapping[str, Any],
    trail: Sequence[Mapping[str, Any]],
) -> Iterator[str]:
    head = {"case": number, "made_at": now.isoformat(), "about": _pair(records().about)}
    yield json.dumps(head, ensure_ascii=False)[:-1]
    yield ', "parts": ['
    for place, (part, rows) in enumerate(parts):
        yield ("," if place else "") + "\n"
        yield json.dumps({"part": part.id, "title": _pair(part.label)}, ensure_ascii=False)[:-1]
        yield ', "rows": ['
        for at, row in enumerate(rows):
            yield ("," if at else "") + "\n  " + json.dumps(row, ensure_ascii=False)
        yield "]}"
    yield '],\n"texts": ' + json.dumps(texts, ensure_ascii=False)
    yield ',\n"looked_at": ['
    for at, entry in enumerate(trail):
        yield ("," if at else "") + "\n  " + json.dumps(entry, ensure_ascii=False)
    yield "]}\n"


def _rows(work: Work, case: Case, table: Table) -> list[dict[str, Any]]:
    order = [table.c[name] for name in ("seq", "at", "created_at") if name in table.c]
    order += list(table.primary_key.columns)
    found = work.session.execute(select(table).where(belongs(table, case.id)).order_by(*order))
    key = next(iter(table.primary_key.columns)).name
    sealed = sealed_columns(table)
    return [
        {
            name: _open(work, case, table.name, name, row[key], value) if name in sealed else _plain(value)
            for name, value in row.items()
            if name not in _LEFT_OUT
        }
        for row in found.mappings()
    ]


def _open(work: Work, case: Case, table: str, column: str, row: str, sealed: bytes | None) -> Any:
    if not sealed:
        return None
    opened = work.vault.open_bytes(work.session, case.data_key_id, Place(table, column, row), sealed)
    text = _inflate(opened).decode()
    return json.loads(text) if (table, column) in _JSON else text


def _inflate(data: bytes) -> bytes:
    if data[:1] != b"\x78":
        return data
    try:
        return zlib.decompress(data)
    except zlib.error:
        # A text that begins with the same letter.
        return data


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _texts(work: Work, case: Case) -> dict[str, Any]:
    """The words behind the ids, in both languages; questions as they were when they were asked."""
    questions: dict[str, Any] = {}
    asked = (
        select(AnswerRevision.question, Interview.digest)
        .join(Interview, Interview.id == AnswerRevision.interview_id)
        .where(Interview.case_id == case.id)
        .distinct()
    )
    programs: dict[str, Mapping[str, Any]] = {}
    for question, digest in work.session.execute(asked.order_by(Interview.digest, AnswerRevision.question)):
        if digest not in programs:
            stored = work.session.get_one(StoredProgram, digest)
            programs[digest] = json.loads(zlib.decompress(stored.body))["questions"]
        known = programs[digest].get(question)
        if known is not None:
            questions[question] = {"text": known["text"], "options": known.get("option_texts") or {}}
    words = case_words()
    return {
        "questions": questions,
        "reasons": {word.id: _pair(word.label) for name in _WORDS for word in words[name].values()},
        "consents": {word.id: _pair(word.label) for name in _CONSENT_WORDS for word in words[name].values()},
    }


def _trail(work: Work, case: Case) -> list[dict[str, Any]]:
    query = select(AuditEntry).where(AuditEntry.case_id == case.id).order_by(AuditEntry.seq)
    entries = work.session.scalars(query).all()
    names: dict[str, str | None] = {}
    for actor in {entry.actor for entry in entries}:
        account = work.session.get(Account, actor)
        names[actor] = (
            None
            if account is None
            else work.open_system("accounts", "display_name", account.id, account.display_name)
        )
    return [
        {
            "at": entry.at,
            "by": entry.actor,
            "name": names[entry.actor],
            "action": entry.action,
            "object": entry.object_kind,
        }
        for entry in entries
    ]


def _pair(text: Text) -> dict[str, str]:
    return {"en": text.en, "ar": text.ar}
