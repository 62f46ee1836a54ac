"""Referrals: what is recommended, what was written, and what happened to it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse

from api.access import Caller, requires
from api.bodies.cases import show_exception
from api.bodies.reading import RecordId, reads
from api.bodies.referrals import (
    NewReferralBody,
    ProposalShown,
    ProposalsShown,
    ReferralAnswered,
    ReferralEventBody,
    ReferralRow,
    ReferralShown,
)
from api.paging import Page, Pages, page
from api.papers import PaperLanguage, languages_of, paper
from api.problems import problem_responses
from api.referral_words import ReferralWords, guidance_of
from api.repetitions import Created, Repeatable
from api.routes.shared import rules_in_force
from api.versions import SeenVersion, answer
from screening.papers.printing import print_pdf
from screening.papers.referral_forms import prepare_form
from screening.referrals.proposals import rules_of_case
from screening.referrals.referrals import (
    Answered,
    NewReferral,
    happen,
    list_referrals,
    read_referral,
    write_referral,
)
from screening.referrals.ways import see_proposals
from screening.sittings.reaching import find_case
from screening.work import Work

router = APIRouter(prefix="/api/v1", tags=["referrals"])

RecordFilter = Annotated[str | None, Query(pattern=r"^[0-9a-f]{32}$")]
WordFilter = Annotated[str | None, Query(pattern=r"^[a-z0-9_]{1,64}$")]


@router.get(
    "/cases/{id}/proposals",
    summary="What the final assessments of a case recommend",
    responses=problem_responses(401, 403, 404, 410, 422, 503),
)
def list_proposals(
    request: Request, id: RecordId, caller: Caller = requires("referrals.read")
) -> ProposalsShown:
    """List the recommended routes, the most urgent first, with consents and exceptions that bear on them.

    A later assessment adds routes and takes none away; `in_newest` says which the newest one recommends.
    """
    guidance = guidance_of(request)
    catalogue = guidance.engines.catalogue()
    with caller.work() as work:
        seen = see_proposals(work, find_case(work, id, "referrals.read"), guidance)
    return ProposalsShown(
        case=id,
        items=[
            ProposalShown(
                assessment=one.proposal.assessment_id,
                assessed_at=one.proposal.assessed_at,
                in_newest=one.proposal.in_newest,
                can_be_written=one.can_be_written,
                recommendation=one.recommendation,
                agreed_services=[name for name, said in one.said.items() if said.given],
                refused_services=[name for name, said in one.said.items() if said.refused],
                exceptions=[show_exception(item, catalogue) for item in one.exceptions],
                referrals=[referral for referral, _ in one.referrals],
            )
            for one in seen.proposed
        ],
    )


@router.get(
    "/referrals",
    summary="Referrals within reach, newest first",
    responses=problem_responses(401, 403, 422, 503),
)
def list_written_referrals(
    request: Request,
    pages: Pages,
    caller: Caller = requires("referrals.read"),
    case: RecordFilter = None,
    site: RecordFilter = None,
    status: WordFilter = None,
    service: WordFilter = None,
) -> Page[ReferralRow]:
    """List referrals without what goes along with them."""
    guidance = guidance_of(request)
    words, rules = ReferralWords(guidance), rules_in_force(guidance.engines)
    with caller.work() as work:
        found = list_referrals(work, pages, case_id=case, site_id=site, status=status, service=service)
        return page(found, lambda row: words.show_row(row, rules, work.now))


@router.post(
    "/referrals",
    status_code=201,
    summary="Write a referral",
    response_model=ReferralShown,
    responses=problem_responses(400, 401, 403, 404, 409, 410, 413, 415, 422, 503),
)
def write_new_referral(
    request: Request,
    repetition: Repeatable,
    caller: Caller = requires("referrals.write"),
    body: NewReferralBody = reads(NewReferralBody),
) -> JSONResponse:
    """Write a referral with the person's yes to this one service, or an exception of the law.

    Nothing leaves by that: sending it is an event.
    """
    guidance = guidance_of(request)
    words = ReferralWords(guidance)

    def create(work: Work) -> Created:
        seen = write_referral(
            work,
            NewReferral(
                case_id=body.case,
                route=body.route,
                service=body.service,
                message=body.message,
                share=tuple(body.share),
                exception=body.exception,
                stated=tuple(body.stated),
                explained=body.explained,
                because=body.because,
                client_key=body.client_key,
            ),
            guidance,
        )
        shown = words.show(seen, rules_of_case(work, seen.case, guidance.engines), work.now)
        location = f"/api/v1/referrals/{shown.id}"
        return Created(shown, version=shown.version, location=location, case=seen.case)

    return repetition.once(caller, create)


@router.get(
    "/referrals/{id}",
    summary="One referral",
    response_model=ReferralShown,
    responses=problem_responses(401, 403, 404, 410, 422, 503),
)
def show_referral(
    request: Request, id: RecordId, caller: Caller = requires("referrals.read")
) -> JSONResponse:
    """Show a referral, what goes along with it, and everything that happened to it."""
    guidance = guidance_of(request)
    with caller.work() as work:
        seen = read_referral(work, id, guidance.book)
        rules = rules_of_case(work, seen.case, guidance.engines)
        shown = ReferralWords(guidance).show(seen, rules, work.now)
    return answer(shown, version=shown.version)


@router.post(
    "/referrals/{id}/events",
    summary="Record what happened to a referral",
    response_model=ReferralShown | ReferralAnswered,
    responses=problem_responses(400, 401, 403, 404, 409, 410, 412, 413, 415, 422, 428, 503),
)
def record_referral_event(
    request: Request,
    id: RecordId,
    seen_version: SeenVersion,
    caller: Caller = requires("referrals.answer"),
    body: ReferralEventBody = reads(ReferralEventBody),
) -> JSONResponse:
    """Record that it was sent, accepted, declined, followed up, closed or taken back.

    Accepting and declining needs `referrals.answer`, the rest `referrals.write`; the event says which reason
    or way is needed. Who may answer and not read referrals gets `ReferralAnswered`.
    """
    guidance = guidance_of(request)
    words = ReferralWords(guidance)
    shown: ReferralShown | ReferralAnswered
    with caller.work() as work:
        found = happen(
            work,
            id,
            body.event,
            guidance,
            seen=seen_version,
            reason=body.reason,
            how=body.how,
            note=body.note,
            due_at=body.due_at,
        )
        if isinstance(found, Answered):
            shown = words.show_answered(found, rules_in_force(guidance.engines))
        else:
            shown = words.show(found, rules_of_case(work, found.case, guidance.engines), work.now)
    return answer(shown, version=shown.version)


@router.get(
    "/referrals/{id}/form",
    summary="The form to print and sign",
    response_class=Response,
    responses={
        200: {"description": "The form, tagged for readers of screens.", "content": {"application/pdf": {}}},
        **problem_responses(401, 403, 404, 409, 410, 422, 503),
    },
)
def print_referral_form(
    request: Request,
    id: RecordId,
    caller: Caller = requires("referrals.write"),
    lang: PaperLanguage = "both",
) -> Response:
    """The form in one language or in both, a page each: what the referral shares, and nothing else.

    That it was printed is written into the referral's steps, so that paper can be called back; its version
    stays. A part of the identity needs `identity.read` as well.
    """
    guidance = guidance_of(request)
    with caller.work() as work:
        pages = prepare_form(work, id, languages_of(lang), guidance)
    return paper(print_pdf("referral_form.typ", pages), f"referral-{lang}.pdf")
