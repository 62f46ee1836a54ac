"""Answers in, an explained recommendation out; nothing is stored."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any, Literal

import anyio
from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from pydantic.json_schema import SkipJsonSchema

from api.access import requires
from api.examples import assessment_examples
from api.problems import RequestRefused, problem_responses, refuse
from api.requests import read_json_body
from api.routes.shared import EnginesHeld, SettingsHeld, refuse_parameters, settings_of
from indicators.json_reading import parse_json
from screening.assessments import assess
from screening.clock import today_in_kuwait
from screening.engines import Engines
from screening.interviews import LONGEST_CASE_LABEL
from screening.result_models import Assessment

router = APIRouter(prefix="/api/v1", tags=["assessments"])


def _without_default(form: dict[str, Any]) -> None:
    form.pop("default", None)


def _may_be_left_out(description: str) -> Any:
    """A key that may be missing; null is refused like any other value of the wrong type."""
    return Field(default=None, description=description, json_schema_extra=_without_default)


RevisionNumber = Annotated[int, Field(ge=1)]
CaseLabel = Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]+$", min_length=1, max_length=LONGEST_CASE_LABEL)]


class AssessmentRequest(BaseModel):
    """One interview's answers; see the instrument for its questions and what each accepts."""

    model_config = ConfigDict(extra="forbid")

    instrument: str = Field(description="an instrument's id, such as `intake`")
    as_of: str | SkipJsonSchema[None] = _may_be_left_out(
        "the day dated values are taken for, `YYYY-MM-DD`; today in Kuwait if left out"
    )
    rule_set: str | SkipJsonSchema[None] = _may_be_left_out("`kuwait` if left out")
    revision: RevisionNumber | Literal["draft"] | SkipJsonSchema[None] = _may_be_left_out(
        "a published number, or `draft`; the one in force if left out"
    )
    case: CaseLabel | SkipJsonSchema[None] = _may_be_left_out("an opaque label that is echoed; never a name")
    answers: dict[str, Any] = Field(
        description="question id to a plain value, or to `{state: not_known|declined|not_asked}`"
    )


def _is_open(request: Request) -> bool:
    return settings_of(request).open_assessments


def _body_in_openapi() -> dict[str, Any]:
    schema = AssessmentRequest.model_json_schema()
    return {
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": schema, "examples": assessment_examples()}},
        }
    }


@router.post(
    "/assessments",
    summary="Assess one interview",
    response_model=Assessment,
    dependencies=[requires("assessments.try", unless=_is_open)],
    responses=problem_responses(400, 401, 403, 413, 415, 422, 503),
    openapi_extra=_body_in_openapi(),
)
async def assess_interview(request: Request, engines: EnginesHeld, settings: SettingsHeld) -> Response:
    """Return what `screening assess` gives for the same body. Nothing is stored, no answer is logged."""
    refuse_parameters(request)
    body = await read_json_body(request, settings.largest_body_kib)
    limiter: anyio.CapacityLimiter = request.app.state.waiting
    if limiter.available_tokens < 1:
        raise refuse("S025", status=503)
    found = await anyio.to_thread.run_sync(partial(_assess, body, engines), limiter=limiter)
    return JSONResponse(found.to_data())


def _assess(body: bytes, engines: Engines) -> Assessment:
    node, faults = parse_json(body)
    if node is None or faults:
        # What cannot be read as JSON at all is the sender's syntax, not its content.
        raise RequestRefused(faults, 400 if node is None else 422)
    return assess(node, engines, today_in_kuwait())
