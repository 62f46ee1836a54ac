"""Who may open a case, why, from when until when."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from screening.cases.cases import find_case, require_not_erased
from screening.refusals import refused
from screening.storage.tables.cases import Case, CaseAccess
from screening.storage.tables.people import Account, Membership
from screening.storage.types import new_id
from screening.work import Work


def give_access(work: Work, case: Case, account_id: str, because: str) -> CaseAccess:
    """Let an account open a case, for `handed_over` or `assigned`; it is no matter if it could already.

    The caller has checked what the actor may do; this checks the receiver. Raises `Refused` with S157 for an
    account that is not active or has no role at the site of the case.
    """
    require_not_erased(case)
    account = work.session.get(Account, account_id)
    if account is None or account.status != "active" or not _works_with_cases(work, case, account_id):
        raise refused("S157", field="account")
    held = _current(work, case, account_id)
    if held is not None:
        return held
    row = CaseAccess(
        id=new_id(),
        case_id=case.id,
        account_id=account_id,
        because=because,
        granted_by=work.actor.account_id,
        granted_at=work.now,
    )
    work.session.add(row)
    work.session.flush()
    work.record(
        "case.access_given",
        "case_access",
        row.id,
        case_id=case.id,
        site_id=case.site_id,
        account=account_id,
        because=because,
    )
    return row


def assign_case(work: Work, case_id: str, account_id: str) -> CaseAccess:
    """Give a case to a colleague, as a supervisor."""
    case = find_case(work, case_id, "cases.assign", lock=True)
    return give_access(work, case, account_id, "assigned")


def end_access(work: Work, case_id: str, account_id: str) -> None:
    """End an account's access to a case; raises `Refused` with S158 if it has none."""
    case = find_case(work, case_id, "cases.assign", lock=True)
    held = _current(work, case, account_id)
    if held is None:
        raise refused("S158", field="account")
    held.ended_at = work.now
    held.ended_by = work.actor.account_id
    work.session.flush()
    work.record(
        "case.access_ended",
        "case_access",
        held.id,
        case_id=case.id,
        site_id=case.site_id,
        account=account_id,
    )


def list_access(work: Work, case_id: str) -> Sequence[CaseAccess]:
    """Who may or could open a case, in order of time."""
    case = find_case(work, case_id, "cases.assign")
    query = (
        select(CaseAccess).where(CaseAccess.case_id == case.id).order_by(CaseAccess.granted_at, CaseAccess.id)
    )
    found = work.session.scalars(query).all()
    work.record("case.access_read", "case", case.id, case_id=case.id, site_id=case.site_id, count=len(found))
    return found


def _current(work: Work, case: Case, account_id: str) -> CaseAccess | None:
    query = select(CaseAccess).where(
        CaseAccess.case_id == case.id, CaseAccess.account_id == account_id, CaseAccess.ended_at.is_(None)
    )
    return work.session.scalars(query).first()


def _works_with_cases(work: Work, case: Case, account_id: str) -> bool:
    """Whether a role of the account gives `cases.read` at the site: access alone opens nothing."""
    reach = work.permissions.permissions["cases.read"].reach
    query = select(Membership).where(Membership.account_id == account_id, Membership.role.in_(sorted(reach)))
    return any(one.site_id in (None, case.site_id) for one in work.session.scalars(query))
