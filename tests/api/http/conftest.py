"""A small resource made of the same parts as the real ones, to try the parts on both databases."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal

import pytest
from fastapi import APIRouter, FastAPI, Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from sqlalchemy import select
from starlette.testclient import TestClient

from api.access import Caller, requires
from api.bodies.reading import Body, Line, RecordId, reads
from api.paging import Page, Pages, page
from api.repetitions import Created, Repeatable
from api.versions import SeenVersion, answer
from screening.refusals import refused
from screening.storage.slices import take
from screening.storage.tables.sites import Site
from screening.storage.types import new_id
from screening.storage.versions import require_seen
from screening.work import Work
from tests.services import ClientFor, World


class NewThing(Body):
    """What a thing is made of."""

    code: Line
    kind: Literal["shelter", "embassy"] = "shelter"
    size: Annotated[int, Field(ge=1, le=9)] | None = None


class ThingShown(BaseModel):
    """A thing."""

    id: str
    code: str
    version: int


def show(site: Site) -> ThingShown:
    return ThingShown(id=site.id, code=site.code, version=site.version)


def add_things(app: FastAPI) -> None:
    """Add routes that are written as those of the records are."""
    router = APIRouter(prefix="/api/v1")

    @router.post("/things", status_code=201)
    def make_thing(
        repetition: Repeatable,
        caller: Caller = requires("sites.write"),
        body: NewThing = reads(NewThing),
        secret: Annotated[bool, Query()] = False,
    ) -> JSONResponse:
        def create(work: Work) -> Created:
            if body.code == "refused":
                raise refused("S122")
            count = len(work.session.scalars(select(Site.id)).all())
            site = Site(
                id=new_id(),
                code=body.code,
                kind=body.kind,
                name_en=body.code,
                name_ar=body.code,
                created_at=work.now + timedelta(seconds=count // 3),
            )
            work.session.add(site)
            work.session.flush()
            work.record("thing.create", "thing", site.id)
            return Created(show(site), version=1, location=f"/api/v1/things/{site.id}", secret=secret)

        return repetition.once(caller, create)

    @router.get("/things")
    def list_things(pages: Pages, caller: Caller = requires("sites.read")) -> Page[ThingShown]:
        with caller.work() as work:
            found = take(work.session, select(Site), pages, [Site.created_at, Site.id])
            return page(found, show)

    @router.patch("/things/{id}")
    def change_thing(
        id: RecordId,
        seen: SeenVersion,
        caller: Caller = requires("sites.write"),
        body: NewThing = reads(NewThing),
    ) -> JSONResponse:
        with caller.work() as work:
            site = work.session.get(Site, id, with_for_update=True)
            if site is None:
                raise refused("S150")
            require_seen(site, seen)
            site.name_en = body.code
            site.version += 1
            return answer(show(site), version=site.version)

    app.include_router(router)


@pytest.fixture
def things(app: FastAPI, client_for: ClientFor, world: World) -> TestClient:
    """The administrator's client of an application that also has things."""
    add_things(app)
    return client_for("administrator")
