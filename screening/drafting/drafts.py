"""Drafts in the database: changed file by file, taken back, put aside; nothing is overwritten unseen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import select

from screening.drafting.overlays import content_paths, digest_of, read_content
from screening.interviews import DEFAULT_RULE_SET
from screening.refusals import refused
from screening.storage.tables.drafts import RuleDraft, RuleDraftFile
from screening.storage.types import new_id
from screening.work import Work

_DRAFTS: Final = "rule_drafts"
_FILES: Final = "rule_draft_files"


@dataclass(frozen=True, slots=True)
class DraftFile:
    """A file as a draft has it; `aged` where the file that came with the system has changed since."""

    path: str
    text: str
    version: int
    aged: bool
    changed_by: str
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft with its changed files, by path."""

    id: str
    rule_set: str
    name: str
    status: str
    version: int
    created_by: str
    created_at: datetime
    changed_by: str
    changed_at: datetime
    judged: str | None
    asked_by: str | None
    asked_at: datetime | None
    digest: str | None
    in_force_from: date | None
    decided_by: str | None
    decided_at: datetime | None
    reason: str | None
    published_at: datetime | None
    revision: int | None
    files: Mapping[str, DraftFile]

    @property
    def texts(self) -> dict[str, str]:
        """The text of each changed file."""
        return {path: one.text for path, one in self.files.items()}

    @property
    def is_open(self) -> bool:
        """Whether its files may be changed."""
        return self.status == "open"


def make_draft(work: Work, name: str, rule_set: str = DEFAULT_RULE_SET) -> str:
    """Begin a draft with the changes of what was published last, and return its id.

    Without them the next revision would silently take the one before it back.
    """
    row = RuleDraft(
        id=new_id(),
        rule_set=rule_set,
        created_by=work.actor.account_id,
        created_at=work.now,
        changed_by=work.actor.account_id,
        changed_at=work.now,
    )
    row.name = work.seal_system(_DRAFTS, "name", row.id, name)
    work.session.add(row)
    work.session.flush()
    last = work.session.scalars(
        select(RuleDraft)
        .where(RuleDraft.rule_set == rule_set, RuleDraft.status == "published")
        .order_by(RuleDraft.revision.desc())
        .limit(1)
    ).first()
    for one in [] if last is None else _rows(work, last):
        copied = RuleDraftFile(
            id=new_id(),
            draft_id=row.id,
            path=one.path,
            based_on=one.based_on,
            version=1,
            changed_by=one.changed_by,
            changed_at=one.changed_at,
        )
        copied.text = work.seal_system(
            _FILES, "text", copied.id, work.open_system(_FILES, "text", one.id, one.text)
        )
        work.session.add(copied)
    work.session.flush()
    work.record("draft.create", "rule_draft", row.id, follows=None if last is None else last.id)
    return row.id


def list_drafts(work: Work) -> list[Draft]:
    """Return every draft that was not put aside, the latest changed first, without its files."""
    rows = work.session.scalars(
        select(RuleDraft).where(RuleDraft.status != "dropped").order_by(RuleDraft.changed_at.desc())
    )
    return [_shown(work, row, {}) for row in rows]


def read_draft(work: Work, draft_id: str) -> Draft:
    """Return a draft with its files; raises `Refused` with S220 if there is none of this id."""
    row = find_draft(work, draft_id)
    return _shown(work, row, {one.path: _file(work, one) for one in _rows(work, row)})


def save_file(work: Work, draft_id: str, path: str, text: str, seen: int) -> int:
    """Keep a file of a draft as it was written, right or wrong, and return the draft's new version.

    `seen` is the version of the file that the writer had before him, 0 for the file as it came with the
    system. Raises `Refused` with S221 for a path that is no content file, S222 if somebody else has saved the
    file since, S223 if the draft takes no changes any more.
    """
    row = open_draft(work, draft_id)
    if path not in content_paths():
        raise refused("S221", field="path", path=path)
    known = _row(work, row, path)
    if (known.version if known is not None else 0) != seen:
        raise refused("S222", field="text", path=path)
    made = known is None
    if known is None:
        known = RuleDraftFile(
            id=new_id(), draft_id=row.id, path=path, based_on=digest_of(read_content(path)), version=0
        )
    known.text = work.seal_system(_FILES, "text", known.id, text)
    known.version += 1
    known.changed_by, known.changed_at = work.actor.account_id, work.now
    if made:
        work.session.add(known)
    _changed(work, row)
    work.record("draft.change", "rule_draft", row.id, file=path, version=known.version)
    return row.version


def take_back(work: Work, draft_id: str, path: str, seen: int) -> int:
    """Give a file of a draft back its text from the system; raises as `save_file` does."""
    row = open_draft(work, draft_id)
    known = _row(work, row, path)
    if known is None:
        raise refused("S221", field="path", path=path)
    if known.version != seen:
        raise refused("S222", field="text", path=path)
    work.session.delete(known)
    _changed(work, row)
    work.record("draft.take_back", "rule_draft", row.id, file=path)
    return row.version


def drop_draft(work: Work, draft_id: str) -> None:
    """Put a draft aside for good; it stays in the records and nobody can change or publish it."""
    row = open_draft(work, draft_id)
    row.status = "dropped"
    _changed(work, row)
    work.record("draft.drop", "rule_draft", row.id)


def keep_judgement(work: Work, draft_id: str, version: int, judged: str) -> None:
    """Keep what was said of a version of a draft; of a version that is no longer the newest it is let go."""
    row = find_draft(work, draft_id, lock=True)
    if row.version == version:
        row.judged = work.seal_system(_DRAFTS, "judged", row.id, judged)
        row.judged_version = version


def find_draft(work: Work, draft_id: str, *, lock: bool = False) -> RuleDraft:
    """Take the record of a draft; raises `Refused` with S220 if there is none of this id."""
    statement = select(RuleDraft).where(RuleDraft.id == draft_id)
    row = work.session.scalars(statement.with_for_update() if lock else statement).first()
    if row is None:
        raise refused("S220")
    return row


def open_draft(work: Work, draft_id: str) -> RuleDraft:
    """Take a draft to change it; raises `Refused` with S220 if there is none, S223 if it takes no changes."""
    row = find_draft(work, draft_id, lock=True)
    if row.status != "open":
        raise refused("S223")
    return row


def _changed(work: Work, row: RuleDraft) -> None:
    row.version += 1
    row.changed_by, row.changed_at = work.actor.account_id, work.now
    row.judged = row.judged_version = None
    work.session.flush()


def _rows(work: Work, row: RuleDraft) -> list[RuleDraftFile]:
    statement = select(RuleDraftFile).where(RuleDraftFile.draft_id == row.id)
    return list(work.session.scalars(statement.order_by(RuleDraftFile.path)))


def _row(work: Work, row: RuleDraft, path: str) -> RuleDraftFile | None:
    statement = select(RuleDraftFile).where(RuleDraftFile.draft_id == row.id, RuleDraftFile.path == path)
    return work.session.scalars(statement).first()


def _file(work: Work, row: RuleDraftFile) -> DraftFile:
    # A later version of the system may have no such file any more: then the draft's text stands alone.
    gone = row.path not in content_paths()
    return DraftFile(
        path=row.path,
        text=work.open_system(_FILES, "text", row.id, row.text),
        version=row.version,
        aged=gone or digest_of(read_content(row.path)) != row.based_on,
        changed_by=row.changed_by,
        changed_at=row.changed_at,
    )


def _shown(work: Work, row: RuleDraft, files: Mapping[str, DraftFile]) -> Draft:
    judged = row.judged if row.judged_version == row.version else None
    return Draft(
        id=row.id,
        rule_set=row.rule_set,
        name=work.open_system(_DRAFTS, "name", row.id, row.name),
        status=row.status,
        version=row.version,
        created_by=row.created_by,
        created_at=row.created_at,
        changed_by=row.changed_by,
        changed_at=row.changed_at,
        judged=None if judged is None else work.open_system(_DRAFTS, "judged", row.id, judged),
        asked_by=row.asked_by,
        asked_at=row.asked_at,
        digest=row.digest,
        in_force_from=row.in_force_from,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        reason=None if row.reason is None else work.open_system(_DRAFTS, "reason", row.id, row.reason),
        published_at=row.published_at,
        revision=row.revision,
        files=files,
    )
