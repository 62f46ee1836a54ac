"""Language and colours: what the person chose, else what this browser was told, else what it asks for."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final, get_args

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from api.languages import choose_language
from api.pages.viewers import Colours, viewer_of
from api.problems import refuse
from screening.phrases import LANGUAGES, Language

LANGUAGE_COOKIE: Final = "language"
COLOURS_COOKIE: Final = "colours"
COLOURS: Final[tuple[Colours, ...]] = get_args(Colours)
_A_YEAR: Final = 31_536_000
# One slash and then no other, no backslash and nothing that could end a header: stays on this site.
_LOCAL: Final = re.compile(r"/(?![/\\])[!-\[\]-~]*\Z")


@dataclass(frozen=True, slots=True)
class Preferences:
    """In which language and colours a page is shown."""

    language: Language
    colours: Colours


# What the service does to keep a choice with the person's account; called once a choice is made.
Remember = Callable[[Request, Preferences], Awaitable[None]]


def preferences_of(request: Request) -> Preferences:
    """The person's own choice, else the browser's cookie, else `Accept-Language` and the system's colours."""
    viewer = viewer_of(request)
    language = viewer.language if viewer is not None else None
    colours = viewer.colours if viewer is not None else None
    kept_language, kept_colours = kept_choice(request, LANGUAGE_COOKIE), kept_choice(request, COLOURS_COOKIE)
    if language is None and kept_language in LANGUAGES:
        language = kept_language
    if colours is None and kept_colours in COLOURS:
        colours = kept_colours
    return Preferences(
        language or choose_language(request.headers.get("accept-language")),
        colours or "auto",
    )


def local_address(text: str | None) -> str:
    """The address if it stays on this site, else the first page: nobody is sent elsewhere by a link to us."""
    return text if text is not None and _LOCAL.match(text) else "/"


def keep_choice(request: Request, response: Response, cookie: str, value: str) -> None:
    """Have the browser keep a choice of language or colours for a year."""
    response.set_cookie(
        _cookie_name(request, cookie),
        value,
        max_age=_A_YEAR,
        path="/",
        httponly=True,
        samesite="lax",
        secure=_is_over_tls(request),
    )


def kept_choice(request: Request, cookie: str) -> str | None:
    """What this browser keeps of a choice, whatever that is."""
    return request.cookies.get(_cookie_name(request, cookie))


def _cookie_name(request: Request, cookie: str) -> str:
    # The prefix keeps other hosts of the domain from setting it; over plain http browsers refuse it.
    return f"__Host-{cookie}" if _is_over_tls(request) else cookie


def _is_over_tls(request: Request) -> bool:
    settings = getattr(request.app.state, "settings", None)
    public: str | None = getattr(settings, "public_url", None)
    # Behind a proxy the request itself always comes over plain http.
    return request.url.scheme == "https" if public is None else public.startswith("https://")


def preference_routes(remember: Callable[[], Remember | None]) -> APIRouter:
    """`/set/language/{…}` and `/set/colours/{…}`: plain links, which lead back to where they were."""
    router = APIRouter(include_in_schema=False)

    @router.get("/set/language/{language}")
    async def set_language(request: Request, language: str, to: str | None = None) -> Response:
        if language not in LANGUAGES:
            raise refuse("S022")
        chosen = Preferences(language, preferences_of(request).colours)
        return await _keep(request, LANGUAGE_COOKIE, language, chosen, to)

    @router.get("/set/colours/{colours}")
    async def set_colours(request: Request, colours: str, to: str | None = None) -> Response:
        if colours not in COLOURS:
            raise refuse("S022")
        chosen = Preferences(preferences_of(request).language, colours)
        return await _keep(request, COLOURS_COOKIE, colours, chosen, to)

    async def _keep(
        request: Request, cookie: str, value: str, chosen: Preferences, to: str | None
    ) -> Response:
        keeper = remember()
        if keeper is not None:
            await keeper(request, chosen)
        response = RedirectResponse(local_address(to), status_code=303, headers={"Cache-Control": "no-store"})
        keep_choice(request, response, cookie, value)
        return response

    return router
