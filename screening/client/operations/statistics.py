"""Operations: statistics. Written by `python -m api.client_writing`."""

from __future__ import annotations

from screening.client.connections import Connection
from screening.client.models.statistics import StatisticsShown


class StatisticsOperations(Connection):
    """The operations on statistics."""

    def show_statistics(self) -> StatisticsShown:
        """Counts that cannot point at a person."""
        answered: StatisticsShown = self.call("GET", "/api/v1/statistics", StatisticsShown)
        return answered
