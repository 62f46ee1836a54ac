"""Operations: workplaces. Written by `python -m api.client_writing`."""

from __future__ import annotations

from typing import Literal

from screening.client.connections import Connection
from screening.client.models.shared import PageWorkplaceShown
from screening.client.models.workplaces import NewWorkplace, WorkplaceDetails, WorkplaceFound


class WorkplacesOperations(Connection):
    """The operations on workplaces."""

    def list_workplaces(
        self,
        *,
        kind: Literal["company", "household", "other"] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> PageWorkplaceShown:
        """Workplaces by code."""
        answered: PageWorkplaceShown = self.call(
            "GET",
            "/api/v1/workplaces",
            PageWorkplaceShown,
            query={"kind": kind, "limit": limit, "cursor": cursor},
        )
        return answered

    def find_or_create_workplace(self, body: NewWorkplace, *, key: str | None = None) -> WorkplaceFound:
        """Find a workplace, or record a new one."""
        answered: WorkplaceFound = self.call(
            "POST", "/api/v1/workplaces", WorkplaceFound, body=body, key=key, creates=True
        )
        return answered

    def read_workplace(self, id: str) -> WorkplaceDetails:
        """One workplace."""
        answered: WorkplaceDetails = self.call(
            "GET", "/api/v1/workplaces/{id}", WorkplaceDetails, path={"id": id}
        )
        return answered
