"""What pages share, given to an application: static files, languages, colours, the blank page, problems."""

from __future__ import annotations

from fastapi import APIRouter, FastAPI, Request
from starlette.responses import RedirectResponse, Response

from api.access import public
from api.desk.routes import desk_routes
from api.desk.viewing import remember_choice
from api.pages.assets import STATIC_PATH
from api.pages.gallery import gallery_routes
from api.pages.preferences import local_address, preference_routes
from api.pages.problems import respond_as_page
from api.pages.rendering import Pages, page
from api.pages.settings import PageSettings
from api.problems import refuse


def add_pages(app: FastAPI, settings: PageSettings | None = None, *, desk: bool = False) -> Pages:
    """Give an application its pages: what they share, and the desk, which needs a service to sign in to.

    Returns what `request.app.state.pages` then holds. Other routes of pages are included by their owners.
    """
    pages = Pages(settings if settings is not None else PageSettings())
    app.state.pages = pages
    app.state.respond_as_page = respond_as_page
    router = APIRouter(include_in_schema=False, dependencies=[public(counted=False)])
    router.include_router(preference_routes(lambda: pages.remember))

    @router.get(STATIC_PATH + "/{digest}/{name:path}")
    async def send_asset(request: Request, digest: str, name: str) -> Response:
        response = pages.assets.respond(request, digest, name)
        if response is None:
            raise refuse("S022")
        return response

    @router.get("/favicon.ico")
    async def send_icon() -> Response:
        return RedirectResponse(pages.assets.address("icon.svg"), 303)

    @router.get("/blank")
    async def hide(request: Request, to: str | None = None) -> Response:
        return page(request, "blank.html", back=local_address(to))

    if pages.settings.gallery:
        router.include_router(gallery_routes())
    app.include_router(router)
    if desk:
        pages.remember = remember_choice
        app.include_router(desk_routes())
    return pages
