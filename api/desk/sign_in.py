"""Signing in with forms: name and password, then the second factor, its set-up, or a recovery code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from api.access import public
from api.desk.qr import QrPicture, draw_qr
from api.desk.viewing import Posted, first
from api.pages.fields import FieldFault
from api.pages.preferences import local_address, preferences_of
from api.pages.rendering import page
from api.problems import STATUSES
from api.signing_in import (
    FormTokenRead,
    check_csrf,
    check_origin,
    find_held,
    origin_of,
    session_token,
    set_session,
    sign_ins_of,
)
from screening.people.access import Actor
from screening.people.accounts import find_account, speak
from screening.people.sign_ins import Enrolment, FirstStep, Held, SignedIn
from screening.refusals import Refused

router = APIRouter(include_in_schema=False, dependencies=[public()])


@router.get("/sign-in")
def show_sign_in(request: Request, to: str | None = None, out: str | None = None) -> Response:
    """The form for name and password; whoever is signed in, or half-way, is led on."""
    held = find_held(request)
    if held is not None:
        return _lead_on(held, local_address(to))
    return _show_form(request, local_address(to), out=out == "yes")


@router.post("/sign-in")
def sign_in(request: Request, fields: Posted, _form: FormTokenRead) -> Response:
    """The first step."""
    check_origin(request)
    to = local_address(first(fields, "to"))
    before = find_held(request)
    try:
        done = sign_ins_of(request).begin(
            first(fields, "name").strip(), first(fields, "password"), origin_of(request)
        )
    except Refused as error:
        return _show_form(request, to, fields=fields, error=error)
    leave(request, before)
    return go_to_second_step(request, done, to)


@router.get("/sign-in/code")
def show_code(request: Request, to: str | None = None) -> Response:
    """The form for the code of the authenticator app."""
    return _second_step(request, local_address(to), lambda held, to: _show_code(request, to))


@router.post("/sign-in/code")
def give_code(request: Request, fields: Posted, _form: FormTokenRead) -> Response:
    """The second step."""
    to, token = local_address(first(fields, "to")), _token_of_form(request)
    if token is None:
        return _back_to_sign_in(to)
    try:
        done = sign_ins_of(request).use_code(token, first(fields, "code"), origin_of(request))
    except Refused as error:
        return _show_code(request, to, error)
    return _enter(request, done, to)


@router.get("/sign-in/recovery")
def show_recovery(request: Request, to: str | None = None) -> Response:
    """The form for a recovery code."""
    return _second_step(request, local_address(to), lambda held, to: _show_recovery(request, to))


@router.post("/sign-in/recovery")
def give_recovery_code(request: Request, fields: Posted, _form: FormTokenRead) -> Response:
    """The second step without the telephone."""
    to, token = local_address(first(fields, "to")), _token_of_form(request)
    if token is None:
        return _back_to_sign_in(to)
    try:
        done = sign_ins_of(request).use_recovery_code(token, first(fields, "code"), origin_of(request))
    except Refused as error:
        return _show_recovery(request, to, error)
    return _enter(request, done, to)


@router.get("/sign-in/set-up")
def show_set_up(request: Request, to: str | None = None) -> Response:
    """The picture and the secret for the authenticator app, until its first code was given."""
    return _second_step(request, local_address(to), lambda held, to: _show_set_up(request, held, to))


@router.post("/sign-in/set-up")
def set_up(request: Request, fields: Posted, _form: FormTokenRead) -> Response:
    """The first code of the app: it is set up, and the recovery codes are shown this once."""
    to, token = local_address(first(fields, "to")), _token_of_form(request)
    held = find_held(request)
    if token is None or held is None:
        return _back_to_sign_in(to)
    try:
        done = sign_ins_of(request).use_code(token, first(fields, "code"), origin_of(request))
    except Refused as error:
        return _show_set_up(request, held, to, error)
    _keep_language(request, held)
    # The session is another one now: what the page puts into its forms is that of the new one.
    request.state.csrf_token = done.session.csrf_token
    response = page(request, "desk/sign_in/recovery_codes.html", codes=done.recovery_codes, to=to)
    set_session(request, response, done.session)
    return response


def go_to_second_step(request: Request, done: FirstStep, to: str) -> Response:
    """Lead to the second step, with the session of the first."""
    address = "/sign-in/set-up" if done.enrolment is not None else "/sign-in/code"
    response = RedirectResponse(_with(address, to), 303)
    set_session(request, response, done.session)
    return response


def leave(request: Request, before: Held | None) -> None:
    """Whoever signs in again does not leave a session behind that nobody sees any more."""
    if before is not None:
        sign_ins_of(request).sign_out(before, origin_of(request))


def show_faults(error: Refused | None) -> tuple[tuple[FieldFault, ...], int]:
    """What a form says about a refusal, and with which status."""
    if error is None:
        return (), 200
    faults = tuple(FieldFault(name := one.field or "name", name, one) for one in error.faults)
    status = STATUSES.get(error.faults[0].code, 422)
    # To a browser 401 and 410 say something else than "correct this form".
    return faults, status if status == 429 else 422


def _show_form(
    request: Request,
    to: str,
    *,
    fields: dict[str, list[str]] | None = None,
    error: Refused | None = None,
    out: bool = False,
) -> Response:
    faults, status = show_faults(error)
    kept = {"name": [first(fields or {}, "name")]}
    return page(
        request,
        "desk/sign_in/sign_in.html",
        status_code=status,
        fields=kept,
        faults=faults,
        to=to,
        out=out,
        organisation=sign_ins_of(request).settings.oidc_issuer is not None,
    )


def _show_code(request: Request, to: str, error: Refused | None = None) -> Response:
    faults, status = _code_faults(error)
    return page(request, "desk/sign_in/code.html", status_code=status, faults=faults, to=to)


def _show_recovery(request: Request, to: str, error: Refused | None = None) -> Response:
    faults, status = _code_faults(error)
    return page(request, "desk/sign_in/recovery.html", status_code=status, faults=faults, to=to)


def _show_set_up(request: Request, held: Held, to: str, error: Refused | None = None) -> Response:
    enrolment = sign_ins_of(request).enrolment(held)
    if enrolment is None:
        return RedirectResponse(_with("/sign-in/code", to), 303)
    faults, status = _code_faults(error)
    return page(
        request,
        "desk/sign_in/set_up.html",
        status_code=status,
        faults=faults,
        to=to,
        **write_enrolment(enrolment),
    )


def write_enrolment(enrolment: Enrolment) -> dict[str, Any]:
    """What a page shows of a second factor that is to be set up: a picture, and the secret in groups."""
    secret = enrolment.secret
    groups = " ".join(secret[begin : begin + 4] for begin in range(0, len(secret), 4))
    picture: QrPicture = draw_qr(enrolment.address)
    return {"secret": groups, "picture": picture, "address": enrolment.address}


def _code_faults(error: Refused | None) -> tuple[tuple[FieldFault, ...], int]:
    faults, status = show_faults(error)
    return tuple(FieldFault("code", "code", one.fault) for one in faults), status


def _second_step(request: Request, to: str, show: Callable[[Held, str], Response]) -> Response:
    held = find_held(request)
    if held is None:
        return _back_to_sign_in(to)
    if held.step == "signed_in":
        return _lead_on(held, to)
    return show(held, to)


def _lead_on(held: Held, to: str) -> Response:
    address = to if held.step == "signed_in" else _with("/sign-in/set-up", to)
    return RedirectResponse(address, 303, {"Cache-Control": "no-store"})


def _back_to_sign_in(to: str) -> Response:
    return RedirectResponse(_with("/sign-in", to), 303, {"Cache-Control": "no-store"})


def _with(address: str, to: str) -> str:
    return address if to == "/" else f"{address}?to={quote(to, safe='/')}"


def _token_of_form(request: Request) -> str | None:
    """The session that waits for its second step; None without one. A forgery is refused with S127."""
    held, token = find_held(request), session_token(request)
    if held is None or token is None or held.step != "second_factor":
        return None
    check_csrf(request, held)
    return token


def _enter(request: Request, done: SignedIn, to: str) -> Response:
    response = RedirectResponse(to, 303, {"Cache-Control": "no-store"})
    set_session(request, response, done.session)
    return response


def _keep_language(request: Request, held: Held) -> None:
    """Whoever set up the account goes on in the language of these pages."""
    language = preferences_of(request).language
    with sign_ins_of(request).service.work(Actor(held.account_id, "person", frozenset())) as work:
        account = find_account(work, held.account_id, to_change=True)
        if account.language != language:
            speak(work, account, language)
