"""From a template to a response: language, headers, compression, and what every page knows."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final, cast
from urllib.parse import quote

from fastapi import Request
from jinja2 import Environment, PackageLoader, Undefined
from markupsafe import Markup
from starlette.responses import HTMLResponse, Response

from api.pages import isolation
from api.pages.assets import Assets, accepts_gzip, load_assets
from api.pages.catalogues import load_translations
from api.pages.fields import fault_text, fill_fields
from api.pages.headers import PAGE_HEADERS
from api.pages.preferences import Preferences, Remember, preferences_of
from api.pages.settings import Marking, PageSettings
from api.pages.tokens import mask_token
from api.pages.viewers import viewer_of
from indicators.models import Text
from screening.phrases import LANGUAGES, Language

# Below this, compressing costs more than it saves.
_WORTH_COMPRESSING: Final = 1024


class Loud(Undefined):
    """A name that was not given may be asked about, but never shown or walked through: that is a mistake."""

    __slots__ = ()
    __str__ = __html__ = __iter__ = __len__ = Undefined._fail_with_undefined_error


class Pages:
    """The templates in both languages, the static files, and what operators set; one for an application."""

    def __init__(self, settings: PageSettings) -> None:
        self.settings = settings
        self.assets: Assets = load_assets()
        # What the service sets: keeps a choice of language or colours with the person's account.
        self.remember: Remember | None = None
        self._environments: dict[Language, Environment] = {
            language: _environment(language, self.assets) for language in LANGUAGES
        }

    def render(self, request: Request, template: str, context: Mapping[str, Any]) -> str:
        """The text of a template in the reader's language."""
        preferences = preferences_of(request)
        known = self._known(request, preferences)
        return self._environments[preferences.language].get_template(template).render({**known, **context})

    def _known(self, request: Request, preferences: Preferences) -> dict[str, Any]:
        """What every template may use without being given it."""
        raw = getattr(request.state, "csrf_token", None)
        token = mask_token(raw) if isinstance(raw, str) and raw else ""
        field = Markup('<input type="hidden" name="_csrf" value="{}">').format(token) if token else Markup()
        here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return {
            "viewer": viewer_of(request),
            # The navigation of who is signed in, put on the request by the desk.
            "desk": getattr(request.state, "desk", ()),
            "colours": preferences.colours,
            "here": here,
            "path": request.url.path,
            "to_here": f"to={quote(here, safe='/')}",
            "csrf_token": token,
            "csrf": field,
            "marking": marking_of(request, self.settings),
            "settings": self.settings,
        }


def pages_of(request: Request) -> Pages:
    """The pages that the application holds."""
    return cast(Pages, request.app.state.pages)


def marking_of(request: Request, settings: PageSettings) -> Marking | None:
    """What sets this page apart: practice mode, put on the request by its routes, or a demonstration site."""
    mark = getattr(request.state, "marking", None)
    return "practice" if mark == "practice" else settings.marking


def page(request: Request, template: str, /, *, status_code: int = 200, **context: Any) -> Response:
    """A whole page, with the headers of pages; the request is answered in the reader's language."""
    return _respond(request, template, status_code, context)


def fragment(request: Request, template: str, /, *, status_code: int = 200, **context: Any) -> Response:
    """A part of a page for htmx to put in its place; the same headers, and no layout."""
    return _respond(request, template, status_code, context)


def _respond(request: Request, template: str, status: int, context: Mapping[str, Any]) -> Response:
    pages = pages_of(request)
    text = pages.render(request, template, context)
    headers = {
        **PAGE_HEADERS,
        "Content-Language": preferences_of(request).language,
        "Vary": "Accept-Language, Cookie, Accept-Encoding, HX-Request",
    }
    if may_compress(request) and len(text) > _WORTH_COMPRESSING and accepts_gzip(request):
        body = gzip.compress(text.encode("utf-8"), 6, mtime=0)
        return Response(
            body, status, {**headers, "Content-Encoding": "gzip"}, media_type="text/html; charset=utf-8"
        )
    return HTMLResponse(text, status, headers)


def may_compress(request: Request) -> bool:
    """Whether nobody else can have put text beside what a page holds and read the length.

    Another site can choose the address of a page and nothing else: a page that was asked for with a query is
    sent as it is. Forms cannot be sent from elsewhere, and the token in a page is masked each time.
    """
    return not request.url.query


def _environment(language: Language, assets: Assets) -> Environment:
    environment = Environment(
        loader=PackageLoader("api", "templates"),
        autoescape=True,
        undefined=Loud,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.policies["ext.i18n.trimmed"] = True
    environment.install_gettext_translations(  # type: ignore[attr-defined]
        load_translations(language), newstyle=True
    )
    other: Language = "en" if language == "ar" else "ar"
    environment.globals.update(
        lang=language,
        direction=isolation.direction_of(language),
        other_lang=other,
        asset=assets.address,
        fill_fields=fill_fields,
    )
    filters: dict[str, Callable[..., Any]] = {
        "ltr": isolation.isolate_ltr,
        "name": isolation.isolate_name,
        "number": isolation.write_number,
        "part": isolation.write_part,
        "lines": isolation.write_lines,
        "day": partial(_in_language, isolation.write_day, language),
        "moment": partial(_in_language, isolation.write_moment, language),
        "say": partial(_say, language),
        "fault": partial(_in_language, fault_text, language),
        "quoted": partial(_in_language, isolation.write_quoted, language),
    }
    environment.filters.update(filters)
    return environment


def _in_language(write: Callable[..., Any], language: Language, value: Any) -> Any:
    return write(value, language)


def _say(language: Language, text: Text) -> str:
    return text.say(language)
