"""What the retention rules would take, and taking it once somebody has said so."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.access import Caller
from api.desk.filling import require_sure, status_of
from api.desk.viewing import Posted, opens
from api.pages.fields import FieldFault
from api.pages.rendering import page
from screening.cases import retention

router = APIRouter(include_in_schema=False)


@router.get("/administration/retention")
def show_retention_plan(request: Request, caller: Caller = opens("retention.run")) -> Response:
    """What each rule would take now; nothing is changed."""
    return _show_plan(request, caller)


@router.post("/administration/retention")
def run_retention_rules(
    request: Request, fields: Posted, caller: Caller = opens("retention.run")
) -> Response:
    """Run the rules, if it was confirmed."""
    if faults := require_sure(fields):
        return _show_plan(request, caller, faults)
    done = retention.run_retention(caller.service, caller.actor, caller.request_id)
    return page(request, "desk/administration/retention_done.html", done=done)


def _show_plan(request: Request, caller: Caller, faults: tuple[FieldFault, ...] = ()) -> Response:
    with caller.work() as work:
        plan = retention.plan_retention(work)
    return page(
        request,
        "desk/administration/retention.html",
        status_code=status_of(faults),
        plan=plan,
        due=sum(one.count for one in plan),
        cases=sum(one.count for one in plan if one.cases),
        held=[case for one in plan for case in one.cases if case.held],
        faults=faults,
    )
