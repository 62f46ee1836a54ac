"""A problem as a page, for a person with a browser; programs go on getting problem documents."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import Request
from starlette.responses import Response

from api.pages.preferences import preferences_of
from api.pages.rendering import page
from indicators.errors import Fault, advice, message

# Below this the answer is always for programs.
_FOR_PROGRAMS = ("/api/", "/health", "/metrics", "/static/")


def wants_page(request: Request) -> bool:
    """Whether who asks is a browser that would show what comes back."""
    if request.url.path.startswith(_FOR_PROGRAMS):
        return False
    return "text/html" in request.headers.get("accept", "").lower()


def respond_as_page(request: Request, faults: Sequence[Fault], status: int) -> Response | None:
    """The page that says what went wrong and where to go on; None where a problem document is wanted."""
    if not wants_page(request):
        return None
    lang = preferences_of(request).language
    problems = [
        {"message": _sentence(message(one, lang)), "advice": advice(one, lang)} for one in faults[:20]
    ]
    return page(
        request,
        "problem.html",
        status_code=status,
        status=status,
        problems=problems,
        reference=str(getattr(request.state, "request_id", "")),
    )


def _sentence(text: str) -> str:
    text = text[:1].upper() + text[1:]
    return text if text.endswith(".") else f"{text}."
