"""A draft on its way into force: approval asked for, given by a second person or refused, and publication."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from api.access import Caller
from api.bodies.reading import RecordId
from api.desk.filling import looking, require_filled, require_sure
from api.desk.forms import LONGEST_NOTE, read_version, require_short, written
from api.desk.rule_pages_drafts import judgement_of, show_draft_page, workshop_of
from api.desk.viewing import Posted, first, opens
from api.pages.digits import normalise_digits
from api.pages.fields import FieldFault, Fields
from api.routes.shared import settings_of
from rules.program import Program
from screening.clock import day_in_kuwait
from screening.drafting import publishing
from screening.drafting.drafts import Draft, read_draft
from screening.refusals import Refused, refused

router = APIRouter(include_in_schema=False)


@router.post("/rules/drafts/{id}/ask")
def ask_for_approval(
    request: Request, id: RecordId, fields: Posted, caller: Caller = opens("rules.draft")
) -> Response:
    """Ask a second person to approve a draft, with the day from which it is to be in force."""

    def ask(draft: Draft) -> None:
        day = _day(first(fields, "in_force_from"))
        if day is None:
            raise refused("S219", field="in_force_from")
        program = _publishable(request, caller, draft)
        with caller.work() as work:
            publishing.ask_for_approval(
                work, id, program, seen=read_version(fields), in_force_from=day, today=_today(caller)
            )

    return _go_on(request, caller, id, fields, ask)


@router.post("/rules/drafts/{id}/withdraw")
def withdraw_draft(
    request: Request, id: RecordId, fields: Posted, caller: Caller = opens("rules.draft")
) -> Response:
    """Take a draft back to being written."""

    def withdraw(_draft: Draft) -> None:
        with caller.work() as work:
            publishing.withdraw(work, id, seen=read_version(fields))

    return _go_on(request, caller, id, fields, withdraw)


@router.post("/rules/drafts/{id}/approve")
def approve_draft(
    request: Request, id: RecordId, fields: Posted, caller: Caller = opens("rules.approve")
) -> Response:
    """Approve a draft, as another person than those who wrote it."""
    faults = require_sure(fields, "A096")

    def approve(_draft: Draft) -> None:
        with caller.work() as work:
            publishing.approve(work, id, seen=read_version(fields))

    return _go_on(request, caller, id, fields, approve, faults=faults)


@router.post("/rules/drafts/{id}/send-back")
def send_draft_back(
    request: Request, id: RecordId, fields: Posted, caller: Caller = opens("rules.approve")
) -> Response:
    """Send a draft back with a reason."""
    faults = (*require_filled(fields, "reason"), *require_short(fields, reason=LONGEST_NOTE))

    def send_back(_draft: Draft) -> None:
        with caller.work() as work:
            publishing.send_back(work, id, written(fields, "reason") or "", seen=read_version(fields))

    return _go_on(request, caller, id, fields, send_back, faults=faults)


@router.post("/rules/drafts/{id}/publish")
def publish_one_draft(
    request: Request, id: RecordId, fields: Posted, caller: Caller = opens("rules.draft")
) -> Response:
    """Publish an approved draft; interviews are read by it from its day on."""
    folder = settings_of(request).revisions_folder
    faults = require_sure(fields)

    def publish(draft: Draft) -> None:
        program = _publishable(request, caller, draft)
        with caller.work() as work:
            publishing.publish_draft(
                work, id, program, folder, seen=read_version(fields), today=_today(caller)
            )

    return _go_on(request, caller, id, fields, publish, faults=faults)


def _go_on(
    request: Request,
    caller: Caller,
    id: str,
    fields: Fields,
    step: Callable[[Draft], None],
    *,
    faults: tuple[FieldFault, ...] = (),
) -> Response:
    """Take a step and show the draft; what stands in the way is said on its page."""
    with looking(caller) as work:
        draft = read_draft(work, id)
    if not faults:
        try:
            step(draft)
        except Refused as error:
            if error.faults[0].code in ("S220", "S121"):
                raise
            faults = tuple(FieldFault(one.field or "steps", "steps", one) for one in error.faults)
    if faults:
        return show_draft_page(request, caller, id, fields, faults)
    return RedirectResponse(f"/rules/drafts/{id}", 303)


def _publishable(request: Request, caller: Caller, draft: Draft) -> Program:
    """The program of a draft, if nothing stands in the way of its publication; worked out in seconds."""
    judged, failed = judgement_of(request, caller, draft)
    if judged is None:
        raise Refused([] if failed is None else [failed.fault])
    program = workshop_of(request).compile(draft.texts, draft.rule_set)
    return publishing.require_publishable(judged, program, draft.texts)


def _today(caller: Caller) -> date:
    return day_in_kuwait(caller.service.clock())


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(normalise_digits(typed))
    except ValueError:
        return None
