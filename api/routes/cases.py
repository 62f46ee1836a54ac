"""Cases: opened, read, closed by people; who may open them, whose they are, what the person agreed to."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse

from api.access import Caller, requires
from api.bodies.cases import (
    AccessShown,
    CaseChange,
    CaseRead,
    CaseShown,
    ConsentShown,
    ConsentsShown,
    ConsentWordsShown,
    EmergencyReason,
    IdentityChange,
    IdentityShown,
    MatchesShown,
    NewCase,
    NewCaseWorkplace,
    NewConsent,
    NewLink,
    WordShown,
    show_access,
    show_case,
    show_consent,
    show_exception,
    show_identity,
    show_read_case,
    show_words,
)
from api.bodies.privacy import EmergencyShown, show_emergency
from api.bodies.reading import RecordId, reads
from api.bodies.workplaces import WorkplaceShown, show_workplace
from api.paging import Page, Pages, page
from api.problems import problem_responses
from api.repetitions import Created, Repeatable
from api.routes.shared import EnginesHeld, rules_in_force
from api.versions import SeenVersion, answer
from screening.cases import access, break_glass, cases, consents, identities, workplaces
from screening.cases.words import case_words, words_of
from screening.storage.slices import Slice
from screening.storage.tables.cases import Case
from screening.work import Work

router = APIRouter(prefix="/api/v1", tags=["cases"])

SiteFilter = Annotated[str | None, Query(pattern=r"^[0-9a-f]{32}$")]


@router.get("/cases", summary="Cases within reach", responses=problem_responses(401, 403, 422, 503))
def list_cases(
    pages: Pages,
    caller: Caller = requires("cases.read"),
    status: Literal["open", "closed", "erased"] | None = None,
    site: SiteFilter = None,
    mine: bool = False,
) -> Page[CaseShown]:
    """List cases, newest first: an interviewer's own, a supervisor's whole site."""
    with caller.work() as work:
        return page(cases.list_cases(work, pages, status=status, site_id=site, mine=mine), show_case)


@router.post(
    "/cases",
    status_code=201,
    response_model=CaseShown,
    summary="Open a case",
    responses=problem_responses(400, 401, 403, 409, 413, 415, 422, 503),
)
def create_case(
    repetition: Repeatable, caller: Caller = requires("cases.create"), body: NewCase = reads(NewCase)
) -> JSONResponse:
    """Open a case under a number that tells nothing; whoever opened it may go on with it."""

    def create(work: Work) -> Created:
        case = cases.create_case(work, body.site, client_key=body.client_key)
        return Created(show_case(case), version=case.version, location=f"/api/v1/cases/{case.id}", case=case)

    return repetition.once(caller, create)


@router.get("/case-words", summary="The reasons to choose from", responses=problem_responses(401, 403, 503))
def list_case_words(caller: Caller = requires("cases.read")) -> dict[str, list[WordShown]]:
    """Every list of words of cases, each word in both languages."""
    return {name: show_words(list(words.values())) for name, words in case_words().items()}


@router.get(
    "/cases/{id}",
    response_model=CaseRead,
    summary="One case",
    responses=problem_responses(401, 403, 404, 422, 503),
)
def read_case(id: RecordId, caller: Caller = requires("cases.read")) -> JSONResponse:
    """Read a case and what happened to it as a whole; who the person is stands apart."""
    with caller.work() as work:
        case = cases.read_case(work, id)
        return _answer(work, case)


@router.patch(
    "/cases/{id}",
    response_model=CaseRead,
    summary="Close or reopen a case",
    responses=problem_responses(400, 401, 403, 404, 410, 412, 413, 415, 422, 428, 503),
)
def change_case(
    id: RecordId,
    seen: SeenVersion,
    caller: Caller = requires("cases.close"),
    body: CaseChange = reads(CaseChange),
) -> JSONResponse:
    """Close a case or reopen it, always by a person with a reason: no result closes a case."""
    change = cases.close_case if body.status == "closed" else cases.reopen_case
    with caller.work() as work:
        case = change(work, id, reason=body.reason, note=body.note, seen=seen)
        return _answer(work, case, body.note)


@router.get(
    "/cases/{id}/identity",
    response_model=IdentityShown,
    summary="Who the person is",
    responses=problem_responses(401, 403, 404, 410, 422, 503),
)
def read_identity(id: RecordId, caller: Caller = requires("identity.read")) -> JSONResponse:
    """Read who the person is; this look is audited apart from the case."""
    with caller.work() as work:
        found = identities.read_identity(work, id)
        return answer(show_identity(found, None), version=found.version)


@router.patch(
    "/cases/{id}/identity",
    response_model=IdentityShown,
    summary="Record who the person is",
    responses=problem_responses(400, 401, 403, 404, 410, 412, 413, 415, 422, 428, 503),
)
def change_identity(
    id: RecordId,
    seen: SeenVersion,
    caller: Caller = requires("identity.write"),
    body: IdentityChange = reads(IdentityChange),
) -> JSONResponse:
    """Change the fields that are sent; `If-Match: "0"` while nothing was recorded."""
    with caller.work() as work:
        found, matches = identities.write_identity(work, id, body.changes(), seen=seen)
        shown = show_identity(found, matches, body.notes, body.other_names, body.address)
        return answer(shown, version=found.version)


@router.get(
    "/cases/{id}/matches",
    summary="Other cases with the same document",
    responses=problem_responses(401, 403, 404, 410, 422, 503),
)
def read_matches(id: RecordId, caller: Caller = requires("cases.assign")) -> MatchesShown:
    """Find other cases with the same document number; those out of reach are only said to exist."""
    with caller.work() as work:
        found = identities.read_matches(work, id)
        return MatchesShown(matches=[show_case(case) for case in found.cases], elsewhere=found.elsewhere)


@router.post(
    "/cases/{id}/links",
    status_code=201,
    response_model=CaseRead,
    summary="Link two cases of one person",
    responses=problem_responses(400, 401, 403, 404, 409, 410, 413, 415, 422, 503),
)
def link_case(
    id: RecordId,
    repetition: Repeatable,
    caller: Caller = requires("cases.assign"),
    body: NewLink = reads(NewLink),
) -> JSONResponse:
    """Say that two cases are one person's; doing it again changes nothing."""

    def create(work: Work) -> Created:
        identities.link_cases(work, id, body.case)
        case = work.session.get_one(Case, id)
        return Created(_show(work, case), version=case.version, case=case)

    return repetition.once(caller, create)


@router.get(
    "/cases/{id}/access",
    summary="Who may open a case",
    responses=problem_responses(401, 403, 404, 422, 503),
)
def list_case_access(id: RecordId, caller: Caller = requires("cases.assign")) -> Page[AccessShown]:
    """List who may or could open a case, and why."""
    with caller.work() as work:
        return page(Slice(access.list_access(work, id), None), show_access)


@router.put(
    "/cases/{id}/access/{account}",
    summary="Give a case to a colleague",
    responses=problem_responses(401, 403, 404, 410, 422, 503),
)
def give_case_access(
    id: RecordId, account: RecordId, caller: Caller = requires("cases.assign")
) -> AccessShown:
    """Let a colleague of the same site open a case; doing it again changes nothing."""
    with caller.work() as work:
        return show_access(access.assign_case(work, id, account))


@router.delete(
    "/cases/{id}/access/{account}",
    status_code=204,
    summary="End a colleague's access",
    responses=problem_responses(401, 403, 404, 422, 503),
)
def end_case_access(id: RecordId, account: RecordId, caller: Caller = requires("cases.assign")) -> Response:
    """End an account's access to a case."""
    with caller.work() as work:
        access.end_access(work, id, account)
    return Response(status_code=204)


@router.get(
    "/cases/{id}/workplaces",
    summary="The workplaces of a case",
    responses=problem_responses(401, 403, 404, 422, 503),
)
def list_case_workplaces(id: RecordId, caller: Caller = requires("cases.read")) -> Page[WorkplaceShown]:
    """List the workplaces of a case by their codes."""
    with caller.work() as work:
        return page(Slice(workplaces.workplaces_of(work, id), None), show_workplace)


@router.post(
    "/cases/{id}/workplaces",
    status_code=201,
    response_model=WorkplaceShown,
    summary="Link a case with a workplace",
    responses=problem_responses(400, 401, 403, 404, 409, 410, 413, 415, 422, 503),
)
def link_case_workplace(
    id: RecordId,
    repetition: Repeatable,
    caller: Caller = requires("cases.update"),
    body: NewCaseWorkplace = reads(NewCaseWorkplace),
) -> JSONResponse:
    """Link a case with a workplace; doing it again changes nothing."""

    def create(work: Work) -> Created:
        row = workplaces.link_workplace(work, id, body.workplace)
        return Created(show_workplace(row), case=work.session.get_one(Case, id))

    return repetition.once(caller, create)


@router.delete(
    "/cases/{id}/workplaces/{workplace}",
    status_code=204,
    summary="End the link with a workplace",
    responses=problem_responses(401, 403, 404, 410, 422, 503),
)
def unlink_case_workplace(
    id: RecordId, workplace: RecordId, caller: Caller = requires("cases.update")
) -> Response:
    """End the link of a case with a workplace."""
    with caller.work() as work:
        workplaces.unlink_workplace(work, id, workplace)
    return Response(status_code=204)


@router.get(
    "/consent-words",
    summary="What to choose from for consent",
    responses=problem_responses(401, 403, 503),
)
def list_consent_words(caller: Caller = requires("consents.write")) -> ConsentWordsShown:
    """The purposes, answers and ways, and the exceptions of the law to be explained beforehand."""
    catalogue = caller.service.engines.catalogue()
    return ConsentWordsShown(
        purposes=show_words(list(words_of("consent_purposes").values())),
        states=show_words(list(words_of("consent_states").values())),
        ways=show_words(list(words_of("consent_ways").values())),
        exceptions=[show_exception(item, catalogue) for item in consents.consent_exceptions()],
    )


@router.get(
    "/cases/{id}/consents",
    summary="What the person agreed to",
    responses=problem_responses(401, 403, 404, 422, 503),
)
def list_consents(id: RecordId, caller: Caller = requires("cases.read")) -> ConsentsShown:
    """List everything the person said to every purpose, and what holds now."""
    with caller.work() as work:
        case, found = consents.list_consents(work, id)
        return ConsentsShown(
            current=[show_consent(work, case, row) for row in consents.current_consents(found)],
            history=[show_consent(work, case, row) for row in found],
        )


@router.post(
    "/cases/{id}/consents",
    status_code=201,
    response_model=ConsentShown,
    summary="Record a yes, a no or a taking back",
    responses=problem_responses(400, 401, 403, 404, 409, 410, 413, 415, 422, 503),
)
def record_consent(
    id: RecordId,
    repetition: Repeatable,
    engines: EnginesHeld,
    caller: Caller = requires("consents.write"),
    body: NewConsent = reads(NewConsent),
) -> JSONResponse:
    """Record what the person said to one purpose; what was recorded before stays."""
    services = rules_in_force(engines).services

    def create(work: Work) -> Created:
        row = consents.record_consent(
            work,
            id,
            purpose=body.purpose,
            state=body.state,
            how=body.how,
            services=services,
            recipient=body.recipient,
            interview_id=body.interview,
            limits_explained=body.limits_explained,
            note=body.note,
        )
        case = work.session.get_one(Case, id)
        return Created(show_consent(work, case, row, body.note), case=case)

    return repetition.once(caller, create)


@router.post(
    "/cases/{id}/break-glass",
    status_code=201,
    response_model=EmergencyShown,
    summary="Open a case in an emergency",
    responses=problem_responses(400, 401, 403, 404, 409, 410, 413, 415, 422, 503),
)
def open_in_emergency(
    id: RecordId,
    repetition: Repeatable,
    caller: Caller = requires("cases.break_glass"),
    body: EmergencyReason = reads(EmergencyReason),
) -> JSONResponse:
    """Open a colleague's case for a short time; supervisors and the auditor see it and review it."""

    def create(work: Work) -> Created:
        row = break_glass.open_in_emergency(work, id, body.reason)
        case = work.session.get_one(Case, id)
        shown = show_emergency(break_glass.BreakGlassRead(row, case, body.reason, None))
        return Created(shown, case=case)

    return repetition.once(caller, create)


def _answer(work: Work, case: Case, *texts: str | None) -> JSONResponse:
    return answer(_show(work, case, *texts), version=case.version)


def _show(work: Work, case: Case, *texts: str | None) -> CaseRead:
    events = list(cases.list_events(work, case))
    return show_read_case(work, case, events, list(identities.linked_cases(work, case)), *texts)
