"""Signing in through an organisation: two addresses that a browser is sent to, one from each side."""

from __future__ import annotations

import base64
import binascii
import json
from datetime import datetime, timedelta
from typing import Final

import structlog
from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from api.access import public
from api.signing_in import find_held, origin_of, set_session, sign_ins_of
from screening.people.access import SYSTEM
from screening.people.accounts import subject_lookup
from screening.people.identity_providers import Begun, IdentityProvider
from screening.refusals import Refused, refused
from screening.work import Work

router = APIRouter(include_in_schema=False, dependencies=[public()])

RETURN_PATH: Final = "/sign-in/organisation/return"
_AFTERWARDS: Final = "/"
_COOKIE: Final = "organisation"
_WITHIN: Final = timedelta(minutes=10)


@router.get("/sign-in/organisation")
def begin_at_organisation(request: Request) -> Response:
    """Send the browser to the organisation's identity provider."""
    sign_ins = sign_ins_of(request)
    # Who is known to the provider is signed in without a question there: another site must not begin that.
    if request.headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
        raise refused("S127")
    address, begun = IdentityProvider(sign_ins.settings, RETURN_PATH).begin()
    with sign_ins.service.work(SYSTEM, writes=False) as work:
        sealed = _seal(work, begun)
    response = RedirectResponse(address, status_code=303)
    response.set_cookie(
        _cookie_name(request),
        sealed,
        max_age=int(_WITHIN.total_seconds()),
        path="/",
        secure=not sign_ins.settings.is_plain_http,
        httponly=True,
        # The provider sends the browser back from its own site: `strict` would leave the cookie behind.
        samesite="lax",
    )
    return response


@router.get(RETURN_PATH)
def return_from_organisation(request: Request) -> Response:
    """Take what the provider sends back; the second step follows unless its own was enough."""
    sign_ins = sign_ins_of(request)
    provider = IdentityProvider(sign_ins.settings, RETURN_PATH)
    try:
        with sign_ins.service.work(SYSTEM, writes=False) as work:
            begun, now = _open(work, request.cookies.get(_cookie_name(request), "")), work.now
        vouched = provider.finish(begun, request.query_params, now)
    except Refused as error:
        cause = type(error.__cause__).__name__ if error.__cause__ is not None else "refused"
        structlog.get_logger().warning("organisation_sign_in_failed", kind=cause)
        raise
    with sign_ins.service.work(SYSTEM, writes=False) as work:
        lookup = subject_lookup(work, provider.issuer, vouched.subject)
    before = find_held(request)
    done = sign_ins.begin_by_subject(
        lookup, origin_of(request), second_factor_done=vouched.second_factor_done
    )
    if before is not None:
        sign_ins.sign_out(before, origin_of(request))
    response = RedirectResponse(_AFTERWARDS, status_code=303)
    set_session(request, response, done.session)
    response.delete_cookie(_cookie_name(request), path="/", secure=not sign_ins.settings.is_plain_http)
    return response


def _cookie_name(request: Request) -> str:
    return _COOKIE if sign_ins_of(request).settings.is_plain_http else f"__Host-{_COOKIE}"


def _seal(work: Work, begun: Begun) -> str:
    text = json.dumps([begun.state, begun.nonce, begun.verifier, (work.now + _WITHIN).isoformat()])
    return base64.urlsafe_b64encode(work.seal_system("sessions", "organisation", "cookie", text)).decode()


def _open(work: Work, sealed: str) -> Begun:
    try:
        raw = base64.urlsafe_b64decode(sealed.encode("ascii"))
        state, nonce, verifier, until = json.loads(
            work.open_system("sessions", "organisation", "cookie", raw)
        )
        fresh = work.now < datetime.fromisoformat(until) <= work.now + _WITHIN
    except (Refused, binascii.Error, ValueError) as error:
        raise refused("S145") from error
    if not fresh:
        raise refused("S145")
    return Begun(state, nonce, verifier)
