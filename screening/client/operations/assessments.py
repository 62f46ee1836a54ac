"""Operations: assessments. Written by `python -m api.client_writing`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from screening.client.connections import Connection
from screening.client.models.assessments import AssessmentRead, NewDecision
from screening.result_models import Assessment
from screening.sittings.models import DecisionShown, DecisionsShown


class AssessmentsOperations(Connection):
    """The operations on assessments."""

    def assess_interview(self, body: Mapping[str, Any]) -> Assessment:
        """Assess one interview."""
        answered: Assessment = self.call("POST", "/api/v1/assessments", Assessment, body=body)
        return answered

    def read_final_assessment(self, id: str) -> AssessmentRead:
        """A final assessment."""
        answered: AssessmentRead = self.call(
            "GET", "/api/v1/assessments/{id}", AssessmentRead, path={"id": id}
        )
        return answered

    def list_decisions(self, id: str) -> DecisionsShown:
        """Decisions beside a result."""
        answered: DecisionsShown = self.call(
            "GET", "/api/v1/assessments/{id}/decisions", DecisionsShown, path={"id": id}
        )
        return answered

    def decide_on_assessment(self, id: str, body: NewDecision, *, key: str | None = None) -> DecisionShown:
        """Agree or differ."""
        answered: DecisionShown = self.call(
            "POST",
            "/api/v1/assessments/{id}/decisions",
            DecisionShown,
            path={"id": id},
            body=body,
            key=key,
            creates=True,
        )
        return answered
