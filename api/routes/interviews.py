"""Interviews: begun, listed, answered, paused, handed over, finished; what they come to at every moment."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import JSONResponse

from api.access import Caller, requires
from api.bodies.interviews import (
    Abandonment,
    AnswerSaved,
    AnswersSaved,
    Finish,
    NewAnswer,
    NewAnswers,
    NewInterviewBody,
    PassingOn,
    Pause,
    Resume,
    SittingWordShown,
    show_outcomes,
    show_saved,
    show_words,
    write_answer_problem,
)
from api.bodies.reading import RecordId, reads
from api.paging import Page, Pages, page
from api.problems import MEDIA_TYPE, problem_responses
from api.repetitions import Created, Repeatable
from api.routes.shared import ReaderLanguage
from api.versions import SeenVersion, answer, etag
from screening.clock import day_in_kuwait
from screening.sittings import finishing, following, interviews
from screening.sittings.answers import list_answers, read_history
from screening.sittings.handing_over import hand_over, list_hand_overs
from screening.sittings.interviews import InterviewFilters
from screening.sittings.models import (
    AnswerHistory,
    AnswersShown,
    ContradictionsShown,
    FinalAssessment,
    HandOverShown,
    InterviewShown,
    LastTime,
    LiveResult,
)
from screening.sittings.reaching import find_interview
from screening.sittings.saving import pinned_rules, read_live, save_answers
from screening.sittings.showing import show_interview, show_interviews
from screening.storage.slices import Slice
from screening.storage.tables.cases import Case
from screening.storage.tables.interviews import Interview
from screening.work import Work

router = APIRouter(prefix="/api/v1", tags=["interviews"])

IdFilter = Annotated[str | None, Query(pattern=r"^[0-9a-f]{32}$")]
QuestionInPath = Annotated[str, Path(pattern=r"^[a-z0-9_]{1,64}$")]
WithLive = Annotated[bool, Query(description="whether the answer says what all answers come to now")]

_READ = problem_responses(401, 403, 404, 410, 422, 503)
_CHANGE = problem_responses(400, 401, 403, 404, 409, 410, 412, 413, 415, 422, 428, 503)
_SAVE = problem_responses(400, 401, 403, 404, 409, 410, 413, 415, 422, 503, 507)


def _with_conflict() -> dict[int | str, dict[str, Any]]:
    both = {
        "allOf": [
            {"$ref": "#/components/schemas/Problem"},
            {
                "type": "object",
                "properties": {
                    "conflict": {"anyOf": [{"$ref": "#/components/schemas/AnswerConflict"}, {"type": "null"}]}
                },
            },
        ]
    }
    return _SAVE | {
        409: {
            "description": "Another answer was saved meanwhile (`conflict` has both), or none is taken now.",
            "content": {MEDIA_TYPE: {"schema": both}},
        }
    }


@router.get("/interviews", summary="Interviews within reach", responses=problem_responses(401, 403, 422, 503))
def list_interviews(
    pages: Pages,
    caller: Caller = requires("cases.read"),
    status: Literal["open", "paused", "finished", "abandoned"] | None = None,
    holder: IdFilter = None,
    mine: Annotated[bool, Query(description="only those that the caller holds")] = False,
    case: IdFilter = None,
    site: IdFilter = None,
    visit: IdFilter = None,
) -> Page[InterviewShown]:
    """List interviews, newest first, without their answers."""
    held_by = caller.actor.account_id if mine else holder
    filters = InterviewFilters(status, held_by, case, site, visit)
    with caller.work() as work:
        found = interviews.list_interviews(work, pages, filters)
        shown = show_interviews(work, found.items)
        return page(Slice(shown, found.following), lambda one: one)


@router.post(
    "/interviews",
    status_code=201,
    response_model=InterviewShown,
    summary="Begin an interview",
    responses=problem_responses(400, 401, 403, 404, 409, 410, 413, 415, 422, 503),
)
def create_interview(
    repetition: Repeatable,
    caller: Caller = requires("interviews.write"),
    body: NewInterviewBody = reads(NewInterviewBody),
) -> JSONResponse:
    """Begin an interview by an instrument and the rules in force; it keeps these rules for ever."""
    service = caller.service
    today = day_in_kuwait(service.clock())
    rules = service.engines.rules_for(body.rule_set, body.revision, today)

    def create(work: Work) -> Created:
        interview, case = interviews.begin_interview(work, rules, body.asked())
        return Created(
            show_interview(work, interview, case),
            version=interview.version,
            location=f"/api/v1/interviews/{interview.id}",
            case=case,
        )

    return repetition.once(caller, create)


@router.get(
    "/interview-words",
    summary="The reasons to choose from",
    responses=problem_responses(401, 403, 422, 503),
)
def list_interview_words(caller: Caller = requires("cases.read")) -> dict[str, list[SittingWordShown]]:
    """Every list of words of interviews, each word in both languages."""
    return show_words()


@router.get("/interviews/{id}", response_model=InterviewShown, summary="One interview", responses=_READ)
def read_interview(id: RecordId, caller: Caller = requires("cases.read")) -> JSONResponse:
    """Read how an interview stands; its answers stand apart."""
    with caller.work() as work:
        return _answer(work, *interviews.read_interview(work, id))


@router.get("/interviews/{id}/answers", summary="The answers that count", responses=_READ)
def list_interview_answers(id: RecordId, caller: Caller = requires("cases.read")) -> AnswersShown:
    """List every question that was touched, with the answer that counts now."""
    rules = pinned_rules(caller.service, caller.actor, id, "cases.read")
    with caller.work() as work:
        return list_answers(work, *find_interview(work, id, "cases.read"), rules)


@router.get("/interviews/{id}/answers/{question}", summary="Every answer to one question", responses=_READ)
def read_answer_history(
    id: RecordId, question: QuestionInPath, caller: Caller = requires("cases.read")
) -> AnswerHistory:
    """Read everything that was ever saved for one question: who, when, and what stood there before."""
    rules = pinned_rules(caller.service, caller.actor, id, "cases.read")
    with caller.work() as work:
        return read_history(work, *find_interview(work, id, "cases.read"), rules, question)


@router.post(
    "/interviews/{id}/answers",
    response_model=AnswerSaved,
    summary="Save one answer",
    responses=_with_conflict(),
)
def save_answer(
    id: RecordId,
    lang: ReaderLanguage,
    request: Request,
    caller: Caller = requires("interviews.write"),
    body: NewAnswer = reads(NewAnswer),
    live: WithLive = True,
) -> JSONResponse:
    """Save one answer as a new revision; what was there before stays.

    `follows_seq` says which answer to this question was seen. Sent again with the same client key it is saved
    once. Once this answers 200, the answer is stored.
    """
    saved = save_answers(
        caller.service, caller.actor, id, [body.given()], request_id=caller.request_id, live=live
    )
    (outcome,) = saved.outcomes
    if outcome.seq is None:
        problem = write_answer_problem(outcome, lang)
        request.state.codes = [one.code for one in outcome.faults[:20]]
        headers = {"Content-Language": lang, "Vary": "Accept-Language"}
        content = problem.model_dump(mode="json", exclude_none=outcome.conflict is None)
        return JSONResponse(content, problem.status, headers, MEDIA_TYPE)
    return answer(show_saved(saved, lang), version=saved.version)


@router.post(
    "/interviews/{id}/answers/batch",
    response_model=AnswersSaved,
    summary="Save several answers",
    responses=_SAVE,
)
def save_several_answers(
    id: RecordId,
    lang: ReaderLanguage,
    caller: Caller = requires("interviews.write"),
    body: NewAnswers = reads(NewAnswers),
    live: WithLive = True,
) -> JSONResponse:
    """Save answers in order, each with its own outcome: one that is wrong keeps no other from being saved."""
    given = [one.given() for one in body.answers]
    saved = save_answers(caller.service, caller.actor, id, given, request_id=caller.request_id, live=live)
    return answer(show_outcomes(saved, lang), version=saved.version)


@router.get("/interviews/{id}/live", summary="What the answers so far come to", responses=_READ)
def read_live_result(id: RecordId, caller: Caller = requires("cases.read")) -> LiveResult:
    """Show urgent needs first, then the outcome so far, what is open and what to ask next."""
    return read_live(caller.service, caller.actor, id, request_id=caller.request_id)


@router.get("/interviews/{id}/contradictions", summary="Answers that do not fit together", responses=_READ)
def list_contradictions(id: RecordId, caller: Caller = requires("cases.read")) -> ContradictionsShown:
    """Show what does not fit within an interview and with those before it, side by side."""
    return following.read_contradictions(caller.service, caller.actor, id, request_id=caller.request_id)


@router.get("/interviews/{id}/last-time", summary="What the interview before left open", responses=_READ)
def read_last_time(id: RecordId, caller: Caller = requires("cases.read")) -> LastTime:
    """Show the questions that were open when the interview before this one ended."""
    return following.read_last_time(caller.service, caller.actor, id, request_id=caller.request_id)


@router.get("/interviews/{id}/hand-overs", summary="How it was passed on", responses=_READ)
def list_interview_hand_overs(
    id: RecordId, caller: Caller = requires("cases.read")
) -> dict[Literal["hand_overs"], list[HandOverShown]]:
    """List from whom to whom an interview went, oldest first."""
    with caller.work() as work:
        return {"hand_overs": list(list_hand_overs(work, id))}


@router.post(
    "/interviews/{id}/pause", response_model=InterviewShown, summary="Stop for now", responses=_CHANGE
)
def pause_interview(
    id: RecordId,
    seen: SeenVersion,
    caller: Caller = requires("interviews.write"),
    body: Pause = reads(Pause),
) -> JSONResponse:
    """Pause an interview, until a time if the person needs rest."""
    with caller.work() as work:
        found = interviews.pause_interview(
            work, id, seen=seen, because=body.because, resume_after=body.resume_after
        )
        return _answer(work, *found)


@router.post("/interviews/{id}/resume", response_model=InterviewShown, summary="Go on", responses=_CHANGE)
def resume_interview(
    id: RecordId,
    seen: SeenVersion,
    caller: Caller = requires("interviews.write"),
    body: Resume = reads(Resume),
) -> JSONResponse:
    """Resume a paused interview; before the rest is over only because the person asks."""
    with caller.work() as work:
        return _answer(work, *interviews.resume_interview(work, id, seen=seen, early=body.early))


@router.post(
    "/interviews/{id}/hand-over",
    response_model=InterviewShown,
    summary="Hand over to a colleague",
    responses=_CHANGE,
)
def hand_over_interview(
    id: RecordId,
    seen: SeenVersion,
    caller: Caller = requires("interviews.hand_over"),
    body: PassingOn = reads(PassingOn),
) -> JSONResponse:
    """Hand an interview to a colleague of the site, who can then open its case."""
    with caller.work() as work:
        return _answer(work, *hand_over(work, id, seen=seen, to_account=body.to, note=body.note))


@router.post(
    "/interviews/{id}/abandon",
    response_model=InterviewShown,
    summary="End without a result",
    responses=_CHANGE,
)
def abandon_interview(
    id: RecordId,
    seen: SeenVersion,
    caller: Caller = requires("interviews.write"),
    body: Abandonment = reads(Abandonment),
) -> JSONResponse:
    """End an interview in which nothing was indicated; what was told must not end in nothing."""
    indicated = finishing.is_indicated(caller.service, caller.actor, id)
    with caller.work() as work:
        found = interviews.abandon_interview(
            work, id, seen=seen, because=body.because, note=body.note, indicated=indicated
        )
        return _answer(work, *found)


@router.post(
    "/interviews/{id}/finish",
    status_code=201,
    response_model=FinalAssessment,
    summary="Finish with a final assessment",
    responses=_SAVE,
)
def finish_interview(
    id: RecordId, caller: Caller = requires("assessments.finish"), body: Finish = reads(Finish)
) -> JSONResponse:
    """Work out the final assessment of the answers that were seen, and keep it for ever."""
    found = finishing.finish_interview(
        caller.service,
        caller.actor,
        id,
        seen_seq=body.last_seq,
        difference_seen=body.difference_seen,
        request_id=caller.request_id,
    )
    return answer(found, status=201, location=f"/api/v1/assessments/{found.id}")


def _answer(work: Work, interview: Interview, case: Case) -> JSONResponse:
    shown = show_interview(work, interview, case)
    return JSONResponse(shown.model_dump(mode="json"), headers={"ETag": etag(interview.version)})
