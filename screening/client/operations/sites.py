"""Operations: sites. Written by `python -m api.client_writing`."""

from __future__ import annotations

from screening.client.connections import Connection
from screening.client.models.sites import NewSite, PageSiteShown, SiteChange, SiteShown


class SitesOperations(Connection):
    """The operations on sites."""

    def list_sites(
        self, *, active: bool | None = None, limit: int | None = None, cursor: str | None = None
    ) -> PageSiteShown:
        """Sites by code."""
        answered: PageSiteShown = self.call(
            "GET", "/api/v1/sites", PageSiteShown, query={"active": active, "limit": limit, "cursor": cursor}
        )
        return answered

    def add_site(self, body: NewSite, *, key: str | None = None) -> SiteShown:
        """Add a site."""
        answered: SiteShown = self.call("POST", "/api/v1/sites", SiteShown, body=body, key=key, creates=True)
        return answered

    def show_site(self, id: str) -> SiteShown:
        """One site."""
        answered: SiteShown = self.call("GET", "/api/v1/sites/{id}", SiteShown, path={"id": id})
        return answered

    def change_site(self, id: str, body: SiteChange, *, seen: int | None = None) -> SiteShown:
        """Change a site."""
        answered: SiteShown = self.call(
            "PATCH", "/api/v1/sites/{id}", SiteShown, path={"id": id}, body=body, seen=seen, changes=True
        )
        return answered
