"""What is kept of a case beside its interviews: identity, access, workplaces, and the stage it is in."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Request
from sqlalchemy import select
from starlette.responses import RedirectResponse, Response

from api.access import Caller
from api.bodies.reading import RecordId
from api.desk.case_views import may_of, mechanism_of
from api.desk.forms import (
    LONGEST_LINE,
    LONGEST_NOTE,
    faults_of,
    read_version,
    require_chosen,
    require_short,
    written,
)
from api.desk.people import names_of
from api.desk.viewing import Posted, first, opens
from api.pages.digits import normalise_digits
from api.pages.fields import FieldFault, Fields
from api.pages.rendering import page
from indicators.errors import fault
from screening.cases import access, cases, identities, workplaces
from screening.cases.notes import describe_warnings, warn_about
from screening.people.accounts import select_colleagues
from screening.referrals.stages import enter_stage, read_stages
from screening.refusals import Refused
from screening.storage.tables.sites import WORKPLACE_KINDS, Workplace
from screening.work import Work

router = APIRouter(include_in_schema=False)

_LONG: Final = frozenset({"address", "notes"})


# Who the person is


@router.get("/cases/{id}/identity")
def show_identity(request: Request, id: RecordId, caller: Caller = opens("identity.read")) -> Response:
    """Who the person is; whoever opens this page is written down, apart from looks at the case."""
    with caller.work() as work:
        case = cases.find_case(work, id, "identity.read")
        found = identities.read_identity(work, id)
        matches = None
        if work.reaches(case, "cases.assign"):
            matches = identities.read_matches(work, id)
        names = dict(names_of(work, [found.updated_by]))
        may = may_of(work, case)
    return page(
        request,
        "desk/cases/identity.html",
        case=case,
        found=found,
        names=names,
        matches=matches,
        may=may,
        notes=describe_warnings(warn_about(*found.values.values())),
    )


@router.get("/cases/{id}/identity/change")
def ask_for_identity(request: Request, id: RecordId, caller: Caller = opens("identity.write")) -> Response:
    """The form for who the person is, filled in."""
    with caller.work() as work:
        found = identities.read_identity(work, id)
        number = cases.find_case(work, id, "identity.write").number
    fields = {name: [value] for name, value in found.values.items() if value is not None}
    return _show_identity_form(request, id, number, found.version, fields)


@router.post("/cases/{id}/identity/change")
def change_identity(
    request: Request, id: RecordId, fields: Posted, caller: Caller = opens("identity.write")
) -> Response:
    """Save who the person is: an emptied field is emptied, and nothing else is touched."""
    limits = {name: LONGEST_NOTE if name in _LONG else LONGEST_LINE for name in identities.FIELDS}
    faults = require_short(fields, **limits)
    version = read_version(fields)
    with caller.work(writes=False) as work:
        number = cases.find_case(work, id, "identity.write").number
    if faults:
        return _show_identity_form(request, id, number, version, fields, faults)
    changes: dict[str, str | None] = {
        name: written(fields, name) for name in identities.FIELDS if name in fields
    }
    try:
        with caller.work() as work:
            # What stayed as it was is not written again: each change of a field is on record.
            before = identities.read_identity(work, id).values
            changed: dict[str, str | None] = {
                name: value for name, value in changes.items() if value != before[name]
            }
            if changed:
                identities.write_identity(work, id, changed, seen=version)
    except Refused as error:
        shown = faults_of(error, *identities.FIELDS)
        return _show_identity_form(request, id, number, version, fields, shown)
    return RedirectResponse(f"/cases/{id}/identity", 303)


@router.post("/cases/{id}/links")
def link_case(
    request: Request, id: RecordId, fields: Posted, caller: Caller = opens("cases.assign")
) -> Response:
    """Say that two cases are one person's."""
    with caller.work() as work:
        identities.link_cases(work, id, first(fields, "case"))
    return RedirectResponse(f"/cases/{id}", 303)


def _show_identity_form(
    request: Request,
    id: str,
    number: str,
    version: int,
    fields: Fields,
    faults: tuple[FieldFault, ...] = (),
) -> Response:
    return page(
        request,
        "desk/cases/identity_form.html",
        status_code=422 if faults else 200,
        case_id=id,
        number=number,
        version=version,
        fields=fields,
        faults=faults,
    )


# Who may open it


@router.get("/cases/{id}/access")
def show_access(request: Request, id: RecordId, caller: Caller = opens("cases.assign")) -> Response:
    """Who may or could open the case, and to whom it can be given."""
    return _show_access(request, caller, id)


@router.post("/cases/{id}/access")
def change_access(
    request: Request, id: RecordId, fields: Posted, caller: Caller = opens("cases.assign")
) -> Response:
    """Give the case to a colleague."""
    if faults := require_chosen(fields, "account"):
        return _show_access(request, caller, id, faults)
    try:
        with caller.work() as work:
            access.assign_case(work, id, first(fields, "account"))
    except Refused as error:
        return _show_access(request, caller, id, faults_of(error, "account"))
    return RedirectResponse(f"/cases/{id}/access", 303)


@router.post("/cases/{id}/access/end")
def end_access(
    request: Request, id: RecordId, fields: Posted, caller: Caller = opens("cases.assign")
) -> Response:
    """End a colleague's access; ending it again changes nothing."""
    try:
        with caller.work() as work:
            access.end_access(work, id, first(fields, "account"))
    except Refused as error:
        if error.faults[0].code != "S158":
            raise
    return RedirectResponse(f"/cases/{id}/access", 303)


def _show_access(request: Request, caller: Caller, id: str, faults: tuple[FieldFault, ...] = ()) -> Response:
    with caller.work() as work:
        rows = list(access.list_access(work, id))
        case = cases.find_case(work, id, "cases.assign")
        reach = work.permissions.permissions["cases.read"].reach
        colleagues = work.session.scalars(select_colleagues(work, sorted(reach), case.site_id)).all()
        people = [row.account_id for row in rows] + [row.granted_by for row in rows]
        names = dict(names_of(work, [*people, *(one.id for one in colleagues)]))
        has = {row.account_id for row in rows if row.ended_at is None}
    return page(
        request,
        "desk/cases/access.html",
        status_code=422 if faults else 200,
        case=case,
        rows=rows,
        names=names,
        colleagues=[one.id for one in colleagues if one.id not in has],
        faults=faults,
    )


# Where the person worked


@router.get("/cases/{id}/workplaces")
def show_workplaces(request: Request, id: RecordId, caller: Caller = opens("cases.update")) -> Response:
    """The workplaces of the case by code, and the form that adds one."""
    return _show_workplaces(request, caller, id, {}, ())


@router.post("/cases/{id}/workplaces")
def change_workplaces(
    request: Request, id: RecordId, fields: Posted, caller: Caller = opens("cases.update")
) -> Response:
    """Link the case with a workplace, known by its code or by name and number."""
    try:
        with caller.work() as work:
            found = _find_workplace(work, fields)
            if isinstance(found, str):
                workplaces.link_workplace(work, id, found)
    except Refused as error:
        shown = faults_of(error, "name", "register_number", "code")
        return _show_workplaces(request, caller, id, fields, shown)
    if not isinstance(found, str):
        return _show_workplaces(request, caller, id, fields, found)
    return RedirectResponse(f"/cases/{id}/workplaces", 303)


@router.post("/cases/{id}/workplaces/end")
def end_workplace(
    request: Request, id: RecordId, fields: Posted, caller: Caller = opens("cases.update")
) -> Response:
    """End the link with a workplace."""
    with caller.work() as work:
        workplaces.unlink_workplace(work, id, first(fields, "workplace"))
    return RedirectResponse(f"/cases/{id}/workplaces", 303)


def _find_workplace(work: Work, fields: Fields) -> str | tuple[FieldFault, ...]:
    """The id of the workplace that a form names, or what is wrong with the form."""
    code = normalise_digits(first(fields, "code")).upper()
    if code:
        row = work.session.scalars(select(Workplace).where(Workplace.code == code)).first()
        return (FieldFault("code", "code", fault("S150", field="code")),) if row is None else row.id
    faults = (
        *require_chosen(fields, "kind"),
        *require_short(fields, name=LONGEST_LINE, register_number=LONGEST_LINE),
    )
    if faults:
        return faults
    kind = first(fields, "kind")
    if kind not in WORKPLACE_KINDS:
        return (FieldFault("kind", "kind", fault("A071", field="kind")),)
    found, _ = workplaces.find_or_create(
        work, kind=kind, name=written(fields, "name"), register_number=written(fields, "register_number")
    )
    return found.id


def _show_workplaces(
    request: Request, caller: Caller, id: str, fields: Fields, faults: tuple[FieldFault, ...]
) -> Response:
    with caller.work() as work:
        rows = list(workplaces.workplaces_of(work, id))
        case = cases.find_case(work, id, "cases.update")
        read = [workplaces.read_workplace(work, row.id) for row in rows]
    return page(
        request,
        "desk/cases/workplaces.html",
        status_code=422 if faults else 200,
        case=case,
        rows=read,
        kinds=WORKPLACE_KINDS,
        fields=fields,
        faults=faults,
    )


# The stage of the mechanism


@router.get("/cases/{id}/stages")
def show_stages(request: Request, id: RecordId, caller: Caller = opens("referrals.read")) -> Response:
    """The stages of the mechanism, and those that the case was in."""
    return _show_stages(request, caller, id)


@router.post("/cases/{id}/stages")
def change_stage(
    request: Request, id: RecordId, fields: Posted, caller: Caller = opens("stages.write")
) -> Response:
    """Move the case to a stage, forwards or back."""
    if faults := require_chosen(fields, "stage"):
        return _show_stages(request, caller, id, faults)
    try:
        with caller.work() as work:
            enter_stage(work, id, first(fields, "stage"), mechanism_of(request))
    except Refused as error:
        return _show_stages(request, caller, id, faults_of(error, "stage"))
    return RedirectResponse(f"/cases/{id}/stages", 303)


def _show_stages(request: Request, caller: Caller, id: str, faults: tuple[FieldFault, ...] = ()) -> Response:
    mechanism = mechanism_of(request)
    with caller.work() as work:
        items = read_stages(work, id, mechanism)
        case = cases.find_case(work, id, "referrals.read")
        may = may_of(work, case)
        names = dict(names_of(work, [one.by for one in items]))
        overdue = {one.entered_at for one in items if one.overdue(work.now)}
    return page(
        request,
        "desk/cases/stages.html",
        status_code=422 if faults else 200,
        case=case,
        mechanism=mechanism,
        items=items,
        current=next((one.stage.id for one in items if one.left_at is None), None),
        overdue=overdue,
        names=names,
        may=may,
        faults=faults,
    )
