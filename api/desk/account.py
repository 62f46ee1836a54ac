"""The own account: name, language, colours, password, second factor, and where one is signed in."""

from __future__ import annotations

from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from api.access import Caller
from api.bodies.reading import RecordId
from api.desk.filling import looking, require_filled, status_of
from api.desk.forms import faults_of, read_version, require_chosen, written
from api.desk.people import sites_by_id
from api.desk.sign_in import write_enrolment
from api.desk.viewing import ACCOUNT_ADDRESS, Posted, first, keep_language, opens
from api.pages.fields import FieldFault, Fields
from api.pages.preferences import (
    COLOURS,
    COLOURS_COOKIE,
    LANGUAGE_COOKIE,
    keep_choice,
    preferences_of,
)
from api.pages.rendering import page
from api.signing_in import clear_session, origin_of, set_session, sign_ins_of
from screening.people import accounts, second_factors, sessions
from screening.people.sign_ins import Pending
from screening.phrases import LANGUAGES
from screening.refusals import Refused
from screening.storage.versions import require_seen

router = APIRouter(include_in_schema=False)

# What a page says was done, by the word in its address.
_DONE: Final = frozenset({"name", "reading", "password", "factor", "session", "sessions"})


@router.get(ACCOUNT_ADDRESS)
def show_account(request: Request, done: str = "", caller: Caller = opens("self.manage")) -> Response:
    """What is known of the own account, and where each part of it is changed."""
    with looking(caller) as work:
        account = accounts.find_account(work, caller.actor.account_id)
        names = accounts.open_names(work, account)
        sites = sites_by_id(work)
        places = [
            (
                work.permissions.roles[place.role].label,
                None if place.site_id is None else sites[place.site_id],
            )
            for place in accounts.places_of(work.session, account.id)
        ]
        left = second_factors.count_recovery_codes(work, account)
        open_sessions = len(sessions.list_sessions(work, account.id, sign_ins_of(request).rules))
    return page(
        request,
        "desk/account/account.html",
        account=account,
        names=names,
        places=places,
        codes_left=left,
        open_sessions=open_sessions,
        done=done if done in _DONE else "",
    )


@router.get("/account/name")
def ask_for_name(request: Request, caller: Caller = opens("self.manage")) -> Response:
    """The form for how others see one."""
    with looking(caller) as work:
        account = accounts.find_account(work, caller.actor.account_id)
        fields = {"display_name": [accounts.open_names(work, account).display]}
        version = account.version
    return _form(request, "name", fields, version=version)


@router.post("/account/name")
def change_own_name(request: Request, fields: Posted, caller: Caller = opens("self.manage")) -> Response:
    """Change how others see one."""
    version, name = read_version(fields), written(fields, "display_name")
    if name is None:
        return _form(request, "name", fields, require_filled(fields, "display_name"), version=version)
    try:
        with caller.work() as work:
            account = accounts.find_account(work, caller.actor.account_id, to_change=True)
            require_seen(account, version)
            accounts.rename(work, account, name)
    except Refused as error:
        return _form(request, "name", fields, faults_of(error, "display_name"), version=version)
    return _done("name")


@router.get("/account/reading")
def ask_for_reading(request: Request, caller: Caller = opens("self.manage")) -> Response:
    """The form for language and colours."""
    chosen = preferences_of(request)
    return _form(request, "reading", {"language": [chosen.language], "colours": [chosen.colours]})


@router.post("/account/reading")
def change_reading(request: Request, fields: Posted, caller: Caller = opens("self.manage")) -> Response:
    """Keep the language with the account, and both with this browser."""
    language, colours = first(fields, "language"), first(fields, "colours")
    if language not in LANGUAGES or colours not in COLOURS:
        return _form(request, "reading", fields, require_chosen({}, "language", "colours"))
    keep_language(request, "ar" if language == "ar" else "en")
    response = _done("reading")
    keep_choice(request, response, LANGUAGE_COOKIE, language)
    keep_choice(request, response, COLOURS_COOKIE, colours)
    return response


@router.get("/account/password")
def ask_for_password(request: Request, caller: Caller = opens("self.manage")) -> Response:
    """The form for a new password."""
    return _form(request, "password", {})


@router.post("/account/password")
def change_own_password(request: Request, fields: Posted, caller: Caller = opens("self.manage")) -> Response:
    """Change the password; every other browser is signed out."""
    try:
        opened = sign_ins_of(request).change_password(
            caller.actor, first(fields, "password"), first(fields, "new_password"), origin_of(request)
        )
    except Refused as error:
        return _form(request, "password", {}, faults_of(error, "password", "new_password"))
    response = _done("password")
    set_session(request, response, opened)
    return response


@router.get("/account/second-factor")
def ask_for_second_factor(request: Request, caller: Caller = opens("self.manage")) -> Response:
    """Confirm who is there before the second factor is set up anew."""
    return _form(request, "second_factor", {})


@router.post("/account/second-factor")
def begin_own_second_factor(
    request: Request, fields: Posted, caller: Caller = opens("self.manage")
) -> Response:
    """Show the new secret; the present app works until the new one has shown a code."""
    try:
        pending = sign_ins_of(request).begin_second_factor(
            caller.actor, first(fields, "password"), first(fields, "code"), origin_of(request)
        )
    except Refused as error:
        return _form(request, "second_factor", {}, faults_of(error, "password", "code"))
    return _show_pending(request, pending)


@router.post("/account/second-factor/finish")
def finish_own_second_factor(
    request: Request, fields: Posted, caller: Caller = opens("self.manage")
) -> Response:
    """Take the new app in place of the present one; the recovery codes are new and shown this once."""
    sign_ins, sealed = sign_ins_of(request), first(fields, "pending")
    try:
        done = sign_ins.finish_second_factor(caller.actor, sealed, first(fields, "code"), origin_of(request))
    except Refused as error:
        if error.faults[0].code == "S128":
            # Too long ago: begin again, and say so.
            return _form(request, "second_factor", {}, faults_of(error, "password"))
        pending = sign_ins.show_pending(caller.actor, sealed)
        return _show_pending(request, pending, faults_of(error, "code"))
    request.state.csrf_token = done.session.csrf_token
    response = page(request, "desk/account/codes.html", codes=done.recovery_codes, factor=True)
    set_session(request, response, done.session)
    return response


@router.get("/account/recovery-codes")
def ask_for_recovery_codes(request: Request, caller: Caller = opens("self.manage")) -> Response:
    """Confirm who is there before new recovery codes are shown."""
    return _form(request, "recovery_codes", {})


@router.post("/account/recovery-codes")
def renew_own_recovery_codes(
    request: Request, fields: Posted, caller: Caller = opens("self.manage")
) -> Response:
    """Show new recovery codes, this once; those before no longer work."""
    try:
        codes = sign_ins_of(request).renew_recovery_codes(
            caller.actor, first(fields, "password"), first(fields, "code"), origin_of(request)
        )
    except Refused as error:
        return _form(request, "recovery_codes", {}, faults_of(error, "password", "code"))
    return page(request, "desk/account/codes.html", codes=codes, factor=False)


@router.get("/account/sessions")
def show_own_sessions(request: Request, done: str = "", caller: Caller = opens("self.manage")) -> Response:
    """Where one is signed in."""
    with looking(caller) as work:
        rows = sessions.list_sessions(work, caller.actor.account_id, sign_ins_of(request).rules)
    return page(
        request,
        "desk/account/sessions.html",
        rows=rows,
        current=caller.actor.session_id,
        done=done if done in _DONE else "",
    )


@router.post("/account/sessions/{id}/end")
def end_session_of_own(request: Request, id: RecordId, caller: Caller = opens("self.manage")) -> Response:
    """Sign out one browser, which may be this one."""
    with caller.work() as work:
        sessions.end_session(work, id, caller.actor.account_id, "revoked")
        work.record("session.end", "session", id)
    if id != caller.actor.session_id:
        return RedirectResponse("/account/sessions?done=session", 303)
    response = RedirectResponse("/sign-in?out=yes", 303)
    clear_session(request, response)
    return response


@router.post("/account/sessions/end-others")
def end_others_of_own(caller: Caller = opens("self.manage")) -> Response:
    """Sign out everywhere else."""
    with caller.work() as work:
        account_id = caller.actor.account_id
        ended = sessions.end_sessions(work, account_id, "revoked", but=caller.actor.session_id)
        work.record("session.end_others", "account", account_id, count=ended)
    return RedirectResponse("/account/sessions?done=sessions", 303)


def _form(
    request: Request, name: str, fields: Fields, faults: tuple[FieldFault, ...] = (), **more: Any
) -> Response:
    return page(
        request,
        f"desk/account/{name}.html",
        status_code=status_of(faults),
        fields=fields,
        faults=faults,
        **more,
    )


def _show_pending(request: Request, pending: Pending, faults: tuple[FieldFault, ...] = ()) -> Response:
    return page(
        request,
        "desk/account/second_factor_code.html",
        status_code=status_of(faults),
        faults=faults,
        pending=pending.sealed,
        **write_enrolment(pending.enrolment),
    )


def _done(what: str) -> Response:
    return RedirectResponse(f"{ACCOUNT_ADDRESS}?done={what}", 303)
