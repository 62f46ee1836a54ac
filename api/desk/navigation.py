"""Where each role can go: the links at the top of every page, and the first page after signing in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from fastapi import FastAPI, Request

from api.access import api_routes, service_of
from screening.people.access import Actor


@dataclass(frozen=True, slots=True)
class Place:
    """A page that somebody's work begins at; `words` in the layout has its name.

    It is shown to who has one of the permissions, and only once the application has a route for it.
    """

    id: str
    address: str
    permissions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """A place in the navigation of one page."""

    id: str
    address: str
    current: bool


# In the order of the navigation. The first that somebody may open is where the work begins, but for those
# whose own page comes later (`_BEGINS`).
PLACES: Final = (
    Place("interviews", "/interviews", ("interviews.write",)),
    Place("visits", "/visits", ("visits.write",)),
    Place("cases", "/cases", ("cases.read",)),
    Place("referrals", "/referrals", ("referrals.read",)),
    Place("supervision", "/supervision", ("cases.assign",)),
    Place("statistics", "/statistics", ("statistics.read",)),
    Place("rules", "/rules", ("rules.read",)),
    Place("administration", "/administration", ("accounts.read",)),
    Place("audit", "/audit", ("audit.read",)),
    Place("practice", "/practice", ("interviews.write",)),
)
_BEGINS: Final = {"supervisor": "supervision", "inspector": "visits"}


def links_for(request: Request, actor: Actor) -> tuple[Link, ...]:
    """The links that somebody sees, those that exist and open for him."""
    permissions = service_of(request).permissions
    there = _addresses(request.app)
    path = request.url.path
    return tuple(
        Link(one.id, one.address, path == one.address or path.startswith(one.address + "/"))
        for one in PLACES
        if one.address in there
        and any(permissions.allowed(actor, permission).anywhere for permission in one.permissions)
    )


def first_address(links: tuple[Link, ...], actor: Actor) -> str | None:
    """Where somebody's work begins; None if no page is there for his roles."""
    found = {link.id: link.address for link in links}
    for role, place in _BEGINS.items():
        if role in actor.roles and place in found:
            return found[place]
    return links[0].address if links else None


def _addresses(app: FastAPI) -> frozenset[str]:
    known: frozenset[str] | None = getattr(app.state, "desk_addresses", None)
    if known is None:
        known = frozenset(str(one.path) for one in api_routes(app) if "GET" in (one.methods or ()))
        app.state.desk_addresses = known
    return known
