"""The stage of the referral mechanism that a case is in, since when, and until when it should be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from indicators.errors import listed, nearest
from screening.cases.cases import find_case, require_open
from screening.referral_stages import ReferralMechanism, Stage
from screening.refusals import refused
from screening.storage.tables.referrals import CaseStage
from screening.storage.types import new_id
from screening.work import Work


@dataclass(frozen=True, slots=True)
class StageOfCase:
    """A stage that a case is or was in."""

    stage: Stage
    entered_at: datetime
    due_at: datetime | None
    left_at: datetime | None
    by: str

    def overdue(self, now: datetime) -> bool:
        """Whether the case should have left it by now and has not."""
        return self.left_at is None and self.due_at is not None and self.due_at < now


def enter_stage(work: Work, case_id: str, name: str, mechanism: ReferralMechanism) -> StageOfCase:
    """Move a case to a stage, forwards or back; the stage it was in is left at the same moment.

    Entering the stage it is in changes nothing. Raises `Refused` with S180 for an unknown stage.
    """
    case = find_case(work, case_id, "stages.write", lock=True)
    require_open(case)
    stage = _stage(mechanism, name)
    for row in _rows(work, case_id):
        if row.left_at is None:
            if row.stage == name:
                return _seen(row, stage)
            row.left_at = work.now
    limit = stage.time_limit_days
    row = CaseStage(
        id=new_id(),
        case_id=case.id,
        stage=stage.id,
        entered_at=work.now,
        due_at=None if limit is None else work.now + timedelta(days=limit),
        left_at=None,
        by=work.actor.account_id,
    )
    work.session.add(row)
    work.record("stage.enter", "stage", stage.id, case_id=case.id, site_id=case.site_id)
    return _seen(row, stage)


def read_stages(
    work: Work, case_id: str, mechanism: ReferralMechanism, permission: str = "referrals.read"
) -> tuple[StageOfCase, ...]:
    """Every stage the case was in, oldest first. A stage that has left the mechanism since is left out."""
    case = find_case(work, case_id, permission)
    stages = {stage.id: stage for stage in mechanism.stages}
    work.record("stage.read", "case", case.id, case_id=case.id, site_id=case.site_id)
    return tuple(_seen(row, stages[row.stage]) for row in _rows(work, case_id) if row.stage in stages)


def _rows(work: Work, case_id: str) -> list[CaseStage]:
    ordered = (
        select(CaseStage).where(CaseStage.case_id == case_id).order_by(CaseStage.entered_at, CaseStage.id)
    )
    return list(work.session.scalars(ordered))


def _stage(mechanism: ReferralMechanism, name: str) -> Stage:
    for stage in mechanism.stages:
        if stage.id == name:
            return stage
    known = [stage.id for stage in mechanism.stages]
    raise refused(
        "S180", field="stage", key="stage", value=name, nearest=nearest(name, known), known=listed(known)
    )


def _seen(row: CaseStage, stage: Stage) -> StageOfCase:
    return StageOfCase(stage, row.entered_at, row.due_at, row.left_at, row.by)
