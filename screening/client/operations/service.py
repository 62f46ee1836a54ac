"""Operations: service. Written by `python -m api.client_writing`."""

from __future__ import annotations

from screening.client.connections import Connection
from screening.client.models.service import Alive, Ready, Start


class ServiceOperations(Connection):
    """The operations on service."""

    def show_addresses(self) -> Start:
        """The addresses of the service."""
        answered: Start = self.call("GET", "/", Start)
        return answered

    def show_health(self) -> Alive:
        """Whether the process answers."""
        answered: Alive = self.call("GET", "/health", Alive)
        return answered

    def show_readiness(self) -> Ready:
        """Whether assessments can be made."""
        answered: Ready = self.call("GET", "/ready", Ready)
        return answered

    def show_metrics(self) -> str:
        """Counts for Prometheus."""
        answered: str = self.call("GET", "/metrics", str)
        return answered
