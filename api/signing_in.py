"""Who calls: a session in a cookie or a token in a header; from where, how often, and from which page."""

from __future__ import annotations

import hmac
import ipaddress
import time
from collections.abc import Sequence
from math import ceil
from typing import Annotated, Any, Final, cast
from urllib.parse import parse_qsl, urlsplit

from fastapi import Depends, FastAPI, Request
from fastapi.responses import Response
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from api.pages.tokens import matches_token
from api.problems import refuse
from screening.people import api_tokens
from screening.people.access import SYSTEM, Actor
from screening.people.passwords import Hasher
from screening.people.sessions import Opened
from screening.people.settings import LOOPBACK_NAMES, SignInSettings
from screening.people.sign_ins import From, Held, SignIns
from screening.refusals import refused
from screening.work import Service

CSRF_HEADER: Final = "x-csrf-token"
CSRF_FIELD: Final = "_csrf"
# Only over TLS, only for this host, for every path: browsers refuse a cookie of this name otherwise.
_COOKIE: Final = "__Host-screening"
# Browsers do not keep such a cookie over plain http. That is possible on this machine only, for development.
_PLAIN_COOKIE: Final = "screening-on-this-machine"
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_FORM: Final = "application/x-www-form-urlencoded"
_LONGEST_TOKEN: Final = 200

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class RequestRates:
    """How many requests a caller sends a minute.

    Each process counts for itself: what is protected is the process. What may be guessed at is counted in the
    database, for all processes together (`screening.people.attempts`).
    """

    def __init__(self, per_minute: int) -> None:
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._item = RateLimitItemPerMinute(per_minute)

    def count(self, caller: str) -> None:
        """Count one request; raises `Refused` with S148 and the seconds to wait if there were too many."""
        if not self._limiter.hit(self._item, caller):
            wait = self._limiter.get_window_stats(self._item, caller).reset_time - time.time()
            raise refused("S148", seconds=max(1, ceil(wait)))


def prepare_signing_in(
    app: FastAPI, service: Service, settings: SignInSettings, hasher: Hasher | None = None
) -> None:
    """Give an application what it needs to know who calls."""
    app.state.sign_ins = SignIns(service, settings, hasher)
    app.state.request_rates = RequestRates(settings.requests_per_minute)
    app.state.authenticate = authenticate


def authenticate(request: Request) -> Actor:
    """Who calls; raises `Refused` with S120, S126 before the second step, S127 for a forged request, S148."""
    header = request.headers.get("authorization")
    if header is not None:
        actor = _find_by_token(request, header)
        count_request(request, f"token:{actor.token_id}")
        return actor
    held = find_held(request)
    if held is None:
        count_request(request, f"address:{address_of(request)}")
        raise refused("S120")
    count_request(request, f"account:{held.account_id}")
    if request.method not in _SAFE:
        check_csrf(request, held)
    if held.step != "signed_in":
        raise refused("S126")
    return held.actor


def find_held(request: Request) -> Held | None:
    """The session of the request's cookie if it has not ended, looked up once a request."""
    if not hasattr(request.state, "held"):
        sign_ins = sign_ins_of(request)
        token = session_token(request)
        held = sign_ins.find(token) if token is not None else None
        request.state.held = held
        # What a page puts into its forms.
        request.state.csrf_token = None if held is None else held.csrf_token
    return cast("Held | None", request.state.held)


def count_request(request: Request, caller: str) -> None:
    """Count one request of a caller; raises `Refused` with S148 if there were too many."""
    rates: RequestRates = request.app.state.request_rates
    rates.count(caller)


def sign_ins_of(request: Request) -> SignIns:
    """The doors that the application holds."""
    return cast(SignIns, request.app.state.sign_ins)


def origin_of(request: Request) -> From:
    """Where a request came from."""
    return From(address_of(request), getattr(request.state, "request_id", None))


# The cookie


def session_token(request: Request) -> str | None:
    """The token in the request's cookie."""
    found = request.cookies.get(_cookie_name(sign_ins_of(request).settings))
    return found if found and len(found) <= _LONGEST_TOKEN else None


def set_session(request: Request, response: Response, opened: Opened) -> None:
    """Put a session into the browser. It has no date: it goes with the browser, and earlier with its end."""
    settings = sign_ins_of(request).settings
    response.set_cookie(
        _cookie_name(settings),
        opened.token,
        path="/",
        secure=not settings.is_plain_http,
        httponly=True,
        samesite="lax",
    )
    response.headers["Cache-Control"] = "no-store"


def clear_session(request: Request, response: Response) -> None:
    """Take the session out of the browser, and what it kept of our pages; records not yet sent stay."""
    settings = sign_ins_of(request).settings
    response.delete_cookie(
        _cookie_name(settings), path="/", secure=not settings.is_plain_http, httponly=True, samesite="lax"
    )
    response.headers["Clear-Site-Data"] = '"cache"'
    response.headers["Cache-Control"] = "no-store"


def _cookie_name(settings: SignInSettings) -> str:
    return _PLAIN_COOKIE if settings.is_plain_http else _COOKIE


# Requests that another site makes a browser send


async def read_form_token(request: Request) -> None:
    """Keep the token of a posted form for `check_csrf`; raises `RequestRefused` with S020 if it is too large.

    A dependency of every route that needs a caller: only an asynchronous one can read a body. What is read is
    there again for the route.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    request.state.form_token = None
    if request.method in _SAFE or kind != _FORM or CSRF_HEADER in request.headers:
        return
    limit = int(request.app.state.settings.largest_body_kib)
    length = request.headers.get("content-length", "")
    # The server reads no more than the length that was announced.
    if not (length.isascii() and length.isdigit() and len(length) < 12 and int(length) <= limit * 1024):
        raise refuse("S020", limit=limit)
    body = await request.body()
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=5000)
    except ValueError:
        return
    request.state.form_token = next((value for name, value in pairs if name == CSRF_FIELD), None)


FormTokenRead = Annotated[None, Depends(read_form_token)]


def check_csrf(request: Request, held: Held) -> None:
    """Raise `Refused` with S127 unless one of our own pages, or a program with the token, sent this."""
    check_origin(request)
    given = request.headers.get(CSRF_HEADER) or getattr(request.state, "form_token", None)
    plain = hmac.compare_digest((given or "").encode("utf-8", "replace"), held.csrf_token.encode())
    # In a page it stands under a mask of its own each time.
    if not plain and not matches_token(given, held.csrf_token):
        raise refused("S127")


def check_origin(request: Request) -> None:
    """Raise `Refused` with S127 if the browser says that another site sent this."""
    if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
        raise refused("S127")
    origin = request.headers.get("origin")
    if origin is not None and not _is_ours(request, origin):
        raise refused("S127")


def _is_ours(request: Request, origin: str) -> bool:
    settings = sign_ins_of(request).settings
    if origin == settings.public_address:
        return True
    if not settings.is_plain_http:
        return False
    # On this machine the service has several names, and the port may have been chosen by a test.
    parts = urlsplit(origin)
    return (
        parts.scheme == "http"
        and parts.hostname in LOOPBACK_NAMES
        and parts.netloc.lower() == request.headers.get("host", "").lower()
    )


# Tokens


def _find_by_token(request: Request, header: str) -> Actor:
    service = cast(Service, request.app.state.service)
    kind, _, token = header.partition(" ")
    actor: Actor | None = None
    if kind.lower() == "bearer" and len(token) <= _LONGEST_TOKEN:
        with service.work(SYSTEM, writes=False) as work:
            row = api_tokens.find_token(work.session, token.strip(), work.now)
            actor = None if row is None else api_tokens.actor_of(work.session, row)
            stale = row is not None and api_tokens.is_worth_noting(row, work.now)
    if actor is None or actor.token_id is None:
        count_request(request, f"address:{address_of(request)}")
        raise refused("S120")
    if stale:
        with service.work(actor, getattr(request.state, "request_id", None)) as work:
            api_tokens.see(work, actor.token_id)
    return actor


# Addresses


def address_of(request: Request) -> str:
    """The address of who calls; of an IPv6 address the part that one subscriber has.

    `X-Forwarded-For` is believed as far as trusted proxies wrote it: from its end back to the first address
    that is none of them.
    """
    peer = request.client.host if request.client is not None else ""
    networks = sign_ins_of(request).settings.networks
    named = [part.strip() for line in request.headers.getlist("x-forwarded-for") for part in line.split(",")]
    for following in reversed(named):
        if not _is_trusted(peer, networks):
            break
        # Nobody's address: the proxy that was asked last is all that is known.
        if _read_address(following) is None:
            break
        peer = following
    return _write_address(peer)


def _is_trusted(address: str, networks: Sequence[Network]) -> bool:
    found = _read_address(address)
    return found is not None and any(found in network for network in networks)


def _read_address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        found = ipaddress.ip_address(text.partition("%")[0].strip("[]"))
    except ValueError:
        return None
    mapped = getattr(found, "ipv4_mapped", None)
    return found if mapped is None else mapped


def _write_address(text: str) -> str:
    found: Any = _read_address(text)
    if isinstance(found, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((found, 64), strict=False))
    return text[:100] if found is None else str(found)
