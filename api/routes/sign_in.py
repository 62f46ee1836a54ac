"""Signing in and out, and accepting a link; these addresses are open, and count how often they are tried."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel

from api.access import public
from api.bodies.people import (
    CodeGiven,
    EnrolmentShown,
    FirstStepShown,
    LinkAccepted,
    NameAndPassword,
    SessionShown,
    SignedInShown,
)
from api.bodies.reading import reads
from api.problems import problem_responses
from api.signing_in import (
    FormTokenRead,
    check_csrf,
    check_origin,
    clear_session,
    find_held,
    origin_of,
    session_token,
    set_session,
    sign_ins_of,
)
from screening.people.accounts import Names
from screening.people.sign_ins import Enrolment, FirstStep, Held, SignedIn
from screening.refusals import refused

router = APIRouter(prefix="/api/v1", tags=["signing in"], dependencies=[public()])

_STEP = problem_responses(400, 401, 403, 413, 415, 422, 429, 503)


@router.post("/sign-in", summary="Sign in: name and password", response_model=FirstStepShown, responses=_STEP)
def sign_in(request: Request, body: NameAndPassword = reads(NameAndPassword)) -> Response:
    """The first step; the answer sets a cookie that lets nothing but the second step be done.

    A name that nobody has and a wrong password are answered alike.
    """
    check_origin(request)
    before = find_held(request)
    done = sign_ins_of(request).begin(body.name, body.password, origin_of(request))
    _leave(request, before)
    return answer_first_step(request, done)


@router.post(
    "/sign-in/second-factor",
    summary="Sign in: the code of the authenticator app",
    response_model=SignedInShown,
    responses=_STEP,
)
def give_second_factor(
    request: Request, _form: FormTokenRead, body: CodeGiven = reads(CodeGiven)
) -> Response:
    """The second step; the first code ever given also sets the app up and is answered with recovery codes."""
    token = _second_step_token(request)
    return answer_signed_in(request, sign_ins_of(request).use_code(token, body.code, origin_of(request)))


@router.post(
    "/sign-in/recovery",
    summary="Sign in: a recovery code",
    response_model=SignedInShown,
    responses=_STEP,
)
def give_recovery_code(
    request: Request, _form: FormTokenRead, body: CodeGiven = reads(CodeGiven)
) -> Response:
    """The second step without the telephone; each code works once."""
    token = _second_step_token(request)
    done = sign_ins_of(request).use_recovery_code(token, body.code, origin_of(request))
    return answer_signed_in(request, done)


@router.delete(
    "/sign-in", summary="Sign out", status_code=204, responses=problem_responses(401, 403, 429, 503)
)
def sign_out(request: Request) -> Response:
    """End this browser's session, in whichever step it is."""
    held = find_held(request)
    if held is None:
        raise refused("S120")
    check_csrf(request, held)
    sign_ins_of(request).sign_out(held, origin_of(request))
    response = Response(status_code=204)
    clear_session(request, response)
    return response


@router.get("/session", summary="The state of this browser's session", responses=problem_responses(429, 503))
def show_session(request: Request) -> SessionShown:
    """Say whether somebody is signed in, and give the token that every change needs."""
    sign_ins = sign_ins_of(request)
    held = find_held(request)
    found = SessionShown(
        step="none" if held is None else held.step,
        idle_minutes=sign_ins.settings.session_idle_minutes,
        organisation=sign_ins.settings.oidc_issuer is not None,
    )
    if held is None:
        return found
    return found.model_copy(
        update={
            "account": held.account_id if held.step == "signed_in" else None,
            "csrf_token": held.csrf_token,
            "expires_at": held.expires_at,
            "enrolment": _show_enrolment(sign_ins.enrolment(held)),
        }
    )


@router.post(
    "/invitations/accept",
    summary="Accept a link: set a password",
    response_model=FirstStepShown,
    responses=problem_responses(400, 403, 409, 410, 413, 415, 422, 429, 503),
)
def accept_invitation(request: Request, body: LinkAccepted = reads(LinkAccepted)) -> Response:
    """Accept an invitation, the first administrator's link or a reset; the second step follows."""
    check_origin(request)
    names = None
    if body.sign_in_name is not None and body.display_name is not None:
        names = Names(body.sign_in_name, body.display_name)
    before = find_held(request)
    done = sign_ins_of(request).accept(body.token, body.password, names, origin_of(request))
    _leave(request, before)
    return answer_first_step(request, done)


def answer_first_step(request: Request, done: FirstStep) -> Response:
    """The answer to a first step, with its cookie."""
    session = done.session
    shown = FirstStepShown(
        csrf_token=session.csrf_token,
        expires_at=session.expires_at,
        enrolment=_show_enrolment(done.enrolment),
    )
    return _with_session(request, shown, done)


def answer_signed_in(request: Request, done: SignedIn) -> Response:
    """The answer to a second step, with its cookie."""
    shown = SignedInShown(
        csrf_token=done.session.csrf_token,
        expires_at=done.session.expires_at,
        recovery_codes=done.recovery_codes,
        recovery_codes_left=done.recovery_codes_left,
    )
    return _with_session(request, shown, done)


def _with_session(request: Request, shown: BaseModel, done: FirstStep | SignedIn) -> Response:
    response = JSONResponse(shown.model_dump(mode="json"))
    set_session(request, response, done.session)
    return response


def _second_step_token(request: Request) -> str:
    held = find_held(request)
    token = session_token(request)
    if held is None or token is None or held.step != "second_factor":
        raise refused("S120")
    check_csrf(request, held)
    return token


def _leave(request: Request, before: Held | None) -> None:
    """Whoever signs in again does not leave a session behind that nobody sees any more."""
    if before is not None:
        sign_ins_of(request).sign_out(before, origin_of(request))


def _show_enrolment(found: Enrolment | None) -> EnrolmentShown | None:
    return None if found is None else EnrolmentShown(secret=found.secret, address=found.address)
