"""A draft on its way into force: asked for, approved by a second person or sent back, published once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from sqlalchemy import select

from indicators.errors import ContentError
from rules.program import Program
from rules.revisions import Revision, publish, published
from screening.drafting.drafts import find_draft, open_draft
from screening.drafting.judgements import Judgement
from screening.drafting.overlays import not_put_in_force
from screening.people.accounts import find_account, open_names
from screening.refusals import Refused, refused
from screening.storage.tables.drafts import RuleDraft, RuleDraftFile
from screening.storage.versions import require_seen
from screening.work import Work

_DRAFTS: Final = "rule_drafts"


def require_publishable(judged: Judgement, program: Program | None, changed: Mapping[str, str]) -> Program:
    """Return the program of a draft with these changed files, if it may be published.

    Raises `Refused` with S218 if it changes questions, instruments or the directory of services: those come
    with the system, so that a page would ask other questions than the rules read, and a new number of an
    organisation would stay in the draft. S215 if anything else is wrong with it.
    """
    for path in not_put_in_force(changed):
        raise refused("S218", field="draft", what=path)
    if program is None or not judged.can_publish or judged.digest != program.digest:
        raise refused("S215", field="draft")
    return program


def ask_for_approval(
    work: Work, draft_id: str, program: Program, *, seen: int, in_force_from: date, today: date
) -> None:
    """Ask a second person to approve a draft as it stands, from a day on; it takes no changes meanwhile.

    Raises `Refused` with S219 for a day that has passed, S223 if the draft is not being written, S232 if it
    is not the version that was seen.
    """
    row = open_draft(work, draft_id)
    require_seen(row, seen)
    if in_force_from < today:
        raise refused("S219", field="in_force_from")
    row.status, row.digest, row.in_force_from = "in_review", program.digest, in_force_from
    row.asked_by, row.asked_at = work.actor.account_id, work.now
    row.decided_by = row.decided_at = row.reason = None
    _moved(work, row, "draft.ask", in_force_from=in_force_from.isoformat())


def withdraw(work: Work, draft_id: str, *, seen: int) -> None:
    """Take a draft back to being written, before or after it was approved; S216 if it is elsewhere."""
    row = _at(work, draft_id, seen, "in_review", "approved")
    row.status = "open"
    _moved(work, row, "draft.withdraw")


def approve(work: Work, draft_id: str, *, seen: int) -> None:
    """Approve a draft that is in review.

    Raises `Refused` with S214 for whoever began it, wrote in it or asked, S216 if nobody has asked, S232 if
    it is not the version that was seen.
    """
    row = _at(work, draft_id, seen, "in_review")
    if work.actor.account_id in _writers(work, row):
        raise refused("S214", field="approve")
    row.status, row.decided_by, row.decided_at = "approved", work.actor.account_id, work.now
    _moved(work, row, "draft.approve")


def send_back(work: Work, draft_id: str, reason: str, *, seen: int) -> None:
    """Send a draft back with a reason, to be written on; raises S216 and S232 as `approve` does."""
    row = _at(work, draft_id, seen, "in_review")
    row.status, row.decided_by, row.decided_at = "open", work.actor.account_id, work.now
    row.reason = work.seal_system(_DRAFTS, "reason", row.id, reason)
    _moved(work, row, "draft.send_back")


def publish_draft(
    work: Work, draft_id: str, program: Program, folder: Path | None, *, seen: int, today: date
) -> int:
    """Publish an approved draft and return the number of its revision; the file is never changed again.

    Raises `Refused` with S212 without a folder, S213 if it cannot be written, S216 if the draft was not
    approved, S217 if what would be published is not what was approved, S219 if its day has passed, and with
    the faults of `rules.revisions.publish`.
    """
    if folder is None:
        raise refused("S212", field="publish")
    row = _at(work, draft_id, seen, "approved")
    if program.digest != row.digest or row.in_force_from is None:
        raise refused("S217", field="publish")
    if row.in_force_from < today:
        raise refused("S219", field="publish")
    people = [_name_of(work, one) for one in (row.asked_by, row.decided_by)]
    home = folder / row.rule_set
    try:
        _begin_folder(home, row.rule_set)
        last = next(iter(reversed(published(row.rule_set, home))), None)
        if last is not None and _is_of(last, program, row.in_force_from, people):
            # Written by an attempt whose transaction was lost.
            row.revision = last.number
        else:
            path = publish(program, (), home, in_force_from=row.in_force_from, approved_by=people)
            row.revision = int(path.stem)
    except OSError:
        raise refused("S213", field="publish") from None
    except ContentError as error:
        raise Refused(error.faults) from None
    row.status, row.published_by, row.published_at = "published", work.actor.account_id, work.now
    _moved(work, row, "draft.publish", revision=row.revision, digest=program.digest)
    return row.revision


def _begin_folder(home: Path, rule_set: str) -> None:
    """Numbers go on from what came with the system."""
    home.mkdir(parents=True, exist_ok=True)
    came = files("rules") / "sets" / rule_set / "revisions"
    for path in came.iterdir() if came.is_dir() else ():
        copy = home / path.name
        if path.name.endswith(".json") and not copy.exists():
            copy.write_bytes(path.read_bytes())


def _is_of(last: Revision, program: Program, in_force_from: date, people: Sequence[str]) -> bool:
    # The same rules with another day are not what was written: the page would tell a day that does not hold.
    return (last.program.digest, last.in_force_from, last.approved_by) == (
        program.digest,
        in_force_from,
        tuple(sorted(people)),
    )


def _at(work: Work, draft_id: str, seen: int, *statuses: str) -> RuleDraft:
    row = find_draft(work, draft_id, lock=True)
    require_seen(row, seen)
    if row.status not in statuses:
        raise refused("S216")
    return row


def _moved(work: Work, row: RuleDraft, action: str, **detail: Any) -> None:
    row.version += 1
    if row.judged_version == row.version - 1:
        # No file has changed: what was said of it is said still.
        row.judged_version = row.version
    work.session.flush()
    work.record(action, "rule_draft", row.id, **detail)


def _writers(work: Work, row: RuleDraft) -> set[str | None]:
    wrote = work.session.scalars(select(RuleDraftFile.changed_by).where(RuleDraftFile.draft_id == row.id))
    return {row.created_by, row.changed_by, row.asked_by, *wrote}


def _name_of(work: Work, account_id: str | None) -> str:
    return "" if account_id is None else open_names(work, find_account(work, account_id)).display
