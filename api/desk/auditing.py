"""For auditors: who did what, the head to keep, whether the chain is whole, and emergency access."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from sqlalchemy import select
from starlette.responses import RedirectResponse, Response

from api.access import Caller
from api.bodies.reading import RecordId
from api.desk.filling import looking, require_filled, status_of
from api.desk.forms import LONGEST_NOTE, faults_of, require_chosen, require_short, written
from api.desk.people import names_of
from api.desk.viewing import Posted, first, opens
from api.pages.digits import normalise_digits
from api.pages.fields import FieldFault, Fields
from api.pages.rendering import page
from api.paging import Pages, write_cursor
from api.problems import RequestRefused
from api.routes.audit import export_head, verify_for
from indicators.dates import read_day
from indicators.errors import fault
from screening.audit.actions import audit_actions
from screening.audit.heads import SignedHead, find_head, read_head
from screening.cases import break_glass
from screening.cases.cases import id_of_number
from screening.cases.words import words_of
from screening.clock import ASIA_KUWAIT
from screening.people.access import SYSTEM
from screening.people.accounts import find_by_name
from screening.refusals import Refused
from screening.storage.slices import Slice, take
from screening.storage.tables.audit import AuditEntry
from screening.storage.tables.cases import Case
from screening.storage.tables.people import Account
from screening.work import Work

router = APIRouter(include_in_schema=False)

_FORM: Final = "%Y-%m-%dT%H:%M:%S.%fZ"
_ASKED: Final = ("actor", "case", "action", "from", "to")


@router.get("/audit")
def show_entries(
    request: Request,
    pages: Pages,
    caller: Caller = opens("audit.read"),
) -> Response:
    """Entries, newest first, filtered by who, which case, what and when. Reading them is itself an entry."""
    asked = {name: [request.query_params.get(name, "").strip()] for name in _ASKED}
    with caller.work() as work:
        conditions, faults = _conditions(work, asked)
        found: Slice[AuditEntry] = Slice((), None)
        if not faults:
            found = take(work.session, select(AuditEntry).where(*conditions), pages, [AuditEntry.seq])
            filters = {name: values[0] for name, values in asked.items() if values[0]}
            work.record("audit.read", "audit", "entries", count=len(found.items), filters=filters)
        entries = found.items
        names = names_of(work, [one.actor for one in entries])
        numbers = _numbers_of(work, (one.case_id for one in entries))
    return page(
        request,
        "desk/auditing/entries.html",
        status_code=status_of(faults),
        rows=[
            (one, _moment(one.at), json.dumps(one.detail, ensure_ascii=False, indent=1) if one.detail else "")
            for one in entries
        ],
        names=names,
        numbers=numbers,
        actions=audit_actions(),
        asked=asked,
        filtered=any(values[0] for values in asked.values()),
        faults=faults,
        following=write_cursor(found.following),
        query=urlencode({name: values[0] for name, values in asked.items() if values[0]}),
    )


@router.get("/audit/head")
def show_head(request: Request, caller: Caller = opens("audit.read")) -> Response:
    """What the head is, why it is kept elsewhere, and where to get it."""
    with looking(caller) as work:
        head = find_head(work.session)
    return page(
        request,
        "desk/auditing/head.html",
        head=head,
        at=None if head is None else _moment(head.at),
    )


@router.post("/audit/head")
def download_head(caller: Caller = opens("audit.read")) -> Response:
    """The head as a file, signed by this installation."""
    signed = export_head(caller)
    name = f"audit-head-{signed.head.seq}.json"
    return Response(
        json.dumps(signed.to_data(), indent=2) + "\n",
        media_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )


@router.get("/audit/verify")
def ask_to_verify(request: Request, caller: Caller = opens("audit.read")) -> Response:
    """The form that verifies the chain, if one has it with a head that was kept."""
    return page(request, "desk/auditing/verify.html", fields={}, faults=())


@router.post("/audit/verify")
def verify_chain(request: Request, fields: Posted, caller: Caller = opens("audit.read")) -> Response:
    """Verify the chain, and say in plain words what came of it."""
    typed = written(fields, "head")
    kept: SignedHead | None = None
    try:
        kept = None if typed is None else read_head(typed, "head")
        found = verify_for(caller, kept)
    except (Refused, RequestRefused) as error:
        shown = tuple(FieldFault("head", "head", one) for one in error.faults)
        return page(request, "desk/auditing/verify.html", status_code=422, fields=fields, faults=shown)
    return page(request, "desk/auditing/verified.html", found=found, kept=kept)


@router.get("/audit/emergencies")
def show_emergencies(
    request: Request,
    pages: Pages,
    caller: Caller = opens("break_glass.review"),
    state: Literal["", "waiting", "reviewed"] = "",
    done: str = "",
) -> Response:
    """Who opened which case in an emergency, and why; newest first."""
    return _show_emergencies(request, caller, pages, state, done=done == "yes")


@router.get("/audit/emergencies/{id}")
def show_emergency_access(
    request: Request, id: RecordId, caller: Caller = opens("break_glass.review")
) -> Response:
    """One emergency access, and the form that says whether it was needed."""
    return _show_review(request, caller, id, {})


@router.post("/audit/emergencies/{id}")
def review_emergency(
    request: Request, id: RecordId, fields: Posted, caller: Caller = opens("break_glass.review")
) -> Response:
    """Say whether it was needed; nobody reviews their own."""
    faults = (*require_chosen(fields, "review"), *require_short(fields, note=LONGEST_NOTE))
    if first(fields, "review") == "not_justified":
        faults = (*faults, *require_filled(fields, "note"))
    if faults:
        return _show_review(request, caller, id, fields, faults)
    try:
        with caller.work() as work:
            break_glass.review_break_glass(
                work, id, review=first(fields, "review"), note=written(fields, "note")
            )
    except Refused as error:
        return _show_review(request, caller, id, fields, faults_of(error, "review", "note"))
    return RedirectResponse("/audit/emergencies?done=yes", 303)


def _conditions(work: Work, asked: Mapping[str, list[str]]) -> tuple[list[Any], tuple[FieldFault, ...]]:
    """The conditions of a filter, and what cannot be understood of it."""
    found: list[Any] = []
    faults: list[FieldFault] = []

    def miss(field: str, code: str) -> None:
        faults.append(FieldFault(field, field, fault(code, field=field, value=asked[field][0][:80])))

    if actor := asked["actor"][0]:
        known = find_by_name(work, actor)
        id = known.id if known is not None else actor
        if known is None and id != SYSTEM.account_id and work.session.get(Account, id) is None:
            miss("actor", "A093")
        found.append(AuditEntry.actor == id)
    if asked["case"][0].strip():
        case_id = id_of_number(work, asked["case"][0])
        if case_id is None:
            case_id = asked["case"][0].lower()
            if work.session.get(Case, case_id) is None:
                miss("case", "A093")
        found.append(AuditEntry.case_id == case_id)
    if action := asked["action"][0]:
        if action not in audit_actions():
            miss("action", "A093")
        found.append(AuditEntry.action == action)
    for name, days in (("from", 0), ("to", 1)):
        if typed := normalise_digits(asked[name][0]):
            day = read_day(typed)
            if day is None or not date(2000, 1, 1) <= day <= date(2200, 1, 1):
                miss(name, "A094")
                continue
            begin = datetime.combine(day + timedelta(days=days), time(), ASIA_KUWAIT)
            moment = begin.astimezone(UTC).strftime(_FORM)
            found.append(AuditEntry.at < moment if days else AuditEntry.at >= moment)
    return found, tuple(faults)


def _numbers_of(work: Work, cases: Iterable[str | None]) -> dict[str, str]:
    wanted = sorted({one for one in cases if one is not None})
    rows = work.session.execute(select(Case.id, Case.number).where(Case.id.in_(wanted)))
    return {row[0]: row[1] for row in rows}


def _moment(at: str) -> datetime | None:
    """When an entry was written; None for what no entry of ours has."""
    try:
        return datetime.strptime(at, _FORM).replace(tzinfo=UTC)
    except ValueError:
        return None


def _show_emergencies(request: Request, caller: Caller, pages: Pages, state: str, done: bool) -> Response:
    reviewed = {"waiting": False, "reviewed": True}.get(state)
    with caller.work() as work:
        found = break_glass.list_break_glass(work, pages, reviewed=reviewed)
        names = names_of(work, [one.row.account_id for one in found.items])
    return page(
        request,
        "desk/auditing/emergencies.html",
        rows=found.items,
        names=names,
        reviews=words_of("break_glass_reviews"),
        state=state,
        following=write_cursor(found.following),
        done=done,
    )


def _show_review(
    request: Request, caller: Caller, id: str, fields: Fields, faults: tuple[FieldFault, ...] = ()
) -> Response:
    with caller.work() as work:
        one = break_glass.read_break_glass(work, id)
        names = names_of(work, [one.row.account_id, one.row.reviewed_by])
    return page(
        request,
        "desk/auditing/emergency.html",
        status_code=status_of(faults),
        one=one,
        names=names,
        reviews=words_of("break_glass_reviews"),
        own=one.row.account_id == caller.actor.account_id,
        fields=fields,
        faults=faults,
    )
