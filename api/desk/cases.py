"""The cases within reach, the page of one case, closing and reopening it, and opening one in an emergency."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from api.access import Caller
from api.bodies.reading import RecordId
from api.desk.case_views import mechanism_of, see_case, site_name, site_of
from api.desk.forms import (
    LONGEST_NOTE,
    faults_of,
    read_version,
    require_chosen,
    require_short,
    require_written,
    written,
)
from api.desk.people import sites_by_id
from api.desk.viewing import Posted, first, opens
from api.pages.fields import FieldFault, Fields
from api.pages.rendering import page
from api.paging import Pages, write_cursor
from api.referral_words import guidance_of
from indicators.errors import fault
from screening.cases import break_glass, cases
from screening.cases.cases import id_of_number
from screening.cases.policies import policies
from screening.cases.words import words_of
from screening.refusals import Refused

router = APIRouter(include_in_schema=False)


@router.get("/cases")
def list_cases(
    request: Request,
    pages: Pages,
    caller: Caller = opens("cases.read"),
    status: Literal["", "open", "closed", "erased"] = "",
    mine: Literal["", "yes"] = "",
) -> Response:
    """The cases within reach, newest first."""
    with caller.work() as work:
        found = cases.list_cases(work, pages, status=status or None, mine=mine == "yes")
        sites = sites_by_id(work)
        rows = [(case, site_name(sites[case.site_id])) for case in found.items]
    permissions = caller.service.permissions
    return page(
        request,
        "desk/cases/list.html",
        rows=rows,
        status=status,
        mine=mine,
        following=write_cursor(found.following),
        first_page=pages.after is None,
        may_begin=permissions.allowed(caller.actor, "interviews.write").anywhere,
        may_break=permissions.allowed(caller.actor, "cases.break_glass").anywhere,
    )


@router.get("/cases/emergency")
def ask_for_emergency(
    request: Request, number: str = "", caller: Caller = opens("cases.break_glass")
) -> Response:
    """The form that opens a colleague's case for a short time, with a reason."""
    return _show_emergency(request, {"number": [number]} if number else {})


@router.post("/cases/emergency")
def open_in_emergency(
    request: Request, fields: Posted, caller: Caller = opens("cases.break_glass")
) -> Response:
    """Open a case in an emergency: audited, told to the supervisor, and over by itself."""
    reason = written(fields, "reason")
    faults = (*require_written(fields, "number", "reason"), *require_short(fields, reason=LONGEST_NOTE))
    if faults or reason is None:
        return _show_emergency(request, fields, faults)
    with caller.work(writes=False) as work:
        case_id = id_of_number(work, first(fields, "number")) or ""
    try:
        # A number that there is not is answered as one that is out of reach.
        with caller.work() as work:
            break_glass.open_in_emergency(work, case_id, reason)
    except Refused as error:
        code = error.faults[0].code
        if code == "S150":
            caller.note_denial(code)
            beside = FieldFault("number", "number", fault("S150", field="number"))
            return _show_emergency(request, fields, (beside,))
        # Whoever can open it already needs no emergency.
        if code != "S178":
            return _show_emergency(request, fields, faults_of(error, "number", "reason"))
    return RedirectResponse(f"/cases/{case_id}", 303)


@router.get("/cases/{id}")
def show_case(request: Request, id: RecordId, caller: Caller = opens("cases.read")) -> Response:
    """One case: what was said, what came of it, and what comes next; who the person is stands apart."""
    with caller.work() as work:
        case = cases.read_case(work, id)
        if case.status == "erased":
            return page(request, "desk/cases/erased.html", case=case, site=site_of(work, case))
        seen = see_case(work, case, guidance_of(request), mechanism_of(request))
    return page(request, "desk/cases/case.html", seen=seen, case=seen.case, may=seen.may)


@router.get("/cases/{id}/close")
def ask_to_close(request: Request, id: RecordId, caller: Caller = opens("cases.close")) -> Response:
    """The form that closes an open case or reopens a closed one."""
    return _show_close(request, caller, id)


@router.post("/cases/{id}/close")
def close_or_reopen(
    request: Request, id: RecordId, fields: Posted, caller: Caller = opens("cases.close")
) -> Response:
    """Close a case or reopen it: a person does that, with a reason; no result does."""
    faults = (*require_chosen(fields, "reason"), *require_short(fields, note=LONGEST_NOTE))
    if faults:
        return _show_close(request, caller, id, fields, faults)
    change = cases.close_case if first(fields, "to") == "closed" else cases.reopen_case
    try:
        with caller.work() as work:
            change(
                work,
                id,
                reason=first(fields, "reason"),
                note=written(fields, "note"),
                seen=read_version(fields),
            )
    except Refused as error:
        return _show_close(request, caller, id, fields, faults_of(error, "reason", "note"))
    return RedirectResponse(f"/cases/{id}", 303)


def _show_emergency(request: Request, fields: Fields, faults: tuple[FieldFault, ...] = ()) -> Response:
    return page(
        request,
        "desk/cases/emergency.html",
        status_code=422 if faults else 200,
        fields=fields,
        faults=faults,
        minutes=policies().break_glass_minutes.value,
    )


def _show_close(
    request: Request,
    caller: Caller,
    id: str,
    fields: Fields | None = None,
    faults: tuple[FieldFault, ...] = (),
) -> Response:
    with caller.work() as work:
        case = cases.find_case(work, id, "cases.close")
        cases.require_not_erased(case)
        work.record("case.read", "case", case.id, case_id=case.id, site_id=case.site_id)
        closing = case.status == "open"
    return page(
        request,
        "desk/cases/close.html",
        status_code=422 if faults else 200,
        case=case,
        closing=closing,
        reasons=words_of("closing_reasons" if closing else "reopening_reasons").values(),
        fields=fields or {},
        faults=faults,
    )
