"""The final assessment: worked out once, kept sealed, read back byte for byte, and replayed."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final, cast

from sqlalchemy import select

from rules.results import canonical_result, result_digest
from screening.assessments import assess_evaluation
from screening.cases.cases import require_open
from screening.keys.vaults import Place
from screening.logs import log_incidents
from screening.people.access import Actor
from screening.refusals import refused
from screening.result_models import OutcomeName
from screening.sittings.answers import last_seq, read_current, values_of
from screening.sittings.live import work_out
from screening.sittings.models import FinalAssessment
from screening.sittings.programs import rules_of
from screening.sittings.reaching import assessment_of, find_assessment, find_interview, require_status
from screening.sittings.saving import pinned_rules
from screening.sittings.snapshots import read_sitting
from screening.storage.tables.assessments import StoredAssessment
from screening.storage.tables.cases import Case
from screening.storage.tables.interviews import Interview
from screening.storage.types import new_id
from screening.work import Service, Work

_TABLE: Final = "assessments"


@dataclass(frozen=True, slots=True)
class Replayed:
    """One stored result, evaluated again: whether it is the same, and what each digest is."""

    assessment: str
    same: bool
    stored: str
    found: str


def finish_interview(
    service: Service,
    actor: Actor,
    interview_id: str,
    *,
    seen_seq: int,
    difference_seen: bool = False,
    as_of: date | None = None,
    request_id: str | None = None,
) -> FinalAssessment:
    """Finish an interview with the full assessment of its answers up to `seen_seq`, and keep that for ever.

    It is worked out as of today in Kuwait; `as_of` is for answers given on another day and sent later.

    Raises `Refused` with S168 if answers were saved that the caller has not seen, S250 if it is finished,
    S261 if it ended otherwise, and S169 if engine and reference differ and nobody has said that he looked.
    """
    pinned_rules(service, actor, interview_id, "assessments.finish")
    with service.work(actor, writes=False) as work:
        interview, case = find_interview(work, interview_id, "assessments.finish")
        _require_finishable(work, interview, case, seen_seq)
        sitting = read_sitting(work, service.engines, interview, case)
    day = as_of if as_of is not None else sitting.as_of
    evaluation = sitting.rules.engine.evaluate(sitting.answers, day, sitting.instrument)
    log_incidents(evaluation.incidents, digest=evaluation.digest, case=sitting.case_number)
    if evaluation.needs_human and not difference_seen:
        raise refused("S169")
    assessment = assess_evaluation(sitting.rules, evaluation, sitting.case_number)
    with service.work(actor, request_id) as work:
        interview, case = find_interview(work, interview_id, "assessments.finish", lock=True)
        _require_finishable(work, interview, case, seen_seq)
        row = StoredAssessment(
            id=new_id(),
            interview_id=interview.id,
            case_id=case.id,
            site_id=interview.site_id,
            number=1,
            rule_set=evaluation.rule_set,
            revision=evaluation.revision,
            digest=evaluation.digest,
            as_of=evaluation.as_of,
            last_seq=seen_seq,
            outcome=evaluation.outcome,
            reference_outcome=evaluation.reference_outcome,
            engine_outcome=evaluation.engine_outcome,
            engine_check=evaluation.engine_check,
            by=actor.account_id,
            at=work.now,
        )
        digest = assessment.result_digest
        row.result_digest = work.seal(case, _TABLE, "result_digest", row.id, digest)
        row.body = _seal_body(work, case, row.id, assessment.to_json())
        work.session.add(row)
        interview.status = "finished"
        interview.finished_at = work.now
        interview.version += 1
        work.session.flush()
        work.record(
            "interview.finish",
            "assessment",
            row.id,
            case_id=case.id,
            site_id=interview.site_id,
            interview=interview.id,
            digest=row.digest,
            result=work.digest(case, "result", digest),
            last_seq=seen_seq,
            engine_check=row.engine_check,
            difference_seen=difference_seen,
        )
        return show_assessment(work, case, row)


def read_assessment(work: Work, assessment_id: str) -> tuple[FinalAssessment, str]:
    """A final assessment and its JSON text, the same bytes as on the day it was made; the look is audited."""
    row, case = find_assessment(work, assessment_id, "cases.read")
    work.record("assessment.read", "assessment", row.id, case_id=case.id, site_id=row.site_id)
    return show_assessment(work, case, row), open_body(work, case, row)


def is_indicated(service: Service, actor: Actor, interview_id: str) -> bool:
    """Whether the answers so far reach a step of the ladder or show an urgent need."""
    rules = pinned_rules(service, actor, interview_id, "interviews.write")
    with service.work(actor, writes=False) as work:
        interview, case = find_interview(work, interview_id, "interviews.write")
        sitting = read_sitting(work, service.engines, interview, case)
    found = work_out(sitting, ())
    return bool(found.urgent) or found.outcome in rules.program.data["ladder"]


def replay(service: Service, actor: Actor, assessment_id: str) -> Replayed:
    """Evaluate the stored answers by the stored program again, and compare the digest of the result.

    Raises `Refused` with S103 for an erased case: nobody can read its answers any more.
    """
    with service.work(actor, writes=False) as work:
        row, case = find_assessment(work, assessment_id, "cases.read")
        rules = rules_of(work.session, service.engines, row.digest, row.revision)
        instrument = work.session.get_one(Interview, row.interview_id).instrument
        answers = values_of(read_current(work, case, row.interview_id, rules.forms, up_to=row.last_seq))
        case_id, site_id, as_of, stored = row.case_id, row.site_id, row.as_of, _open_digest(work, case, row)
    evaluation = rules.engine.evaluate(answers, as_of, instrument)
    found = result_digest(canonical_result(rules.engine.reference, evaluation))
    same = found == stored
    with service.work(actor) as work:
        work.record(
            "assessment.replay", "assessment", assessment_id, case_id=case_id, site_id=site_id, same=same
        )
    return Replayed(assessment_id, same, stored, found)


def replayable(service: Service) -> Iterator[str]:
    """The ids of every final assessment whose case was not erased, oldest first."""
    query = (
        select(StoredAssessment.id)
        .join(Case, Case.id == StoredAssessment.case_id)
        .where(Case.status != "erased")
        .order_by(StoredAssessment.at, StoredAssessment.id)
    )
    with service.database.reading() as session:
        ids = session.scalars(query).all()
    yield from ids


def open_body(work: Work, case: Case, row: StoredAssessment) -> str:
    """The JSON text of a final assessment."""
    place = Place(_TABLE, "body", row.id)
    return zlib.decompress(work.vault.open_bytes(work.session, case.data_key_id, place, row.body)).decode()


def show_assessment(work: Work, case: Case, row: StoredAssessment) -> FinalAssessment:
    """A final assessment without its body."""
    return FinalAssessment(
        id=row.id,
        interview=row.interview_id,
        case=row.case_id,
        site=row.site_id,
        rule_set=row.rule_set,
        revision="draft" if row.revision is None else row.revision,
        digest=row.digest,
        as_of=row.as_of.isoformat(),
        last_seq=row.last_seq,
        result_digest=_open_digest(work, case, row),
        outcome=cast(OutcomeName, row.outcome),
        reference_outcome=cast(OutcomeName, row.reference_outcome),
        engine_outcome=cast(OutcomeName | None, row.engine_outcome),
        engine_check=row.engine_check,  # type: ignore[arg-type]
        by=row.by,
        at=row.at,
    )


def _require_finishable(work: Work, interview: Interview, case: Case, seen_seq: int) -> None:
    require_open(case)
    if interview.status == "finished" or assessment_of(work, interview.id) is not None:
        raise refused("S250")
    require_status(interview, "open", "paused")
    last = last_seq(work, interview.id)
    if last != seen_seq:
        raise refused("S168", field="last_seq", seen=seen_seq, last=last)


def _open_digest(work: Work, case: Case, row: StoredAssessment) -> str:
    return work.open(case, _TABLE, "result_digest", row.id, row.result_digest)


def _seal_body(work: Work, case: Case, row_id: str, text: str) -> bytes:
    data = zlib.compress(text.encode(), level=6)
    return work.vault.seal_bytes(work.session, case.data_key_id, Place(_TABLE, "body", row_id), data)
