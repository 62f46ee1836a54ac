"""Operations: visits. Written by `python -m api.client_writing`."""

from __future__ import annotations

from typing import Literal

from screening.client.connections import Connection
from screening.client.models.visits import NewVisit, PageVisitShown, VisitChange, VisitDetails, VisitShown


class VisitsOperations(Connection):
    """The operations on visits."""

    def list_visits(
        self,
        *,
        site: str | None = None,
        status: Literal["open", "closed"] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> PageVisitShown:
        """Visits to workplaces."""
        answered: PageVisitShown = self.call(
            "GET",
            "/api/v1/visits",
            PageVisitShown,
            query={"site": site, "status": status, "limit": limit, "cursor": cursor},
        )
        return answered

    def create_visit(self, body: NewVisit, *, key: str | None = None) -> VisitShown:
        """Begin a visit."""
        answered: VisitShown = self.call(
            "POST", "/api/v1/visits", VisitShown, body=body, key=key, creates=True
        )
        return answered

    def read_visit(self, id: str) -> VisitDetails:
        """One visit."""
        answered: VisitDetails = self.call("GET", "/api/v1/visits/{id}", VisitDetails, path={"id": id})
        return answered

    def change_visit(self, id: str, body: VisitChange, *, seen: int | None = None) -> VisitShown:
        """Close a visit."""
        answered: VisitShown = self.call(
            "PATCH", "/api/v1/visits/{id}", VisitShown, path={"id": id}, body=body, seen=seen, changes=True
        )
        return answered
