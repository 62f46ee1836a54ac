"""Answers in, an explained recommendation out; nothing is stored."""

from __future__ import annotations

from functools import partial
from typing import Any

import anyio
from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from api.examples import assessment_examples
from api.problems import RequestRefused, problem_responses, refuse
from api.requests import read_json_body
from api.routes.shared import EnginesHeld, SettingsHeld, refuse_parameters
from indicators.json_reading import parse_json
from screening.assessments import assess
from screening.clock import today_in_kuwait
from screening.engines import Engines
from screening.result_models import Assessment

router = APIRouter(prefix="/api/v1", tags=["assessments"])


class AssessmentRequest(BaseModel):
    """One interview's answers; see the instrument for its questions and what each accepts."""

    instrument: str = Field(description="an instrument's id, such as `intake`")
    as_of: str | None = Field(default=None, description="the day dated values are taken for; today in Kuwait")
    rule_set: str | None = Field(default=None, description="`kuwait` if left out")
    revision: int | str | None = Field(default=None, description="a published number, or `draft`")
    case: str | None = Field(default=None, description="an opaque label that is echoed; never a name")
    answers: dict[str, Any] = Field(
        description="question id to a plain value, or to `{state: not_known|declined|not_asked}`"
    )


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
    responses=problem_responses(413, 415, 422, 503),
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
