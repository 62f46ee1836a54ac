"""Is the process there, and can it assess?"""

from __future__ import annotations

from typing import Literal

import anyio
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from pydantic import BaseModel

from api.access import public, service_of
from api.examples import assessment_examples
from api.pages.problems import wants_page
from api.problems import problem_responses, refuse
from api.routes.shared import EnginesHeld, refuse_parameters
from screening.assessments import assess
from screening.audit.times import behind
from screening.clock import today_in_kuwait
from screening.engines import Engines
from screening.work import Service

router = APIRouter(tags=["service"], dependencies=[public()])

TRIED = "locked_in_and_unpaid"


class Alive(BaseModel):
    """The process answers."""

    status: Literal["alive"] = "alive"


class Ready(BaseModel):
    """The database answers, content is loaded, and the engine agrees with the reference.

    `degraded` means that work goes on and somebody should look: `because` has the codes that say at what.
    """

    status: Literal["ready", "degraded"] = "ready"
    because: tuple[str, ...] = ()
    rule_set: str
    revision: str
    digest: str


class Start(BaseModel):
    """Where to begin."""

    openapi: str = "/api/v1/openapi.json"
    assessments: str = "/api/v1/assessments"
    instruments: str = "/api/v1/instruments"
    rule_sets: str = "/api/v1/rule-sets"
    health: str = "/health"
    ready: str = "/ready"


@router.get(
    "/",
    summary="The addresses of the service",
    response_model=Start,
    responses={303: {"description": "A browser is led to the first page."}},
)
async def show_addresses(request: Request) -> Response:
    """List the addresses to begin with; a person's browser is led to the first page instead."""
    headers = {"Vary": "Accept"}
    if wants_page(request):
        return RedirectResponse("/start", 303, headers)
    refuse_parameters(request)
    return JSONResponse(Start().model_dump(), headers=headers)


@router.get("/health", summary="Whether the process answers")
async def show_health(request: Request) -> Alive:
    """Answer, and nothing more."""
    refuse_parameters(request)
    return Alive()


@router.get("/ready", summary="Whether assessments can be made", responses=problem_responses(503))
async def show_readiness(request: Request, engines: EnginesHeld) -> Ready:
    """Read the database, load the rules in force and try the engine; a problem document if one fails."""
    refuse_parameters(request)
    return await anyio.to_thread.run_sync(try_readiness, engines, service_of(request))


def try_readiness(engines: Engines, service: Service) -> Ready:
    """Try what assessments need; raises `Refused`, `ContentError` or `RequestRefused` with what fails."""
    with service.database.reading() as session:
        clock_is_behind = behind(session, service.clock())
    # An interview with signs in it: an empty one fires no rule and would prove little.
    tried = assess(assessment_examples()[TRIED]["value"], engines, today_in_kuwait())
    if tried.engine_check != "agrees":
        raise refuse("S025", status=503)
    return Ready(
        status="degraded" if clock_is_behind else "ready",
        because=("S115",) if clock_is_behind else (),
        rule_set=tried.rule_set,
        revision=str(tried.revision),
        digest=tried.digest,
    )


@router.get("/favicon.ico", include_in_schema=False)
async def show_no_icon() -> JSONResponse:
    """There is no icon; browsers ask all the same."""
    return JSONResponse(None, status_code=204)
