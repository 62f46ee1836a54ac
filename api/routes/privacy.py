"""What is held, for how long, who opened it in an emergency, and how it goes."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import JSONResponse, StreamingResponse

from api.access import Caller, requires
from api.bodies.cases import CaseShown, show_case
from api.bodies.privacy import (
    EmergencyReview,
    EmergencyShown,
    Erasure,
    Hold,
    RetentionRun,
    RetentionShown,
    show_emergency,
    show_retention,
)
from api.bodies.reading import RecordId, reads
from api.paging import Page, Pages, page
from api.problems import problem_responses
from api.versions import answer
from screening.cases import break_glass, erasure, exports, holds, retention

router = APIRouter(prefix="/api/v1", tags=["privacy"])


@router.get(
    "/cases/{id}/export",
    response_class=StreamingResponse,
    summary="One person's record",
    responses={
        200: {
            "description": "The whole record, in pieces; nothing is written to a disk.",
            "content": {"application/json": {"schema": {"type": "object"}}},
        },
        **problem_responses(401, 403, 404, 410, 422, 503),
    },
)
def export_case(
    id: RecordId, caller: Caller = requires("cases.export"), identity: bool = False
) -> StreamingResponse:
    """Everything held on one person, with who looked at it; identity only if you ask for it."""
    with caller.work() as work:
        pieces = exports.export_case(work, id, identity=identity)
    return StreamingResponse(
        pieces,
        media_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="case-{id}.json"'},
    )


@router.post(
    "/cases/{id}/erase",
    response_model=CaseShown,
    summary="Erase a case",
    responses=problem_responses(400, 401, 403, 404, 409, 410, 413, 415, 422, 503),
)
def erase_case(
    id: RecordId, caller: Caller = requires("cases.erase"), body: Erasure = reads(Erasure)
) -> JSONResponse:
    """Destroy the key of a case: nothing of it can be read again. Its number is typed to confirm it."""
    with caller.work() as work:
        case = erasure.erase_case(work, id, number=body.number, reason=body.reason)
        return answer(show_case(case), version=case.version)


@router.put(
    "/cases/{id}/hold",
    response_model=CaseShown,
    summary="Keep a case from erasure",
    responses=problem_responses(400, 401, 403, 404, 410, 413, 415, 422, 503),
)
def hold_case(
    id: RecordId, caller: Caller = requires("cases.hold"), body: Hold = reads(Hold)
) -> JSONResponse:
    """Keep a case until the end of a day, with a reason."""
    with caller.work() as work:
        case = holds.hold_case(work, id, until=body.until, reason=body.reason, note=body.note)
        return answer(show_case(case), version=case.version)


@router.delete(
    "/cases/{id}/hold",
    response_model=CaseShown,
    summary="End a hold",
    responses=problem_responses(401, 403, 404, 410, 422, 503),
)
def release_case(id: RecordId, caller: Caller = requires("cases.hold")) -> JSONResponse:
    """End a hold: the retention rules and erasure apply again."""
    with caller.work() as work:
        case = holds.release_case(work, id)
        return answer(show_case(case), version=case.version)


@router.get(
    "/break-glass",
    summary="Emergency access to cases",
    responses=problem_responses(401, 403, 422, 503),
)
def list_break_glass(
    pages: Pages, caller: Caller = requires("break_glass.review"), reviewed: bool | None = None
) -> Page[EmergencyShown]:
    """List who opened which case in an emergency, and why, newest first."""
    with caller.work() as work:
        return page(break_glass.list_break_glass(work, pages, reviewed=reviewed), show_emergency)


@router.post(
    "/break-glass/{id}/review",
    response_model=EmergencyShown,
    summary="Review emergency access",
    responses=problem_responses(400, 401, 403, 404, 409, 410, 413, 415, 422, 503),
)
def review_break_glass(
    id: RecordId,
    caller: Caller = requires("break_glass.review"),
    body: EmergencyReview = reads(EmergencyReview),
) -> JSONResponse:
    """Say whether it was needed; nobody reviews their own."""
    with caller.work() as work:
        found = break_glass.review_break_glass(work, id, review=body.review, note=body.note)
        return answer(show_emergency(found))


@router.get(
    "/retention", summary="What the retention rules would take", responses=problem_responses(401, 403, 503)
)
def plan_retention(caller: Caller = requires("retention.run")) -> RetentionShown:
    """Say what each rule would take now: cases by number, everything else by count. Nothing is changed."""
    with caller.work() as work:
        return show_retention(retention.plan_retention(work), dry=True)


@router.post(
    "/retention/run",
    summary="Run the retention rules",
    responses=problem_responses(400, 401, 403, 413, 415, 422, 503),
)
def run_retention(
    caller: Caller = requires("retention.run"), body: RetentionRun = reads(RetentionRun)
) -> RetentionShown:
    """Run the rules; dry unless the body says `{"dry": false}`."""
    if body.dry:
        with caller.work() as work:
            return show_retention(retention.plan_retention(work), dry=True)
    done = retention.run_retention(caller.service, caller.actor, caller.request_id)
    return show_retention(done, dry=False)
