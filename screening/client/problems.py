"""What a service answered instead of what was asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict


class ProblemFault(BaseModel):
    """One thing that is wrong; `field` names the key or question."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    code: str
    field: str | None = None
    line: int | None = None
    message: str
    advice: str


class ServiceProblem(Exception):
    """A problem document: `code` and `status` say what it is, `faults` what is wrong in particular.

    `document` holds all of it, with what single codes add, such as `conflict`. `retry_after` are the seconds
    that the service asked to be left alone.
    """

    def __init__(self, status: int, document: Mapping[str, Any], retry_after: int | None = None) -> None:
        self.status = status
        self.document = dict(document)
        self.code = str(document.get("code", ""))
        self.title = str(document.get("title", ""))
        self.detail = str(document.get("detail", ""))
        self.faults = tuple(ProblemFault.model_validate(one) for one in document.get("faults", ()))
        self.retry_after = retry_after
        super().__init__(f"{status} {self.code} {self.title}".strip())


class UnknownVersion(Exception):
    """A record is to be changed that was not read before: there is no version to say that it saw."""


class NoAnswer(Exception):
    """Nobody answered, or what answered was no service of this kind. What was asked may have been done."""
