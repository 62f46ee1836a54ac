"""A problem as a page, for a person with a browser; programs go on getting problem documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final
from urllib.parse import quote

from fastapi import Request
from starlette.responses import RedirectResponse, Response

from api.pages.fields import fault_text
from api.pages.preferences import preferences_of
from api.pages.rendering import page
from indicators.errors import Fault, advice
from screening.people.access import load_permissions
from screening.phrases import Language

# Below this the answer is always for programs.
_FOR_PROGRAMS = ("/api/", "/health", "/metrics", "/static/")
_NOT_ALLOWED: Final = "S121"
# Nobody is signed in, or the second step is still to be done.
_SIGN_IN_FIRST: Final = frozenset({"S120", "S126"})


def wants_page(request: Request) -> bool:
    """Whether who asks is a browser that would show what comes back."""
    if request.url.path.startswith(_FOR_PROGRAMS):
        return False
    return "text/html" in request.headers.get("accept", "").lower()


def respond_as_page(request: Request, faults: Sequence[Fault], status: int) -> Response | None:
    """The page that says what went wrong and where to go on; None where a problem document is wanted."""
    if not wants_page(request):
        return None
    if request.method == "GET" and faults[0].code in _SIGN_IN_FIRST:
        # Signing in leads back to here.
        here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        to = "" if here == "/" else f"?to={quote(here, safe='/')}"
        return RedirectResponse(f"/sign-in{to}", 303, {"Cache-Control": "no-store"})
    lang = preferences_of(request).language
    problems = [
        {"message": fault_text(_in_words(one, lang), lang), "advice": advice(one, lang)}
        for one in faults[:20]
    ]
    return page(
        request,
        "problem.html",
        status_code=status,
        status=status,
        problems=problems,
        reference=str(getattr(request.state, "request_id", "")),
    )


def _in_words(one: Fault, lang: Language) -> Fault:
    """A permission is called by its name; programs are told its id."""
    known = load_permissions().permissions if one.code == _NOT_ALLOWED else {}
    named = known.get(str(one.slots.get("value")))
    return one if named is None else replace(one, slots={**one.slots, "value": named.label.say(lang)})
