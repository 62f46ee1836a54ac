"""Who looks at a page, as far as a page needs to know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from fastapi import Request

from screening.phrases import Language

Colours = Literal["auto", "light", "dark"]


@dataclass(frozen=True, slots=True)
class SessionEnd:
    """When a session ends by itself, so that a page can warn before: seconds, and where to go."""

    seconds: int
    warn_seconds: int
    keep_address: str
    sign_in_address: str


@dataclass(frozen=True, slots=True)
class Viewer:
    """A signed-in person: the name shown, the way out, and the language and colours the person chose.

    `who` is the same in all sessions of an account and of no other: two people may have one name. With an
    `account_address` the name leads to the person's own account.
    """

    name: str
    who: str
    sign_out_address: str
    language: Language | None = None
    colours: Colours | None = None
    session: SessionEnd | None = None
    account_address: str | None = None


def viewer_of(request: Request) -> Viewer | None:
    """The signed-in person whom the session put on the request as `request.state.viewer`."""
    found = getattr(request.state, "viewer", None)
    return found if isinstance(found, Viewer) else None
