"""Links that work once: for the first administrator, for who is invited, and for a new password."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.access import public
from api.desk.sign_in import go_to_second_step, leave, show_faults
from api.desk.viewing import Posted, first
from api.pages.rendering import page
from api.signing_in import FormTokenRead, check_origin, find_held, origin_of, sign_ins_of
from screening.people.access import SYSTEM
from screening.people.accounts import Names
from screening.people.links import find_link
from screening.refusals import Refused

router = APIRouter(include_in_schema=False, dependencies=[public()])

_FIRST: Final = "/first-administrator"
_INVITATION: Final = "/invitation"
_NEW_PASSWORD: Final = "/new-password"  # noqa: S105 - an address
_GONE: Final = "S128"


@router.get(_FIRST)
def show_first_administrator(request: Request, token: str = "") -> Response:
    """The form of the first administrator: names and a password."""
    return _show(request, token)


@router.post(_FIRST)
def accept_first_administrator(request: Request, fields: Posted, _form: FormTokenRead) -> Response:
    """Make the first administrator; the second factor follows."""
    names = Names(first(fields, "sign_in_name").strip(), first(fields, "display_name").strip())
    return _accept(request, fields, names)


@router.get(_INVITATION)
def show_invitation(request: Request, token: str = "") -> Response:
    """The form of who is invited: a password."""
    return _show(request, token)


@router.post(_INVITATION)
def accept_invitation(request: Request, fields: Posted, _form: FormTokenRead) -> Response:
    """Set the password of who is invited; the second factor follows."""
    return _accept(request, fields, None)


@router.get(_NEW_PASSWORD)
def show_new_password(request: Request, token: str = "") -> Response:
    """The form for a new password."""
    return _show(request, token)


@router.post(_NEW_PASSWORD)
def accept_new_password(request: Request, fields: Posted, _form: FormTokenRead) -> Response:
    """Set a new password; the second factor follows."""
    return _accept(request, fields, None)


def _show(request: Request, token: str) -> Response:
    try:
        with sign_ins_of(request).service.work(SYSTEM) as work:
            find_link(work, token)
    except Refused as error:
        if error.faults[0].code != _GONE:
            raise
        return page(request, "desk/sign_in/link_gone.html", status_code=410)
    return _show_form(request, token, {})


def _show_form(
    request: Request, token: str, fields: dict[str, list[str]], error: Refused | None = None
) -> Response:
    faults, status = show_faults(error)
    kept = {name: fields[name] for name in ("sign_in_name", "display_name") if name in fields}
    return page(
        request,
        "desk/sign_in/link.html",
        status_code=status,
        kind=request.url.path,
        token=token,
        fields=kept,
        faults=faults,
    )


def _accept(request: Request, fields: dict[str, list[str]], names: Names | None) -> Response:
    check_origin(request)
    before, token = find_held(request), first(fields, "token")
    try:
        done = sign_ins_of(request).accept(token, first(fields, "password"), names, origin_of(request))
    except Refused as error:
        if error.faults[0].code == _GONE:
            return page(request, "desk/sign_in/link_gone.html", status_code=410)
        return _show_form(request, token, fields, error)
    leave(request, before)
    return go_to_second_step(request, done, "/")
