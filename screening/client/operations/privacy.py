"""Operations: privacy. Written by `python -m api.client_writing`."""

from __future__ import annotations

from typing import Any

from screening.client.connections import Connection
from screening.client.models.privacy import (
    EmergencyReview,
    Erasure,
    Hold,
    PageEmergencyShown,
    RetentionRun,
    RetentionShown,
)
from screening.client.models.shared import CaseShown, EmergencyShown


class PrivacyOperations(Connection):
    """The operations on privacy."""

    def export_case(self, id: str, *, identity: bool | None = None) -> dict[str, Any]:
        """One person's record."""
        answered: dict[str, Any] = self.call(
            "GET", "/api/v1/cases/{id}/export", dict[str, Any], path={"id": id}, query={"identity": identity}
        )
        return answered

    def erase_case(self, id: str, body: Erasure) -> CaseShown:
        """Erase a case."""
        answered: CaseShown = self.call(
            "POST", "/api/v1/cases/{id}/erase", CaseShown, path={"id": id}, body=body
        )
        return answered

    def hold_case(self, id: str, body: Hold) -> CaseShown:
        """Keep a case from erasure."""
        answered: CaseShown = self.call(
            "PUT", "/api/v1/cases/{id}/hold", CaseShown, path={"id": id}, body=body
        )
        return answered

    def release_case(self, id: str) -> CaseShown:
        """End a hold."""
        answered: CaseShown = self.call("DELETE", "/api/v1/cases/{id}/hold", CaseShown, path={"id": id})
        return answered

    def list_break_glass(
        self, *, reviewed: bool | None = None, limit: int | None = None, cursor: str | None = None
    ) -> PageEmergencyShown:
        """Emergency access to cases."""
        answered: PageEmergencyShown = self.call(
            "GET",
            "/api/v1/break-glass",
            PageEmergencyShown,
            query={"reviewed": reviewed, "limit": limit, "cursor": cursor},
        )
        return answered

    def review_break_glass(self, id: str, body: EmergencyReview) -> EmergencyShown:
        """Review emergency access."""
        answered: EmergencyShown = self.call(
            "POST", "/api/v1/break-glass/{id}/review", EmergencyShown, path={"id": id}, body=body
        )
        return answered

    def plan_retention(self) -> RetentionShown:
        """What the retention rules would take."""
        answered: RetentionShown = self.call("GET", "/api/v1/retention", RetentionShown)
        return answered

    def run_retention(self, body: RetentionRun) -> RetentionShown:
        """Run the retention rules."""
        answered: RetentionShown = self.call("POST", "/api/v1/retention/run", RetentionShown, body=body)
        return answered
