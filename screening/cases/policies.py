"""The limits of the service that are choices and not law, read from `policies.yaml`."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Annotated, Final

from pydantic import Field

from indicators.errors import ContentError
from indicators.models import Content, Text
from indicators.validation import validate
from indicators.yaml_reading import parse_yaml

_FILE: Final = "screening/cases/policies.yaml"


class Policy(Content):
    """One limit and what it limits."""

    value: Annotated[int, Field(ge=1)]
    label: Text


class Policies(Content):
    """Every limit."""

    break_glass_minutes: Policy
    longest_hold_days: Policy
    smallest_count: Policy
    document_checks_a_day: Policy
    oldest_person_years: Policy
    gap_days: Policy
    gap_interviews: Policy


@cache
def policies() -> Policies:
    """The shipped limits; raises `ContentError` with every fault of the file."""
    node, faults = parse_yaml((files("screening") / "cases" / "policies.yaml").read_bytes(), _FILE)
    found = None if node is None else validate(Policies, node, faults)
    if found is None or faults:
        raise ContentError(tuple(faults))
    return found
