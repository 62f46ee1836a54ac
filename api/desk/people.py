"""The names of those who did something, for pages that say who."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import select

from screening.people.access import SYSTEM
from screening.storage.tables.people import Account
from screening.storage.tables.sites import Site
from screening.work import Work

_TABLE = "accounts"


def names_of(work: Work, accounts: Iterable[str | None]) -> Mapping[str, str]:
    """The display names of accounts by id; an id that is no account stands for itself."""
    wanted = {one for one in accounts if one is not None}
    found = {one: one for one in wanted if one != SYSTEM.account_id}
    for row in work.session.scalars(select(Account).where(Account.id.in_(sorted(wanted)))):
        found[row.id] = work.open_system(_TABLE, "display_name", row.id, row.display_name)
    return found


def sites_by_id(work: Work) -> Mapping[str, Site]:
    """Every site by id; their names are public within the service."""
    return {site.id: site for site in work.session.scalars(select(Site).order_by(Site.code))}
