"""How an interview is reached: who may, whether it still exists, and in which order rows are locked."""

from __future__ import annotations

from sqlalchemy import select

from screening.people.access import SYSTEM
from screening.refusals import refused
from screening.storage.tables.assessments import StoredAssessment
from screening.storage.tables.cases import Case
from screening.storage.tables.interviews import Interview
from screening.work import Work


def find_interview(
    work: Work, interview_id: str, permission: str, *, lock: bool = False
) -> tuple[Interview, Case]:
    """The interview and its case, if the actor may do this to it; with `lock` nobody else changes it.

    Raises `Refused` with S121 for a role without the permission, S150 for what is not there or out of reach,
    and S103 once the case was erased. The system itself reaches every interview.
    """
    _require(work, permission)
    # Whoever comes second waits here, and then sees what the first has saved.
    interview = work.session.get(Interview, interview_id, with_for_update=lock, populate_existing=lock)
    if interview is None:
        raise refused("S150")
    return interview, find_case(work, interview.case_id, permission)


def find_case(work: Work, case_id: str, permission: str) -> Case:
    """The case, if the actor may do this to it; raises `Refused` as `find_interview` does."""
    if work.actor == SYSTEM:
        case = work.session.get(Case, case_id)
        if case is None:
            raise refused("S150")
    else:
        case = work.require_case(case_id, permission)
    if case.status == "erased":
        raise refused("S103")
    return case


def find_assessment(work: Work, assessment_id: str, permission: str) -> tuple[StoredAssessment, Case]:
    """The final assessment and its case; raises `Refused` as `find_interview` does."""
    _require(work, permission)
    row = work.session.get(StoredAssessment, assessment_id)
    if row is None:
        raise refused("S150")
    return row, find_case(work, row.case_id, permission)


def assessment_of(work: Work, interview_id: str) -> StoredAssessment | None:
    """The final assessment of an interview, once there is one."""
    query = select(StoredAssessment).where(StoredAssessment.interview_id == interview_id)
    return work.session.scalars(query.order_by(StoredAssessment.number)).first()


def require_status(interview: Interview, *allowed: str) -> None:
    """Raise `Refused` with S261 unless the interview has one of these statuses."""
    if interview.status not in allowed:
        raise refused("S261", value=interview.status)


def _require(work: Work, permission: str) -> None:
    if work.actor != SYSTEM:
        work.permissions.require(work.actor, permission)
