"""Workplaces behind codes, so that cases can be linked without naming anybody."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from api.access import Caller, requires
from api.bodies.reading import RecordId, reads
from api.bodies.workplaces import (
    NewWorkplace,
    WorkplaceDetails,
    WorkplaceFound,
    WorkplaceShown,
    show_found_workplace,
    show_read_workplace,
    show_workplace,
)
from api.paging import Page, Pages, page
from api.problems import problem_responses
from api.repetitions import Created, Repeatable
from api.versions import answer
from screening.cases import workplaces
from screening.work import Work

router = APIRouter(prefix="/api/v1", tags=["workplaces"])


@router.get("/workplaces", summary="Workplaces by code", responses=problem_responses(401, 403, 422, 503))
def list_workplaces(
    pages: Pages,
    caller: Caller = requires("workplaces.read"),
    kind: Literal["company", "household", "other"] | None = None,
) -> Page[WorkplaceShown]:
    """List workplaces, newest first, without their names."""
    with caller.work() as work:
        return page(workplaces.list_workplaces(work, pages, kind=kind), show_workplace)


@router.post(
    "/workplaces",
    status_code=201,
    response_model=WorkplaceFound,
    summary="Find a workplace, or record a new one",
    responses=problem_responses(400, 401, 403, 409, 413, 415, 422, 503),
)
def find_or_create_workplace(
    repetition: Repeatable,
    caller: Caller = requires("workplaces.write"),
    body: NewWorkplace = reads(NewWorkplace),
) -> JSONResponse:
    """Find the workplace of this register number or name; record it if nobody has."""

    def create(work: Work) -> Created:
        row, made = workplaces.find_or_create(
            work, kind=body.kind, name=body.name, register_number=body.register_number
        )
        return Created(
            show_found_workplace(row, found=not made),
            version=row.version,
            location=f"/api/v1/workplaces/{row.id}",
        )

    return repetition.once(caller, create)


@router.get(
    "/workplaces/{id}",
    response_model=WorkplaceDetails,
    summary="One workplace",
    responses=problem_responses(401, 403, 404, 422, 503),
)
def read_workplace(id: RecordId, caller: Caller = requires("workplaces.read")) -> JSONResponse:
    """Read a workplace; its name only if you work with it, and the cases there that you may open."""
    with caller.work() as work:
        found = workplaces.read_workplace(work, id)
        return answer(show_read_workplace(found), version=found.workplace.version)
