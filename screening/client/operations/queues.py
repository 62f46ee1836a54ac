"""Operations: queues. Written by `python -m api.client_writing`."""

from __future__ import annotations

from screening.client.connections import Connection
from screening.client.models.queues import PageWaitingShown, QueueCounts


class QueuesOperations(Connection):
    """The operations on queues."""

    def count_waiting(self) -> QueueCounts:
        """How much waits in each list."""
        answered: QueueCounts = self.call("GET", "/api/v1/queues", QueueCounts)
        return answered

    def list_waiting(
        self, name: str, *, site: str | None = None, limit: int | None = None, cursor: str | None = None
    ) -> PageWaitingShown:
        """What waits in one list, the longest waiting first."""
        answered: PageWaitingShown = self.call(
            "GET",
            "/api/v1/queues/{name}",
            PageWaitingShown,
            path={"name": name},
            query={"site": site, "limit": limit, "cursor": cursor},
        )
        return answered
