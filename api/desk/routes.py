"""Every page of the desk: one router a file, included here and nowhere else."""

from __future__ import annotations

from fastapi import APIRouter

from api.desk import home, links, sign_in


def desk_routes() -> APIRouter:
    """The routes of the desk, for `add_pages`; each says by `opens` or `public` who may call it."""
    router = APIRouter(include_in_schema=False)
    for part in (home, sign_in, links):
        router.include_router(part.router)
    return router
