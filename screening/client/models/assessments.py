"""Models: assessments. Written by `python -m api.client_writing`."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from screening.result_models import Assessment


class AssessmentRead(BaseModel):
    """A final assessment: what is recorded of it, and the result as it was on that day."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    id: str
    interview: str
    case: str
    site: str
    rule_set: str
    revision: int | Literal["draft"]
    digest: str
    as_of: str
    last_seq: int
    result_digest: str
    outcome: Literal[
        "trafficking_indicated",
        "trafficking_possible",
        "other_concern",
        "not_enough_known",
        "nothing_indicated_so_far",
    ]
    reference_outcome: Literal[
        "trafficking_indicated",
        "trafficking_possible",
        "other_concern",
        "not_enough_known",
        "nothing_indicated_so_far",
    ]
    engine_outcome: (
        Literal[
            "trafficking_indicated",
            "trafficking_possible",
            "other_concern",
            "not_enough_known",
            "nothing_indicated_so_far",
        ]
        | None
    )
    engine_check: Literal["agrees", "differs", "unavailable", "not_run"]
    by: str
    at: datetime
    result: Assessment


class NewDecision(BaseModel):
    """What a person decides beside a result."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    stance: str
    outcome: str | None = None
    reason: str | None = None
