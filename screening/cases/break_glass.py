"""Emergency access: taken with a reason, for a short time, seen by those who review it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import structlog
from sqlalchemy import select

from screening.cases.cases import require_not_erased
from screening.cases.policies import policies
from screening.cases.words import require_word
from screening.referrals.webhooks import announce
from screening.refusals import refused
from screening.storage.slices import Asked, Slice, take
from screening.storage.tables.cases import Case
from screening.storage.tables.people import BreakGlass
from screening.storage.types import new_id
from screening.work import Work


@dataclass(frozen=True, slots=True)
class BreakGlassRead:
    """One emergency access; the reason is None once the case was erased."""

    row: BreakGlass
    case: Case
    reason: str | None
    review_note: str | None


def open_in_emergency(work: Work, case_id: str, reason: str) -> BreakGlass:
    """Open a case that the roles do not give, for the time that the policies say.

    Roles decide what may then be done, as with a case of one's own. It is audited, logged, told to receiving
    systems and listed for review. Raises `Refused` with S150 out of reach, S178 if no emergency is needed.
    """
    allowed = work.permissions.require(work.actor, "cases.break_glass")
    case = work.session.get(Case, case_id)
    if case is None or not allowed.whole_site(case.site_id):
        raise refused("S150")
    require_not_erased(case)
    if work.reaches(case, "cases.read"):
        raise refused("S178")
    row = BreakGlass(
        id=new_id(),
        account_id=work.actor.account_id,
        case_id=case.id,
        at=work.now,
        until=work.now + timedelta(minutes=policies().break_glass_minutes.value),
    )
    row.reason = work.seal(case, "break_glass", "reason", row.id, reason)
    work.session.add(row)
    work.session.flush()
    work.record("case.break_glass", "break_glass", row.id, case_id=case.id, site_id=case.site_id)
    announce(work, "case.break_glass", site_id=case.site_id, case=case.number, break_glass=row.id)
    number = case.number
    work.afterwards.append(lambda: structlog.get_logger().warning("case_opened_in_emergency", case=number))
    return row


def list_break_glass(work: Work, asked: Asked, *, reviewed: bool | None = None) -> Slice[BreakGlassRead]:
    """Emergency accesses to the cases of the sites within reach, newest first, with their reasons."""
    allowed = work.permissions.require(work.actor, "break_glass.review")
    statement = select(BreakGlass).join(Case, Case.id == BreakGlass.case_id)
    if allowed.sites is not None:
        statement = statement.where(Case.site_id.in_(sorted(allowed.sites)))
    if reviewed is not None:
        statement = statement.where(
            BreakGlass.reviewed_at.is_not(None) if reviewed else BreakGlass.reviewed_at.is_(None)
        )
    found = take(work.session, statement, asked, [BreakGlass.at, BreakGlass.id])
    cases = {row.case_id: work.session.get_one(Case, row.case_id) for row in found.items}
    work.record("break_glass.list", "break_glass", "list", count=len(found.items), cases=sorted(cases))
    return Slice([_read(work, row, cases[row.case_id]) for row in found.items], found.following)


def read_break_glass(work: Work, break_glass_id: str) -> BreakGlassRead:
    """One emergency access with its reason; raises `Refused` with S150 out of reach."""
    allowed = work.permissions.require(work.actor, "break_glass.review")
    row = work.session.get(BreakGlass, break_glass_id)
    case = None if row is None else work.session.get_one(Case, row.case_id)
    if row is None or case is None or not allowed.whole_site(case.site_id):
        raise refused("S150")
    work.record("break_glass.read", "break_glass", row.id, case_id=case.id, site_id=case.site_id)
    return _read(work, row, case)


def review_break_glass(
    work: Work, break_glass_id: str, *, review: str, note: str | None = None
) -> BreakGlassRead:
    """Say whether an emergency access was needed.

    Raises `Refused` with S274 for the actor's own, S275 for one that was reviewed already.
    """
    allowed = work.permissions.require(work.actor, "break_glass.review")
    row = work.session.get(BreakGlass, break_glass_id, with_for_update=True)
    case = None if row is None else work.session.get_one(Case, row.case_id)
    if row is None or case is None or not allowed.whole_site(case.site_id):
        raise refused("S150")
    if row.account_id == work.actor.account_id:
        raise refused("S274")
    if row.reviewed_at is not None:
        raise refused("S275")
    require_word("break_glass_reviews", review, "review")
    row.review = review
    row.reviewed_by = work.actor.account_id
    row.reviewed_at = work.now
    if note and note.strip():
        require_not_erased(case)
        row.review_note = work.seal(case, "break_glass", "review_note", row.id, note)
    work.session.flush()
    work.record(
        "break_glass.review", "break_glass", row.id, case_id=case.id, site_id=case.site_id, review=review
    )
    return _read(work, row, case)


def _read(work: Work, row: BreakGlass, case: Case) -> BreakGlassRead:
    if case.status == "erased":
        return BreakGlassRead(row, case, None, None)
    return BreakGlassRead(
        row,
        case,
        work.open(case, "break_glass", "reason", row.id, row.reason),
        None
        if row.review_note is None
        else work.open(case, "break_glass", "review_note", row.id, row.review_note),
    )
