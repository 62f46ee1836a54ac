"""The places that work with the system."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from api.access import Caller, requires
from api.bodies.people import NewSite, SiteChange, SiteShown
from api.bodies.reading import RecordId, reads
from api.paging import Page, Pages, page
from api.problems import problem_responses
from api.repetitions import Created, Repeatable
from api.versions import SeenVersion, answer
from indicators.models import Text
from screening.people import sites
from screening.people.sites import SiteNames
from screening.storage.slices import take
from screening.storage.tables.sites import Site
from screening.storage.versions import require_seen
from screening.work import Work

router = APIRouter(prefix="/api/v1", tags=["sites"])


@router.get("/sites", summary="Sites by code", responses=problem_responses(401, 403, 422, 503))
def list_sites(
    pages: Pages, caller: Caller = requires("sites.read"), active: bool | None = None
) -> Page[SiteShown]:
    """List the sites."""
    with caller.work(writes=False) as work:
        return page(
            take(work.session, sites.select_sites(active), pages, [Site.code], newest_first=False), _show
        )


@router.post(
    "/sites",
    summary="Add a site",
    status_code=201,
    response_model=SiteShown,
    responses=problem_responses(400, 401, 403, 409, 413, 415, 422, 503),
)
def add_site(
    repetition: Repeatable, caller: Caller = requires("sites.write"), body: NewSite = reads(NewSite)
) -> JSONResponse:
    """Add a site."""

    def create(work: Work) -> Created:
        site = sites.add_site(work, body.code, body.kind, SiteNames(body.name.en, body.name.ar))
        return Created(_show(site), version=site.version, location=f"/api/v1/sites/{site.id}")

    return repetition.once(caller, create)


@router.get(
    "/sites/{id}",
    summary="One site",
    response_model=SiteShown,
    responses=problem_responses(401, 403, 404, 503),
)
def show_site(id: RecordId, caller: Caller = requires("sites.read")) -> JSONResponse:
    """Show a site."""
    with caller.work(writes=False) as work:
        site = sites.find_site(work, id)
        return answer(_show(site), version=site.version)


@router.patch(
    "/sites/{id}",
    summary="Change a site",
    response_model=SiteShown,
    responses=problem_responses(400, 401, 403, 404, 412, 413, 415, 422, 428, 503),
)
def change_site(
    id: RecordId,
    seen: SeenVersion,
    caller: Caller = requires("sites.write"),
    body: SiteChange = reads(SiteChange),
) -> JSONResponse:
    """Change a site; its code stays, because people have written it down."""
    with caller.work() as work:
        site = sites.find_site(work, id, to_change=True)
        require_seen(site, seen)
        names = None if body.name is None else SiteNames(body.name.en, body.name.ar)
        sites.change_site(work, site, kind=body.kind, names=names, active=body.active)
        return answer(_show(site), version=site.version)


def _show(site: Site) -> SiteShown:
    return SiteShown.model_validate(
        {
            "id": site.id,
            "code": site.code,
            "kind": site.kind,
            "name": Text(en=site.name_en, ar=site.name_ar),
            "active": site.active,
            "version": site.version,
        }
    )
