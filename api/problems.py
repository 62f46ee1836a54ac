"""Problem documents (RFC 9457) with the codes of the fault catalogue, the same as on the command line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from api.languages import choose_language
from indicators.errors import AnswersError, Fault, advice, fault, message
from screening.phrases import Language

MEDIA_TYPE = "application/problem+json"

# Answers a browser with a page, and anything else with None.
PageResponder = Callable[[Request, Sequence[Fault], int], Response | None]
PROBLEMS_PATH = "/api/v1/problems"

# What a code means for the request as a whole; every other fault is content we understood and cannot take.
STATUSES = (
    {"S020": 413, "S022": 404, "S023": 405, "S024": 415, "S025": 503, "S026": 500}
    # storage
    | {"S101": 503, "S102": 500, "S103": 410, "S107": 503, "S108": 507, "S109": 503, "S110": 503, "S115": 503}
    # people
    | {"S120": 401, "S121": 403, "S122": 403, "S123": 429, "S124": 401, "S125": 401, "S126": 401}
    | {"S127": 403, "S128": 410, "S131": 403, "S132": 403, "S133": 409, "S135": 409, "S136": 404}
    | {"S137": 409, "S142": 409, "S143": 409, "S144": 404, "S145": 401, "S148": 429}
    # cases
    | {"S150": 404, "S152": 409, "S154": 410}
    # interviews and answers
    | {"S160": 409, "S161": 409, "S162": 409, "S163": 409, "S164": 409, "S166": 409, "S168": 409, "S169": 409}
    | {"S250": 409, "S255": 409, "S261": 409, "S262": 500, "S266": 503}
    # referrals
    | {"S181": 409, "S189": 404, "S190": 409}
    # audit
    | {"S207": 503, "S209": 404}
    # drafts of the rules
    | {"S214": 403, "S216": 409, "S217": 409, "S212": 503, "S213": 503}
    | {"S220": 404, "S222": 409, "S223": 409, "S224": 503, "S225": 500, "S226": 409}
    # cursors, versions, repetitions
    | {"S231": 428, "S232": 412, "S235": 409}
)


class ProblemFault(BaseModel):
    """One thing that is wrong; `field` names the key or question, `line` the line of the body."""

    code: str
    field: str | None = None
    line: int | None = None
    message: str
    advice: str


class Problem(BaseModel):
    """A problem document: what went wrong as a whole, and each fault with what to do."""

    type: str = Field(description="where the first fault's code is explained")
    title: str
    status: int
    detail: str
    code: str
    faults: tuple[ProblemFault, ...]


class RequestRefused(Exception):
    """Ends a request with a problem document."""

    def __init__(self, faults: Sequence[Fault], status: int | None = None) -> None:
        super().__init__(", ".join(item.code for item in faults))
        self.faults = tuple(faults)
        self.status = status


def refuse(code: str, *, status: int | None = None, field: str | None = None, **slots: Any) -> RequestRefused:
    """The exception for one fault."""
    return RequestRefused([fault(code, field=field, **slots)], status)


def write_problem(faults: Sequence[Fault], lang: Language, status: int | None = None) -> Problem:
    """The problem document of these faults in one language; the first decides title and status."""
    first = faults[0]
    if status is None:
        status = STATUSES.get(first.code, 422)
    return Problem(
        type=f"{PROBLEMS_PATH}/{first.code}",
        title=message(first, lang),
        status=status,
        detail=advice(first, lang),
        code=first.code,
        faults=tuple(
            ProblemFault(
                code=item.code,
                field=item.field,
                line=item.line,
                message=message(item, lang),
                advice=advice(item, lang),
            )
            for item in faults
        ),
    )


def respond(request: Request, faults: Sequence[Fault], status: int | None = None) -> Response:
    """The response that carries a problem document in the reader's language, or a page for a browser."""
    lang = choose_language(request.headers.get("accept-language"))
    problem = write_problem(faults, lang, status)
    request.state.codes = [item.code for item in faults[:20]]
    # Set by the pages, if the application has them.
    respond_as_page: PageResponder | None = getattr(request.app.state, "respond_as_page", None)
    as_page = respond_as_page(request, faults, problem.status) if respond_as_page is not None else None
    response = as_page
    if response is None:
        response = JSONResponse(
            problem.model_dump(mode="json"),
            status_code=problem.status,
            media_type=MEDIA_TYPE,
            headers={"Content-Language": lang, "Vary": "Accept-Language"},
        )
    if problem.status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    if problem.status == 429 and "seconds" in faults[0].slots:
        response.headers["Retry-After"] = str(faults[0].slots["seconds"])
    return response


def add_problem_handlers(app: FastAPI) -> None:
    """Turn every known way in which a request can fail into a problem document.

    `Surroundings` answers the unknown ones.
    """

    async def on_refused(request: Request, error: Exception) -> Response:
        if not isinstance(error, RequestRefused):
            raise error
        return respond(request, error.faults, error.status)

    async def on_answers(request: Request, error: Exception) -> Response:
        if not isinstance(error, AnswersError):
            raise error
        return respond(request, error.faults)

    async def on_http(request: Request, error: Exception) -> Response:
        if not isinstance(error, HTTPException):
            raise error
        if error.status_code == 405:
            allowed = (error.headers or {}).get("Allow", "")
            # HEAD is answered wherever GET is: `Surroundings` sees to it.
            allowed = allowed.replace("GET", "GET, HEAD")
            response = respond(request, [fault("S023", value=request.method, known=allowed)], 405)
            response.headers["Allow"] = allowed
            return response
        if error.status_code == 404:
            return respond(request, [fault("S022")], 404)
        return respond(request, [_unexpected(request)], error.status_code)

    app.add_exception_handler(RequestRefused, on_refused)
    app.add_exception_handler(AnswersError, on_answers)
    app.add_exception_handler(HTTPException, on_http)


def respond_to_the_unexpected(request: Request) -> Response:
    """The response to a failure that nobody foresaw: the request's number, and nothing of the failure."""
    return respond(request, [_unexpected(request)], 500)


def _unexpected(request: Request) -> Fault:
    return fault("S026", reference=str(getattr(request.state, "request_id", "")))


def problem_responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """What a route says in OpenAPI about the ways it can fail."""
    texts = {
        400: "The body cannot be read as JSON.",
        401: "Nobody is signed in.",
        403: "The role or the token does not allow this.",
        404: "There is nothing under this id.",
        409: "Somebody else changed this meanwhile, or the same key came with something else.",
        410: "The record was erased.",
        412: "The record is of another version than `If-Match` says.",
        413: "The body is too large.",
        415: "The body is not JSON.",
        422: "The request was understood and cannot be taken; every fault is listed.",
        428: "`If-Match` or `Idempotency-Key` is missing.",
        429: "Too many attempts.",
        503: "The service is busy or not ready.",
        507: "The disk is full or protected; nothing was saved.",
    }
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        status: {"description": texts[status], "content": {MEDIA_TYPE: {"schema": schema}}}
        for status in statuses
    }
