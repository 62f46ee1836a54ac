"""Who may call a route: every route names a permission, or says that it is public; a route that does neither
stops the start."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, cast

from fastapi import Depends, FastAPI, Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from screening.people.access import Actor
from screening.work import Service, Work

_MARK: Final = "__screening_access__"
PUBLIC: Final = "public"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls, and the service that works for them."""

    service: Service
    actor: Actor
    request_id: str | None

    @contextmanager
    def work(self, *, writes: bool = True) -> Iterator[Work]:
        """A transaction on behalf of the caller."""
        with self.service.work(self.actor, self.request_id, writes=writes) as work:
            yield work


def service_of(request: Request) -> Service:
    """The service that the application holds."""
    return cast(Service, request.app.state.service)


# Whoever calls a route that the operator has opened to everybody; no role, no permission.
ANYBODY: Final = Actor("anybody", "system", frozenset())


def requires(permission: str, *, unless: Callable[[Request], bool] | None = None) -> Any:
    """A dependency that gives the `Caller`, if roles and scopes give the permission anywhere at all.

    Which records it reaches is decided by `Work.require_case` and `Work.require_site`. Where `unless` holds,
    everybody may call, and the actor has no role.
    """

    def find_caller(request: Request) -> Caller:
        service = service_of(request)
        if unless is not None and unless(request):
            return Caller(service, ANYBODY, getattr(request.state, "request_id", None))
        authenticate: Callable[[Request], Actor] = request.app.state.authenticate
        actor = authenticate(request)
        service.permissions.require(actor, permission)
        return Caller(service, actor, getattr(request.state, "request_id", None))

    setattr(find_caller, _MARK, permission)
    return Depends(find_caller)


def public() -> Any:
    """A dependency that marks a route as open to everybody; it gives nothing."""

    def open_to_all() -> None:
        return None

    setattr(open_to_all, _MARK, PUBLIC)
    return Depends(open_to_all)


def access_of(route: APIRoute) -> str | None:
    """The permission a route names, `public`, or None if it says neither."""
    return _find(route.dependant)


def check_routes(app: FastAPI) -> None:
    """Raise `RuntimeError` naming every route that does not say who may call it."""
    silent = [route.path for route in app.routes if isinstance(route, APIRoute) and access_of(route) is None]
    if silent:
        raise RuntimeError(f"these routes do not say who may call them: {', '.join(sorted(silent))}")


def _find(dependant: Dependant) -> str | None:
    for inner in dependant.dependencies:
        mark = getattr(inner.call, _MARK, None) or _find(inner)
        if isinstance(mark, str):
            return mark
    return None
