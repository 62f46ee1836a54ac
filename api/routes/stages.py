"""The stage of the referral mechanism that a case is in."""

from __future__ import annotations

from typing import cast

from fastapi import APIRouter, Request

from api.access import Caller, requires
from api.bodies.reading import RecordId, reads
from api.bodies.referrals import Labelled, StageBody, StageShown, StagesShown
from api.problems import problem_responses
from screening.referral_stages import ReferralMechanism
from screening.referrals.stages import StageOfCase, enter_stage, read_stages
from screening.work import Work

router = APIRouter(prefix="/api/v1", tags=["referrals"])


@router.get(
    "/cases/{id}/stages",
    summary="The stages a case was in",
    responses=problem_responses(401, 403, 404, 410, 422, 503),
)
def list_stages(request: Request, id: RecordId, caller: Caller = requires("referrals.read")) -> StagesShown:
    """List the stages of the mechanism, and those the case was in with their limits."""
    mechanism = _mechanism_of(request)
    with caller.work() as work:
        return _show(work, id, mechanism, read_stages(work, id, mechanism))


@router.post(
    "/cases/{id}/stages",
    status_code=201,
    summary="Move a case to a stage",
    responses=problem_responses(400, 401, 403, 404, 410, 413, 415, 422, 503),
)
def enter_case_stage(
    request: Request,
    id: RecordId,
    caller: Caller = requires("stages.write"),
    body: StageBody = reads(StageBody),
) -> StagesShown:
    """Move a case to a stage, forwards or back; entering the stage it is in changes nothing."""
    mechanism = _mechanism_of(request)
    with caller.work() as work:
        enter_stage(work, id, body.stage, mechanism)
        return _show(work, id, mechanism, read_stages(work, id, mechanism, permission="stages.write"))


def _mechanism_of(request: Request) -> ReferralMechanism:
    return cast(ReferralMechanism, request.app.state.mechanism)


def _show(
    work: Work, case_id: str, mechanism: ReferralMechanism, stages: tuple[StageOfCase, ...]
) -> StagesShown:
    return StagesShown(
        case=case_id,
        titles_are=mechanism.titles_are,
        mechanism=[Labelled(id=stage.id, label=stage.working_title) for stage in mechanism.stages],
        items=[
            StageShown(
                stage=Labelled(id=one.stage.id, label=one.stage.working_title),
                owner=one.stage.owner,
                output=one.stage.output,
                entered_at=one.entered_at,
                due_at=one.due_at,
                left_at=one.left_at,
                overdue=one.overdue(work.now),
                by=one.by,
            )
            for one in stages
        ],
    )
