"""The first page, which leads everybody to where the own work begins; and the session's own addresses."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from api.access import Caller
from api.desk.navigation import first_address, links_for
from api.desk.viewing import KEEP_ADDRESS, SIGN_OUT_ADDRESS, opens
from api.pages.rendering import page
from api.signing_in import clear_session, find_held, origin_of, sign_ins_of

router = APIRouter(include_in_schema=False)


@router.get("/start")
def show_first_page(request: Request, caller: Caller = opens("self.manage")) -> Response:
    """Lead to where the work of the roles begins."""
    address = first_address(links_for(request, caller.actor), caller.actor)
    if address is None:
        return page(request, "desk/home.html")
    return RedirectResponse(address, 303, {"Cache-Control": "no-store"})


@router.post(KEEP_ADDRESS, status_code=204)
def keep_session(caller: Caller = opens("self.manage")) -> Response:
    """Say that somebody is still there: the request itself keeps the session."""
    return Response(status_code=204)


@router.get("/signed-in")
def show_signed_in(request: Request, caller: Caller = opens("self.manage")) -> Response:
    """Say that the other tab goes on; its script hears it from this page."""
    return page(request, "desk/sign_in/signed_in.html")


@router.get(SIGN_OUT_ADDRESS)
def ask_to_sign_out(request: Request, caller: Caller = opens("self.manage")) -> Response:
    """Ask before the session ends: a link alone must change nothing."""
    return page(request, "desk/sign_in/sign_out.html")


@router.post(SIGN_OUT_ADDRESS)
def sign_out(request: Request, caller: Caller = opens("self.manage")) -> Response:
    """End the session of this browser."""
    held = find_held(request)
    if held is not None:
        sign_ins_of(request).sign_out(held, origin_of(request))
    response = RedirectResponse("/sign-in?out=yes", 303)
    clear_session(request, response)
    return response
