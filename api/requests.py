"""Around every request: how much of a body is read, what the answer's headers forbid, one log line."""

from __future__ import annotations

import secrets
import time
from typing import Final

import structlog
from fastapi import Request
from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.routing import Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import refuse, respond_to_the_unexpected

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": (
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
}
# A browser that has been here over TLS once never asks without it again.
STRICT_TRANSPORT: Final = "max-age=31536000; includeSubDomains"


async def read_json_body(request: Request, largest_kib: int) -> bytes:
    """The body of a JSON request, never more of it than the limit; raises `RequestRefused` otherwise."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json" and not kind.endswith("+json"):
        raise refuse("S024")
    limit = largest_kib * 1024
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > limit:
            raise refuse("S020", limit=largest_kib)
    return bytes(body)


# What the log says of a request whose sender went away before it was answered.
GONE = 499


class Surroundings:
    """ASGI middleware: security headers, a request id, and one line of log without path values or content.

    It also answers what nobody foresaw. Further out the server would write the exception with its text, and
    that may hold an answer. HEAD is answered like GET, without the body.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, then write its line."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = secrets.token_hex(8)
        scope.setdefault("state", {})["request_id"] = request_id
        begun = time.perf_counter()
        status = 500
        started = False
        method = scope["method"]
        if method == "HEAD":
            scope = {**scope, "method": "GET"}

        async def send_with_headers(message: Message) -> None:
            nonlocal status, started
            if message["type"] == "http.response.start":
                status, started = message["status"], True
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                headers["X-Request-Id"] = request_id
                if _is_over_tls(scope):
                    headers["Strict-Transport-Security"] = STRICT_TRANSPORT
            elif method == "HEAD":
                message = {**message, "body": b""}
            await send(message)

        try:
            await self.app(scope, receive, send_with_headers)
        except ClientDisconnect:
            status = GONE
        except Exception as error:  # noqa: BLE001 - the promise is that nothing gets past here
            structlog.get_logger().error("unexpected_error", kind=type(error).__name__, request_id=request_id)
            if not started:
                response = respond_to_the_unexpected(Request(scope))
                await response(scope, receive, send_with_headers)
        finally:
            seconds = time.perf_counter() - begun
            route = _route_of(scope)
            codes = _codes_of(scope)
            scope["app"].state.metrics.count_request(route, method, status, seconds, codes)
            structlog.get_logger().info(
                "request",
                method=method,
                route=route,
                status=status,
                request_id=request_id,
                milliseconds=round(seconds * 1000, 1),
                **({"codes": codes} if codes else {}),
            )


def _is_over_tls(scope: Scope) -> bool:
    """Whether browsers come over TLS; the proxy speaks plain http to us, so the address does not tell."""
    settings = getattr(scope["app"].state, "settings", None)
    public: str | None = getattr(settings, "public_url", None)
    return public is not None and public.startswith("https://")


def _codes_of(scope: Scope) -> list[str]:
    return scope.get("state", {}).get("codes") or []


def _route_of(scope: Scope) -> str:
    """The template of the route, such as `/api/v1/rules/{id}`: a path may hold what somebody typed."""
    template = getattr(scope.get("route"), "path", None)
    if isinstance(template, str):
        return template
    app = scope.get("app")
    for route in getattr(app, "routes", ()):
        match, _ = route.matches(scope)
        if match != Match.NONE:
            return str(getattr(route, "path", "unmatched"))
    return "unmatched"
