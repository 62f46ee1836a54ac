"""The places that work with the system: listed, added, renamed, put to rest."""

from __future__ import annotations

import re
from typing import Final, get_args

from fastapi import APIRouter, Request
from sqlalchemy import func, select
from starlette.responses import RedirectResponse, Response

from api.access import Caller
from api.bodies.reading import RecordId
from api.desk.filling import looking, require_filled, status_of
from api.desk.forms import faults_of, read_version, require_chosen, written
from api.desk.viewing import Posted, first, opens
from api.pages.digits import normalise_digits
from api.pages.fields import FieldFault, Fields
from api.pages.rendering import page
from indicators.errors import fault
from screening.people import sites
from screening.people.sites import SiteKind, SiteNames
from screening.refusals import Refused
from screening.storage.tables.people import Membership
from screening.storage.tables.sites import Site
from screening.storage.versions import require_seen

router = APIRouter(include_in_schema=False)

KINDS: Final[tuple[SiteKind, ...]] = get_args(SiteKind)
_CODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}\Z")


@router.get("/administration/sites")
def show_sites(request: Request, done: str = "", caller: Caller = opens("sites.write")) -> Response:
    """Every site, with how many roles are given there."""
    with looking(caller) as work:
        rows = work.session.scalars(sites.select_sites().order_by(Site.active.desc(), Site.code)).all()
        counted = work.session.execute(
            select(Membership.site_id, func.count(func.distinct(Membership.account_id))).group_by(
                Membership.site_id
            )
        )
        people = {row[0]: row[1] for row in counted}
    return page(
        request, "desk/administration/sites.html", rows=rows, people=people, done=done in ("added", "changed")
    )


@router.get("/administration/sites/new")
def ask_for_site(request: Request, caller: Caller = opens("sites.write")) -> Response:
    """The form for a new site."""
    return _show(request, None, {})


@router.post("/administration/sites/new")
def add_new_site(request: Request, fields: Posted, caller: Caller = opens("sites.write")) -> Response:
    """Add a site."""
    faults = _check(fields)
    code = normalise_digits(first(fields, "code"))
    if not _CODE.match(code):
        faults = (FieldFault("code", "code", fault("A091", field="code")), *faults)
    kind = next((one for one in KINDS if one == first(fields, "kind")), None)
    if faults or kind is None:
        return _show(request, None, fields, faults)
    try:
        with caller.work() as work:
            sites.add_site(work, code, kind, _names(fields))
    except Refused as error:
        return _show(request, None, fields, _faults(error))
    return RedirectResponse("/administration/sites?done=added", 303)


@router.get("/administration/sites/{id}")
def ask_to_change_site(request: Request, id: RecordId, caller: Caller = opens("sites.write")) -> Response:
    """The form for a site, filled in."""
    with looking(caller) as work:
        site = sites.find_site(work, id)
    fields = {
        "kind": [site.kind],
        "name_en": [site.name_en],
        "name_ar": [site.name_ar],
        "active": ["yes" if site.active else "no"],
    }
    return _show(request, site, fields)


@router.post("/administration/sites/{id}")
def change_one_site(
    request: Request, id: RecordId, fields: Posted, caller: Caller = opens("sites.write")
) -> Response:
    """Change a site; its code stays, because people have written it down."""
    with looking(caller) as work:
        shown = sites.find_site(work, id)
    faults = (*_check(fields), *require_chosen(fields, "active"))
    kind = next((one for one in KINDS if one == first(fields, "kind")), None)
    if faults or kind is None:
        return _show(request, shown, fields, faults)
    try:
        with caller.work() as work:
            site = sites.find_site(work, id, to_change=True)
            require_seen(site, read_version(fields))
            active = first(fields, "active") == "yes"
            sites.change_site(work, site, kind=kind, names=_names(fields), active=active)
    except Refused as error:
        return _show(request, shown, fields, _faults(error))
    return RedirectResponse("/administration/sites?done=changed", 303)


def _check(fields: Fields) -> tuple[FieldFault, ...]:
    chosen = first(fields, "kind") in KINDS
    return (
        *(() if chosen else require_chosen({}, "kind")),
        *require_filled(fields, "name_en", "name_ar"),
    )


def _names(fields: Fields) -> SiteNames:
    return SiteNames(written(fields, "name_en") or "", written(fields, "name_ar") or "")


def _faults(error: Refused) -> tuple[FieldFault, ...]:
    renamed = {"name.en": "name_en", "name.ar": "name_ar"}
    return faults_of(error, "name_en", "name_ar", "code", "kind", **renamed)


def _show(
    request: Request, site: Site | None, fields: Fields, faults: tuple[FieldFault, ...] = ()
) -> Response:
    return page(
        request,
        "desk/administration/site.html",
        status_code=status_of(faults),
        site=site,
        kinds=KINDS,
        fields=fields,
        faults=faults,
    )
