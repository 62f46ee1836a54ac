"""Results that are kept, and what people decide beside them."""

from __future__ import annotations

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from api.access import Caller, requires
from api.bodies.interviews import AssessmentRead, NewDecision
from api.bodies.reading import RecordId, reads
from api.problems import problem_responses
from api.repetitions import Created, Repeatable
from screening.sittings import decisions
from screening.sittings.finishing import read_assessment
from screening.sittings.models import DecisionShown, DecisionsShown
from screening.work import Work

router = APIRouter(prefix="/api/v1", tags=["assessments"])


@router.get(
    "/assessments/{id}",
    response_model=AssessmentRead,
    summary="A final assessment",
    responses=problem_responses(401, 403, 404, 410, 422, 503),
)
def read_final_assessment(id: RecordId, caller: Caller = requires("cases.read")) -> Response:
    """Read a result as it was on the day it was made: `result` is the same bytes for ever."""
    with caller.work() as work:
        shown, text = read_assessment(work, id)
    # The stored text goes through untouched: parsed and written again, it would be only nearly the same.
    body = f'{shown.model_dump_json()[:-1]},"result":{text}}}'
    return Response(body, media_type="application/json")


@router.get(
    "/assessments/{id}/decisions",
    summary="Decisions beside a result",
    responses=problem_responses(401, 403, 404, 410, 422, 503),
)
def list_decisions(id: RecordId, caller: Caller = requires("cases.read")) -> DecisionsShown:
    """List what people decided beside a result, oldest first."""
    with caller.work() as work:
        return decisions.list_decisions(work, caller.service.engines, id)


@router.post(
    "/assessments/{id}/decisions",
    status_code=201,
    response_model=DecisionShown,
    summary="Agree or differ",
    responses=problem_responses(400, 401, 403, 404, 409, 410, 413, 415, 422, 503),
)
def decide_on_assessment(
    id: RecordId,
    repetition: Repeatable,
    caller: Caller = requires("assessments.decide"),
    body: NewDecision = reads(NewDecision),
) -> JSONResponse:
    """Agree with a result, or differ with a reason; the result itself is never edited."""

    def create(work: Work) -> Created:
        shown, case = decisions.decide(
            work,
            caller.service.engines,
            id,
            stance=body.stance,
            outcome=body.outcome,
            reason=body.reason,
        )
        return Created(shown, case=case)

    return repetition.once(caller, create)
