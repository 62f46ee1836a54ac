"""What is done to an interview as a whole: stop and go on, hand over, check, finish, end without a result."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from api.access import Caller
from api.desk.forms import LONGEST_NOTE, faults_of, read_version, require_chosen, require_short, written
from api.desk.interview_sheets import beyond, live_of, open_sheet
from api.desk.people import names_of
from api.desk.viewing import Posted, first, opens
from api.pages.fields import FieldFault, Fields
from api.pages.rendering import page
from screening.people.accounts import select_colleagues
from screening.refusals import Refused
from screening.sittings import finishing, interviews
from screening.sittings.handing_over import hand_over
from screening.sittings.words import sitting_words

router = APIRouter(include_in_schema=False)

# How long a rest lasts, as offered; without one of them it is open.
RESTS: Final = {
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "three_days": timedelta(days=3),
    "week": timedelta(days=7),
    "month": timedelta(days=30),
}
_OTHERS_SAVED: Final = "S168"
_LOOK_AT_ENGINE: Final = "S169"
# Who may hold an interview of the desk; whether he may this one is decided when it is handed over.
_HOLDERS: Final = "interviews.write"


@router.get("/interviews/{interview}/pause")
def ask_to_pause(
    request: Request, interview: str, because: str | None = None, caller: Caller = opens("interviews.write")
) -> Response:
    """The form for stopping for now."""
    return _show_pause(request, caller, interview, {"because": [because or ""]}, ())


@router.post("/interviews/{interview}/pause")
def pause(
    request: Request, interview: str, fields: Posted, caller: Caller = opens("interviews.write")
) -> Response:
    """Stop for now; everything that was saved stays."""
    faults = require_chosen(fields, "because")
    if not faults:
        rest = RESTS.get(first(fields, "rest"))
        try:
            with caller.work() as work:
                interviews.pause_interview(
                    work,
                    interview,
                    seen=read_version(fields),
                    because=first(fields, "because"),
                    resume_after=None if rest is None else work.now + rest,
                )
            return _home(interview)
        except Refused as error:
            faults = faults_of(error, "because", "rest", resume_after="rest")
    return _show_pause(request, caller, interview, fields, faults)


@router.post("/interviews/{interview}/resume")
def resume(
    request: Request, interview: str, fields: Posted, caller: Caller = opens("interviews.write")
) -> Response:
    """Go on where it was stopped; before the rest is over only because the person asks."""
    with caller.work() as work:
        interviews.resume_interview(
            work, interview, seen=read_version(fields), early=first(fields, "early") == "yes"
        )
    sheet = open_sheet(request, caller, interview, "interviews.write")
    going_on = sheet.where_we_were()
    if going_on is None:
        return _home(interview)
    return RedirectResponse(f"/interviews/{interview}/questions/{going_on.id}", 303)


@router.get("/interviews/{interview}/hand-over")
def ask_to_hand_over(
    request: Request, interview: str, caller: Caller = opens("interviews.hand_over")
) -> Response:
    """The form for passing an interview to a colleague."""
    return _show_hand_over(request, caller, interview, {}, ())


@router.post("/interviews/{interview}/hand-over")
def pass_on(
    request: Request, interview: str, fields: Posted, caller: Caller = opens("interviews.hand_over")
) -> Response:
    """Pass an interview to a colleague, who can then open its case."""
    faults = (*require_chosen(fields, "to"), *require_short(fields, note=LONGEST_NOTE))
    if not faults:
        try:
            with caller.work() as work:
                hand_over(
                    work,
                    interview,
                    seen=read_version(fields),
                    to_account=first(fields, "to"),
                    note=written(fields, "note"),
                )
            return _home(interview)
        except Refused as error:
            faults = faults_of(error, "to", "note")
    return _show_hand_over(request, caller, interview, fields, faults)


@router.get("/interviews/{interview}/end")
def ask_to_end(request: Request, interview: str, caller: Caller = opens("interviews.write")) -> Response:
    """The form for ending an interview without a result."""
    return _show_end(request, caller, interview, {}, ())


@router.post("/interviews/{interview}/end")
def end(
    request: Request, interview: str, fields: Posted, caller: Caller = opens("interviews.write")
) -> Response:
    """End an interview in which nothing was indicated; what was told must not end in nothing."""
    faults = (*require_chosen(fields, "because"), *require_short(fields, note=LONGEST_NOTE))
    if not faults:
        indicated = finishing.is_indicated(caller.service, caller.actor, interview)
        try:
            with caller.work() as work:
                interviews.abandon_interview(
                    work,
                    interview,
                    seen=read_version(fields),
                    because=first(fields, "because"),
                    note=written(fields, "note"),
                    indicated=indicated,
                )
            return _home(interview)
        except Refused as error:
            faults = faults_of(error, "because", "note")
    return _show_end(request, caller, interview, fields, faults)


@router.get("/interviews/{interview}/check")
def check(request: Request, interview: str, caller: Caller = opens("cases.read")) -> Response:
    """Every answer by section, what was not asked, and how much is open, before it is finished."""
    return _show_check(request, caller, interview)


@router.post("/interviews/{interview}/finish")
def finish(
    request: Request, interview: str, fields: Posted, caller: Caller = opens("assessments.finish")
) -> Response:
    """Finish with the answers that were seen; if others saved meanwhile, show them first."""
    typed = first(fields, "last_seq")
    seen = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0
    try:
        found = finishing.finish_interview(
            caller.service,
            caller.actor,
            interview,
            seen_seq=seen,
            difference_seen=first(fields, "difference_seen") == "yes",
            request_id=caller.request_id,
        )
    except Refused as error:
        code = error.faults[0].code
        if code not in (_OTHERS_SAVED, _LOOK_AT_ENGINE):
            raise
        return _show_check(
            request,
            caller,
            interview,
            since=seen if code == _OTHERS_SAVED else None,
            differs=code == _LOOK_AT_ENGINE,
        )
    return RedirectResponse(f"/assessments/{found.id}", 303)


def _show_check(
    request: Request, caller: Caller, interview: str, *, since: int | None = None, differs: bool = False
) -> Response:
    sheet = open_sheet(request, caller, interview, live=True)
    live = live_of(sheet)
    newer = (
        ()
        if since is None
        else tuple(item for item in sheet.items.values() if item.shown is not None and item.shown.seq > since)
    )
    allowed = caller.service.permissions.allowed(caller.actor, "assessments.finish").anywhere
    return page(
        request,
        "desk/interviews/check.html",
        status_code=409 if since is not None or differs else 200,
        sheet=sheet,
        live=live,
        beyond=beyond(sheet),
        since=since,
        newer=newer,
        differs=differs,
        may_finish=allowed and sheet.interview.status in ("open", "paused"),
    )


def _show_pause(
    request: Request, caller: Caller, interview: str, fields: Fields, faults: tuple[FieldFault, ...]
) -> Response:
    return _show_step(request, caller, interview, "pause", fields, faults, reasons=_words("pause_reasons"))


def _show_end(
    request: Request, caller: Caller, interview: str, fields: Fields, faults: tuple[FieldFault, ...]
) -> Response:
    return _show_step(request, caller, interview, "end", fields, faults, reasons=_words("abandon_reasons"))


def _show_hand_over(
    request: Request, caller: Caller, interview: str, fields: Fields, faults: tuple[FieldFault, ...]
) -> Response:
    holders = sorted(caller.service.permissions.permissions[_HOLDERS].reach)
    with caller.work(writes=False) as work:
        found = work.session.scalars(select_colleagues(work, [one for one in holders if one != "service"]))
        names = names_of(work, [account.id for account in found])
    colleagues = sorted(names.items(), key=lambda pair: pair[1])
    return _show_step(request, caller, interview, "hand_over", fields, faults, colleagues=colleagues)


def _show_step(
    request: Request,
    caller: Caller,
    interview: str,
    step: str,
    fields: Fields,
    faults: tuple[FieldFault, ...],
    **more: Any,
) -> Response:
    sheet = open_sheet(request, caller, interview, "interviews.write")
    return page(
        request,
        f"desk/interviews/{step}.html",
        status_code=422 if faults else 200,
        sheet=sheet,
        fields={name: list(values) for name, values in fields.items()},
        faults=faults,
        **more,
    )


def _words(name: str) -> list[tuple[str, Any]]:
    return [(word.id, word.label) for word in sitting_words()[name].values()]


def _home(interview: str) -> Response:
    return RedirectResponse(f"/interviews/{interview}", 303)
