"""Records of interviews as they are shown."""

from __future__ import annotations

from typing import cast

from screening.phrases import Language
from screening.sittings.answers import last_seq
from screening.sittings.models import Follows, InterviewShown, Status
from screening.sittings.reaching import assessment_of
from screening.sittings.words import label_of
from screening.storage.tables.cases import Case
from screening.storage.tables.interviews import Interview
from screening.work import Work


def show_interview(work: Work, interview: Interview, case: Case) -> InterviewShown:
    """One interview without its answers."""
    final = assessment_of(work, interview.id) if interview.status == "finished" else None
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
        last_seq=last_seq(work, interview.id),
        assessment=None if final is None else final.id,
        version=interview.version,
    )
