"""Referrals: what is recommended, asking the person, writing it down, and what happened to it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Annotated, Final

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import RedirectResponse, Response

from api.access import Caller
from api.bodies.reading import RecordId
from api.desk.case_views import may_of
from api.desk.forms import (
    LONGEST_NOTE,
    faults_of,
    read_version,
    require_chosen,
    require_short,
    require_written,
    written,
)
from api.desk.people import names_of
from api.desk.viewing import Posted, first, opens
from api.pages.digits import normalise_digits
from api.pages.fields import FieldFault, Fields
from api.pages.rendering import page
from api.paging import Pages, write_cursor
from api.papers import PaperLanguage, languages_of, paper
from api.problems import refuse
from api.referral_words import ReferralWords, guidance_of
from api.routes.shared import rules_in_force
from indicators.errors import fault
from screening.cases import consents
from screening.cases.notes import NoteWarning, describe_warnings, warn_about
from screening.cases.words import words_of
from screening.clock import ASIA_KUWAIT
from screening.papers.printing import print_pdf
from screening.papers.referral_forms import prepare_form
from screening.referrals.proposals import rules_of_case
from screening.referrals.referrals import (
    SHAREABLE,
    NewReferral,
    happen,
    list_referrals,
    read_referral,
    write_referral,
)
from screening.referrals.ways import Way, duty_sources, find_way, see_proposals
from screening.refusals import Refused
from screening.sittings.reaching import find_case
from screening.storage.types import new_id

router = APIRouter(include_in_schema=False)

WordInPath = Annotated[str, Path(pattern=r"^[a-z0-9_]{1,64}$")]
StatusAsked = Annotated[str, Query(pattern=r"^[a-z_]{0,64}$")]
# States in which a yes is asked for here; taking back is recorded where all consents are.
_ASKED: Final = ("given", "refused")
_WAYS: Final = "/cases/{id}/ways/{route}/{service}"


@router.get("/cases/{id}/proposals")
def show_proposals(request: Request, id: RecordId, caller: Caller = opens("referrals.read")) -> Response:
    """What is recommended, most urgent first: services, what to send, to whom the person said yes."""
    guidance = guidance_of(request)
    with caller.work() as work:
        case = find_case(work, id, "referrals.read")
        seen = see_proposals(work, case, guidance)
        may = may_of(work, case)
    return page(request, "desk/referrals/proposals.html", case=case, seen=seen, may=may)


@router.get(_WAYS + "/ask")
def ask_person(
    request: Request,
    id: RecordId,
    route: WordInPath,
    service: WordInPath,
    caller: Caller = opens("consents.write"),
) -> Response:
    """What the person is told about one service, and the form for what the person says."""
    return _show_asking(request, _find_way(request, caller, id, route, service, "consents.write"))


@router.post(_WAYS + "/ask")
def record_answer(
    request: Request,
    id: RecordId,
    route: WordInPath,
    service: WordInPath,
    fields: Posted,
    caller: Caller = opens("consents.write"),
) -> Response:
    """Record what the person said to this one service, and go on to the referral after a yes."""
    faults = (*require_chosen(fields, "state", "how"), *require_short(fields, note=LONGEST_NOTE))
    if first(fields, "state") not in (*_ASKED, ""):
        faults = (*faults, FieldFault("state", "state", fault("A071", field="state")))
    if faults:
        way = _find_way(request, caller, id, route, service, "consents.write")
        return _show_asking(request, way, fields, faults)
    try:
        with caller.work() as work:
            consents.record_consent(
                work,
                id,
                purpose="referral",
                recipient=service,
                state=first(fields, "state"),
                how=first(fields, "how"),
                services=rules_in_force(caller.service.engines).services,
                limits_explained=first(fields, "limits") == "yes",
                note=written(fields, "note"),
            )
    except Refused as error:
        way = _find_way(request, caller, id, route, service, "consents.write")
        return _show_asking(request, way, fields, faults_of(error, "state", "how", "note"))
    if first(fields, "state") == "given":
        return RedirectResponse(f"/cases/{id}/ways/{route}/{service}/write", 303)
    return RedirectResponse(f"/cases/{id}/proposals", 303)


@router.get(_WAYS + "/write")
def ask_for_referral(
    request: Request,
    id: RecordId,
    route: WordInPath,
    service: WordInPath,
    caller: Caller = opens("referrals.write"),
) -> Response:
    """The form of a new referral; without a yes, what may stand in for it or how to ask for it."""
    way = _find_way(request, caller, id, route, service, "referrals.write")
    return _show_writing(request, way, {"client_key": [new_id()]})


@router.post(_WAYS + "/write")
def write_it(
    request: Request,
    id: RecordId,
    route: WordInPath,
    service: WordInPath,
    fields: Posted,
    caller: Caller = opens("referrals.write"),
) -> Response:
    """Write the referral; a text that could be turned against the person is shown once more before."""
    way = _find_way(request, caller, id, route, service, "referrals.write")
    message, because = written(fields, "message"), written(fields, "because")
    faults = (
        *require_short(fields, message=LONGEST_NOTE, because=LONGEST_NOTE),
        *(() if way.proposal is not None else require_written(fields, "because")),
    )
    if faults:
        return _show_writing(request, way, fields, faults)
    warnings = describe_warnings(warn_about(message, because))
    if warnings and first(fields, "warned") != "yes":
        return _show_writing(request, way, fields, (), tuple(warnings))
    named = first(fields, "exception") or None
    exception = next((one for one in way.exceptions if one.id == named), None)
    try:
        with caller.work() as work:
            seen = write_referral(
                work,
                NewReferral(
                    case_id=id,
                    route=route,
                    service=service,
                    message=message,
                    share=tuple(fields.get("share", ())),
                    exception=named,
                    # Whoever names an exception states of it what no assessment shows.
                    stated=()
                    if exception is None
                    else tuple(one for one in exception.facts if one not in way.known_facts),
                    explained=first(fields, "explained") == "yes",
                    because=because,
                    client_key=first(fields, "client_key") or None,
                ),
                guidance_of(request),
            )
    except Refused as error:
        beside = faults_of(error, "message", "because", "share", "exception", service="exception")
        return _show_writing(request, way, fields, beside)
    return RedirectResponse(f"/referrals/{seen.referral.id}?written=yes", 303)


@router.get("/referrals")
def show_referrals(
    request: Request, pages: Pages, status: StatusAsked = "", caller: Caller = opens("referrals.read")
) -> Response:
    """The referrals within reach, newest first."""
    guidance = guidance_of(request)
    words, rules = ReferralWords(guidance), rules_in_force(guidance.engines)
    with caller.work() as work:
        found = list_referrals(work, pages, status=status or None)
        rows = [words.show_row(row, rules, work.now) for row in found.items]
    return page(
        request,
        "desk/referrals/list.html",
        rows=rows,
        statuses=guidance.book.statuses,
        status=status,
        following=write_cursor(found.following),
        first_page=pages.after is None,
    )


@router.get("/referrals/{id}")
def show_referral(request: Request, id: RecordId, caller: Caller = opens("referrals.read")) -> Response:
    """One referral: what goes along, what happened, and what can happen next."""
    guidance = guidance_of(request)
    with caller.work() as work:
        seen = read_referral(work, id, guidance.book)
        shown = ReferralWords(guidance).show(seen, rules_of_case(work, seen.case, guidance.engines), work.now)
        names = dict(names_of(work, [shown.created_by, *(step.by for step in shown.events)]))
        may = may_of(work, seen.case)
    steps = [step for step in shown.next_steps if step.id != "printed"]
    return page(
        request,
        "desk/referrals/referral.html",
        referral=shown,
        steps=steps,
        printable="referrals.write" in may and len(steps) != len(shown.next_steps),
        names=names,
        written_now=request.query_params.get("written") == "yes",
    )


@router.get("/referrals/{id}/steps/{step}")
def ask_for_step(
    request: Request, id: RecordId, step: WordInPath, caller: Caller = opens("referrals.read")
) -> Response:
    """The form for something that happened to a referral."""
    return _show_step(request, caller, id, step)


@router.post("/referrals/{id}/steps/{step}")
def record_step(
    request: Request,
    id: RecordId,
    step: WordInPath,
    fields: Posted,
    caller: Caller = opens("referrals.read"),
) -> Response:
    """Record that it happened."""
    guidance = guidance_of(request)
    event = next((one for one in guidance.book.events if one.id == step), None)
    if event is None:
        raise refuse("S022")
    faults = (
        *(require_chosen(fields, "how") if event.how else ()),
        *(require_chosen(fields, "reason") if event.reasons else ()),
        *require_short(fields, note=LONGEST_NOTE),
    )
    due_at, wrong = _read_due(fields)
    if faults or wrong:
        return _show_step(request, caller, id, step, fields, (*faults, *wrong))
    try:
        with caller.work() as work:
            happen(
                work,
                id,
                step,
                guidance,
                seen=read_version(fields),
                reason=first(fields, "reason") or None,
                how=first(fields, "how") or None,
                note=written(fields, "note"),
                due_at=due_at,
            )
    except Refused as error:
        beside = faults_of(error, "note", "reason", "how", "due", due_at="due")
        return _show_step(request, caller, id, step, fields, beside)
    return RedirectResponse(f"/referrals/{id}", 303)


@router.get("/referrals/{id}/form")
def print_form(
    request: Request, id: RecordId, lang: PaperLanguage, caller: Caller = opens("referrals.write")
) -> Response:
    """The form to print and sign; that it was printed is written into the referral's steps."""
    with caller.work() as work:
        found = prepare_form(work, id, languages_of(lang), guidance_of(request))
    return paper(print_pdf("referral_form.typ", found), f"referral-{lang}.pdf")


def _find_way(request: Request, caller: Caller, id: str, route: str, service: str, permission: str) -> Way:
    with caller.work() as work:
        case = find_case(work, id, permission)
        found = find_way(work, case, route, service, guidance_of(request))
        work.record("proposal.read", "case", case.id, case_id=case.id, site_id=case.site_id, count=1)
        return found


def _show_asking(
    request: Request, way: Way, fields: Fields | None = None, faults: tuple[FieldFault, ...] = ()
) -> Response:
    states = words_of("consent_states")
    return page(
        request,
        "desk/referrals/ask.html",
        status_code=422 if faults else 200,
        way=way,
        duty=guidance_of(request).duty,
        duty_sources=duty_sources(guidance_of(request)),
        states=[states[name] for name in _ASKED if name in states],
        ways=words_of("consent_ways").values(),
        fields=fields or {},
        faults=faults,
    )


def _show_writing(
    request: Request,
    way: Way,
    fields: Fields,
    faults: tuple[FieldFault, ...] = (),
    warnings: tuple[NoteWarning, ...] = (),
) -> Response:
    return page(
        request,
        "desk/referrals/write.html",
        status_code=422 if faults or warnings else 200,
        way=way,
        shareable=list(SHAREABLE),
        warnings=warnings,
        fields=fields,
        faults=faults,
    )


def _show_step(
    request: Request,
    caller: Caller,
    id: str,
    step: str,
    fields: Fields | None = None,
    faults: tuple[FieldFault, ...] = (),
) -> Response:
    guidance = guidance_of(request)
    with caller.work() as work:
        seen = read_referral(work, id, guidance.book)
        shown = ReferralWords(guidance).show(seen, rules_of_case(work, seen.case, guidance.engines), work.now)
    found = next((one for one in shown.next_steps if one.id == step), None)
    if found is None:
        # It was possible when the page was opened: somebody else has gone on since.
        return RedirectResponse(f"/referrals/{id}", 303)
    event = guidance.book.event(step)
    return page(
        request,
        "desk/referrals/step.html",
        status_code=422 if faults else 200,
        referral=shown,
        step=found,
        expects=event.next_hours is not None,
        fields=fields or {},
        faults=faults,
    )


def _read_due(fields: Fields) -> tuple[datetime | None, tuple[FieldFault, ...]]:
    """By the end of which day the next step is expected; None for the usual time."""
    typed = normalise_digits(first(fields, "due"))
    if not typed:
        return None, ()
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return None, (FieldFault("due", "due", fault("A082", field="due")),)
    return datetime.combine(day, time(23, 59), ASIA_KUWAIT).astimezone(UTC), ()
