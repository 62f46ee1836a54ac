"""Passing an interview to a colleague, who can then open its case."""

from __future__ import annotations

from sqlalchemy import select

from screening.cases.access import give_access
from screening.cases.cases import require_open
from screening.refusals import refused
from screening.sittings.models import HandOverShown
from screening.sittings.reaching import find_interview, require_status
from screening.storage.tables.cases import Case
from screening.storage.tables.interviews import HandOver, Interview
from screening.storage.tables.people import Membership
from screening.storage.types import new_id
from screening.storage.versions import require_seen
from screening.work import Work


def hand_over(
    work: Work, interview_id: str, *, seen: int, to_account: str, note: str | None = None
) -> tuple[Interview, Case]:
    """Give an open or paused interview to an account that can hold it, with access to its case.

    Who held it keeps the access he had. Raises `Refused` with S232 if somebody changed the interview in the
    meantime, S261 for one that has ended, S265 for its present holder, S167 for an account that may not hold
    interviews at the site, S157 for one that is not active.
    """
    interview, case = find_interview(work, interview_id, "interviews.hand_over", lock=True)
    require_seen(interview, seen)
    require_status(interview, "open", "paused")
    require_open(case)
    if to_account == interview.held_by:
        raise refused("S265", field="to")
    if not _can_hold(work, to_account, case.site_id):
        raise refused("S167", field="to")
    give_access(work, case, to_account, "handed_over")
    row = HandOver(
        id=new_id(),
        interview_id=interview.id,
        from_account=interview.held_by,
        to_account=to_account,
        by=work.actor.account_id,
        at=work.now,
    )
    if note is not None and note.strip():
        row.note = work.seal(case, "hand_overs", "note", row.id, note)
    work.session.add(row)
    interview.held_by = to_account
    interview.version += 1
    work.session.flush()
    work.record(
        "interview.hand_over",
        "interview",
        interview.id,
        case_id=case.id,
        site_id=interview.site_id,
        from_account=row.from_account,
        to_account=to_account,
    )
    return interview, case


def list_hand_overs(work: Work, interview_id: str) -> tuple[HandOverShown, ...]:
    """How an interview was passed on, oldest first; the look is audited."""
    interview, case = find_interview(work, interview_id, "cases.read")
    query = select(HandOver).where(HandOver.interview_id == interview.id).order_by(HandOver.at, HandOver.id)
    found = work.session.scalars(query).all()
    work.record(
        "interview.hand_overs_read",
        "interview",
        interview.id,
        case_id=case.id,
        site_id=interview.site_id,
        count=len(found),
    )
    return tuple(
        HandOverShown(
            from_account=row.from_account,
            to_account=row.to_account,
            note=None if row.note is None else work.open(case, "hand_overs", "note", row.id, row.note),
            by=row.by,
            at=row.at,
        )
        for row in found
    )


def _can_hold(work: Work, account_id: str, site_id: str) -> bool:
    """Whether a role of the account lets it hold interviews at a site."""
    reach = work.permissions.permissions["interviews.write"].reach
    query = select(Membership).where(Membership.account_id == account_id, Membership.role.in_(sorted(reach)))
    return any(one.site_id in (None, site_id) for one in work.session.scalars(query))
