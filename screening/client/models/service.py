"""Models: service. Written by `python -m api.client_writing`."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict


class Alive(BaseModel):
    """The process answers."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    status: Literal["alive"] = "alive"


class Ready(BaseModel):
    """The database answers, content is loaded, and the engine agrees with the reference. `degraded` …"""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    rule_set: str
    revision: str
    digest: str
    status: Literal["ready", "degraded"] = "ready"
    because: list[str] | None = None


class Start(BaseModel):
    """Where to begin."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    openapi: str = "/api/v1/openapi.json"
    assessments: str = "/api/v1/assessments"
    instruments: str = "/api/v1/instruments"
    rule_sets: str = "/api/v1/rule-sets"
    health: str = "/health"
    ready: str = "/ready"
