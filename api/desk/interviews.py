"""Interviews: the list, where each one is gone on from, its contradictions, and what was open before."""

from __future__ import annotations

from typing import Final, Literal, get_args

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.access import Caller
from api.desk.interview_sheets import beyond, live_of, open_sheet
from api.desk.people import names_of, sites_by_id
from api.desk.viewing import opens
from api.pages.rendering import page
from api.paging import read_cursor, write_cursor
from indicators.models import Text
from screening.cases.cases import find_by_number
from screening.sittings.following import read_contradictions, read_last_time
from screening.sittings.handing_over import list_hand_overs
from screening.sittings.interviews import InterviewFilters, list_interviews
from screening.sittings.models import InterviewShown
from screening.sittings.showing import show_interview
from screening.sittings.words import sitting_words
from screening.storage.slices import Asked

router = APIRouter(include_in_schema=False)

_A_PAGE: Final = 20
Status = Literal["open", "paused", "finished", "abandoned"]


@router.get("/interviews")
def show_interviews(
    request: Request,
    status: str | None = None,
    whose: str | None = None,
    number: str | None = None,
    cursor: str | None = None,
    caller: Caller = opens("cases.read"),
) -> Response:
    """The interviews within reach, newest first: the own ones unless all are asked for."""
    chosen = status if status in get_args(Status) else None
    mine = whose != "all"
    with caller.work() as work:
        case = find_by_number(work, number or "", "cases.read")
        filters = InterviewFilters(
            status=chosen,
            held_by=caller.actor.account_id if mine else None,
            case_id=None if case is None else case.id,
        )
        nothing = bool(number and number.strip()) and case is None
        following = None
        found: list[InterviewShown] = []
        if not nothing:
            taken = list_interviews(work, Asked(_A_PAGE, read_cursor(cursor)), filters)
            found = [show_interview(work, *pair) for pair in taken.items]
            following = write_cursor(taken.following)
        names = names_of(work, (one.held_by for one in found))
        places = {one.site for one in found}
        sites = {
            id: Text(en=site.name_en, ar=site.name_ar)
            for id, site in sites_by_id(work).items()
            if len(places) > 1 and id in places
        }
    return page(
        request,
        "desk/interviews/list.html",
        interviews=found,
        names=names,
        sites=sites,
        titles=_titles(caller),
        statuses=[(word.id, word.label) for word in sitting_words()["interview_statuses"].values()],
        filters={
            "status": [chosen or ""],
            "whose": ["mine" if mine else "all"],
            "number": [(number or "").strip()],
        },
        filtered=bool(chosen or not mine or (number or "").strip()),
        following=following,
        first=cursor is None,
        may_begin=may_write(caller),
    )


@router.get("/interviews/{interview}")
def show_home(request: Request, interview: str, caller: Caller = opens("cases.read")) -> Response:
    """Where an interview is gone on from: what cannot wait, the sections, and what to do next."""
    sheet = open_sheet(request, caller, interview, live=True)
    with caller.work() as work:
        passed = list_hand_overs(work, interview)
        names = names_of(
            work, (one for each in passed for one in (each.from_account, each.to_account, each.by))
        )
    return page(
        request,
        "desk/interviews/home.html",
        sheet=sheet,
        live=live_of(sheet),
        going_on=sheet.where_we_were(),
        beyond=beyond(sheet),
        hand_overs=passed,
        people={**sheet.names, **names},
        may_write=may_write(caller),
        reasons=sitting_words(),
    )


@router.get("/interviews/{interview}/contradictions")
def show_contradictions(request: Request, interview: str, caller: Caller = opens("cases.read")) -> Response:
    """What does not fit together, side by side; no side is taken."""
    sheet = open_sheet(request, caller, interview)
    found = read_contradictions(caller.service, caller.actor, interview, request_id=caller.request_id)
    with caller.work(writes=False) as work:
        names = names_of(work, (one for each in found.between for one in (each.before.by, each.after.by)))
    return page(
        request,
        "desk/interviews/contradictions.html",
        sheet=sheet,
        found=found,
        people={**sheet.names, **names},
    )


@router.get("/interviews/{interview}/last-time")
def show_last_time(request: Request, interview: str, caller: Caller = opens("cases.read")) -> Response:
    """What the interview before left open."""
    sheet = open_sheet(request, caller, interview)
    found = read_last_time(caller.service, caller.actor, interview, request_id=caller.request_id)
    return page(request, "desk/interviews/last_time.html", sheet=sheet, found=found)


def may_write(caller: Caller) -> bool:
    """Whether somebody's roles let him hold interviews; which ones is decided where one is changed."""
    return caller.service.permissions.allowed(caller.actor, "interviews.write").anywhere


def _titles(caller: Caller) -> dict[str, Text]:
    catalogue = caller.service.engines.catalogue()
    return {name: one.title for name, one in catalogue.instruments.items()}
