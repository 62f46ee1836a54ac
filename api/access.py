"""Who may call a route: every route names a permission, or says that it is public; a route that does neither
stops the start."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Final, cast

import anyio
from fastapi import Depends, FastAPI, Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts

from api.signing_in import FormTokenRead, address_of, count_request
from screening.people.access import Actor
from screening.refusals import Refused
from screening.work import Service, Work

_MARK: Final = "__screening_access__"
PUBLIC: Final = "public"
# What the roles do not allow (S121), do not reach (S122), or what looks as if it did not exist (S150).
_DENIALS: Final = frozenset({"S121", "S122", "S150"})


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls, and the service that works for them."""

    service: Service
    actor: Actor
    request_id: str | None
    # The template of the route that was called, for the audit of what was refused.
    route: str | None = None

    def work(self, *, writes: bool = True) -> AbstractContextManager[Work]:
        """A transaction on behalf of the caller."""
        return self.service.work(self.actor, self.request_id, writes=writes)

    def note_denial(self, code: str) -> None:
        """Audit that something was refused, in a transaction of its own: the one of the request is undone.

        What a route raises is noted by `requires`; only a route that answers a denial itself calls this.
        """
        if code not in _DENIALS:
            return
        with self.service.work(self.actor, self.request_id) as work:
            kind, id = ("token", self.actor.token_id) if self.actor.token_id else ("account", None)
            work.record("access.refused", kind, id or self.actor.account_id, code=code, route=self.route)


def service_of(request: Request) -> Service:
    """The service that the application holds."""
    return cast(Service, request.app.state.service)


# Whoever calls a route that the operator has opened to everybody; no role, no permission.
ANYBODY: Final = Actor("anybody", "system", frozenset())


def requires(permission: str, *, unless: Callable[[Request], bool] | None = None) -> Any:
    """A dependency that gives the `Caller`, if roles and scopes give the permission anywhere at all.

    Which records it reaches is decided by `Work.require_case` and `Work.require_site`. Where `unless` holds,
    everybody may call, and the actor has no role. Whatever the route raises because of roles or reach is
    audited, whoever opened the transaction that it undid.
    """

    def find_caller(request: Request, _form: FormTokenRead) -> Caller:
        service = service_of(request)
        request_id = getattr(request.state, "request_id", None)
        if unless is not None and unless(request):
            count_request(request, f"address:{address_of(request)}")
            return Caller(service, ANYBODY, request_id)
        authenticate: Callable[[Request], Actor] = request.app.state.authenticate
        caller = Caller(
            service, authenticate(request), request_id, getattr(request.scope.get("route"), "path", None)
        )
        try:
            service.permissions.require(caller.actor, permission)
        except Refused as error:
            caller.note_denial(error.faults[0].code)
            raise
        return caller

    setattr(find_caller, _MARK, permission)

    async def let_in(caller: Caller = Depends(find_caller)) -> AsyncIterator[Caller]:
        try:
            yield caller
        except Refused as error:
            await anyio.to_thread.run_sync(caller.note_denial, error.faults[0].code)
            raise

    return Depends(let_in)


def public(*, counted: bool = True) -> Any:
    """A dependency that marks a route as open to everybody; an address can call so many times a minute.

    Without `counted` as often as it likes: for static files, of which one page takes several.
    """

    def open_to_all(request: Request) -> None:
        if counted:
            count_request(request, f"address:{address_of(request)}")

    setattr(open_to_all, _MARK, PUBLIC)
    return Depends(open_to_all)


def api_routes(app: FastAPI) -> list[RouteContext]:
    """Every route of the application, those of included routers among them, with all that it depends on."""
    return [one for one in iter_route_contexts(app.routes) if isinstance(one.original_route, APIRoute)]


def access_of(route: RouteContext) -> str | None:
    """The permission a route names, `public`, or None if it says neither."""
    return _find(route.dependant)


def check_routes(app: FastAPI) -> None:
    """Raise `RuntimeError` naming every route that does not say who may call it.

    What is no route of ours (a folder of files, another application) cannot say so, and is refused; the
    description of the interface is meant to be read by everybody.
    """
    silent = [str(route.path) for route in api_routes(app) if access_of(route) is None]
    silent += [
        str(one.path)
        for one in iter_route_contexts(app.routes)
        if not isinstance(one.original_route, APIRoute) and one.path != app.openapi_url
    ]
    if silent:
        raise RuntimeError(f"these routes do not say who may call them: {', '.join(sorted(silent))}")


def _find(dependant: Dependant) -> str | None:
    for inner in dependant.dependencies:
        mark = getattr(inner.call, _MARK, None) or _find(inner)
        if isinstance(mark, str):
            return mark
    return None
