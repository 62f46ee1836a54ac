"""The places that work with the system."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Select, select

from screening.people.accounts import check_name
from screening.refusals import refused
from screening.storage.tables.sites import Site
from screening.storage.types import new_id
from screening.work import Work

SiteKind = Literal["shelter", "embassy", "inspection", "detention", "hospital", "office", "other"]


@dataclass(frozen=True, slots=True)
class SiteNames:
    """What a site is called in both languages."""

    en: str
    ar: str


def add_site(work: Work, code: str, kind: SiteKind, names: SiteNames) -> Site:
    """Add a site; raises `Refused` with S142 for a code that another one has, S147 for a name."""
    if work.session.scalars(select(Site.id).where(Site.code == code)).first():
        raise refused("S142", field="code", value=code)
    site = Site(
        id=new_id(),
        code=code,
        kind=kind,
        name_en=check_name(names.en, "name.en"),
        name_ar=check_name(names.ar, "name.ar"),
        created_at=work.now,
    )
    work.session.add(site)
    work.session.flush()
    work.record("site.create", "site", site.id, site_id=site.id, kind=kind)
    return site


def change_site(
    work: Work,
    site: Site,
    *,
    kind: SiteKind | None = None,
    names: SiteNames | None = None,
    active: bool | None = None,
) -> None:
    """Change a site; one that is not active takes no new cases or people, and keeps those it has."""
    if kind is not None:
        site.kind = kind
    if names is not None:
        site.name_en, site.name_ar = check_name(names.en, "name.en"), check_name(names.ar, "name.ar")
    if active is not None:
        site.active = active
    site.version += 1
    work.record("site.change", "site", site.id, site_id=site.id, active=site.active)


def find_site(work: Work, site_id: str, *, to_change: bool = False) -> Site:
    """Return a site; raises `Refused` with S136 if there is none of this id."""
    statement = select(Site).where(Site.id == site_id)
    site = work.session.scalars(statement.with_for_update() if to_change else statement).first()
    if site is None:
        raise refused("S136")
    return site


def select_sites(active: bool | None = None) -> Select[Site]:
    """Return the statement that lists sites."""
    statement = select(Site)
    return statement if active is None else statement.where(Site.active.is_(active))
