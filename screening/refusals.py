"""How a part of the service says no: with codes of the fault catalogue, never with a sentence of its own."""

from __future__ import annotations

from typing import Any

from indicators.errors import AnswersError, fault


class Refused(AnswersError):
    """What was asked cannot be done; nothing was changed. The first code decides the HTTP status."""


def refused(code: str, *, field: str | None = None, **slots: Any) -> Refused:
    """The exception for one fault."""
    return Refused([fault(code, field=field, **slots)])
