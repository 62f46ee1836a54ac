"""Visits of inspectors to workplaces."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse

from api.access import Caller, requires
from api.bodies.reading import RecordId, reads
from api.bodies.workplaces import NewVisit, VisitChange, VisitDetails, VisitShown, show_read_visit, show_visit
from api.paging import Page, Pages, page
from api.problems import problem_responses
from api.repetitions import Created, Repeatable
from api.versions import SeenVersion, answer
from screening.cases import visits
from screening.work import Work

router = APIRouter(prefix="/api/v1", tags=["visits"])


@router.get("/visits", summary="Visits to workplaces", responses=problem_responses(401, 403, 422, 503))
def list_visits(
    pages: Pages,
    caller: Caller = requires("visits.read"),
    site: Annotated[str | None, Query(pattern=r"^[0-9a-f]{32}$")] = None,
    status: Literal["open", "closed"] | None = None,
) -> Page[VisitShown]:
    """List the visits of your sites, newest first."""
    with caller.work() as work:
        return page(visits.list_visits(work, pages, site_id=site, status=status), show_visit)


@router.post(
    "/visits",
    status_code=201,
    response_model=VisitShown,
    summary="Begin a visit",
    responses=problem_responses(400, 401, 403, 404, 409, 413, 415, 422, 503),
)
def create_visit(
    repetition: Repeatable, caller: Caller = requires("visits.write"), body: NewVisit = reads(NewVisit)
) -> JSONResponse:
    """Begin a visit that groups the interviews of several workers."""

    def create(work: Work) -> Created:
        visit = visits.create_visit(
            work, body.site, workplace_id=body.workplace, note=body.note, client_key=body.client_key
        )
        return Created(
            show_visit(visit, body.note), version=visit.version, location=f"/api/v1/visits/{visit.id}"
        )

    return repetition.once(caller, create)


@router.get(
    "/visits/{id}",
    response_model=VisitDetails,
    summary="One visit",
    responses=problem_responses(401, 403, 404, 422, 503),
)
def read_visit(id: RecordId, caller: Caller = requires("visits.read")) -> JSONResponse:
    """Read a visit: the interviews you may read, and of the others a number."""
    with caller.work() as work:
        visit, note, summary = visits.read_visit(work, id)
        return answer(show_read_visit(visit, note, summary), version=visit.version)


@router.patch(
    "/visits/{id}",
    response_model=VisitShown,
    summary="Close a visit",
    responses=problem_responses(400, 401, 403, 404, 412, 413, 415, 422, 428, 503),
)
def change_visit(
    id: RecordId,
    seen: SeenVersion,
    caller: Caller = requires("visits.write"),
    body: VisitChange = reads(VisitChange),
) -> JSONResponse:
    """Close a visit: no further interview joins it, those it has go on."""
    with caller.work() as work:
        visit = visits.close_visit(work, id, seen=seen)
        return answer(show_visit(visit), version=visit.version)
