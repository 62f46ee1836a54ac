"""Records of interviews as they are shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from sqlalchemy import func, select

from screening.phrases import Language
from screening.sittings.models import Follows, InterviewShown, Status
from screening.sittings.words import label_of
from screening.storage.tables.assessments import StoredAssessment
from screening.storage.tables.cases import Case
from screening.storage.tables.interviews import AnswerRevision, Interview
from screening.work import Work


def show_interviews(work: Work, pairs: Sequence[tuple[Interview, Case]]) -> list[InterviewShown]:
    """Interviews without their answers, in two queries however many they are."""
    ids = [interview.id for interview, _ in pairs]
    seqs = (
        select(AnswerRevision.interview_id, func.max(AnswerRevision.seq))
        .where(AnswerRevision.interview_id.in_(ids))
        .group_by(AnswerRevision.interview_id)
    )
    last = {id: int(seq) for id, seq in work.session.execute(seqs)}
    finals = select(StoredAssessment.interview_id, StoredAssessment.id).where(
        StoredAssessment.interview_id.in_(ids), StoredAssessment.number == 1
    )
    final = {id: str(assessment) for id, assessment in work.session.execute(finals)}
    return [
        _show(interview, case, last.get(interview.id, 0), final.get(interview.id))
        for interview, case in pairs
    ]


def show_interview(work: Work, interview: Interview, case: Case, last: int | None = None) -> InterviewShown:
    """One interview without its answers; `last` is the number of the last one, if it is known."""
    if last is not None and interview.status != "finished":
        # Only what is finished has a result.
        return _show(interview, case, last, None)
    (shown,) = show_interviews(work, [(interview, case)])
    return shown


def _show(interview: Interview, case: Case, last: int, final: str | None) -> InterviewShown:
    follows = None
    if interview.follows_id is not None and interview.follows_because is not None:
        follows = Follows(
            interview=interview.follows_id,
            because=interview.follows_because,
            because_label=label_of("follow_reasons", interview.follows_because),
        )
    return InterviewShown(
        id=interview.id,
        case=case.id,
        case_number=case.number,
        site=interview.site_id,
        visit=interview.visit_id,
        instrument=interview.instrument,
        rule_set=interview.rule_set,
        revision="draft" if interview.revision is None else interview.revision,
        digest=interview.digest,
        entry_mode=interview.entry_mode,
        status=cast(Status, interview.status),
        status_label=label_of("interview_statuses", interview.status),
        language=cast(Language, interview.language),
        follows=follows,
        created_by=interview.created_by,
        held_by=interview.held_by,
        created_at=interview.created_at,
        paused_at=interview.paused_at,
        paused_because=interview.paused_because,
        resume_after=interview.resume_after,
        finished_at=interview.finished_at,
        abandoned_at=interview.abandoned_at,
        abandoned_because=interview.abandoned_because,
        last_seq=last,
        assessment=final,
        version=interview.version,
    )
