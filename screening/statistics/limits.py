"""From which number on a count is shown, and which times are counted, read from `statistics.yaml`."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Annotated, Final

from pydantic import Field

from indicators.errors import ContentError
from indicators.models import Confidence, Content, Text
from indicators.validation import validate
from indicators.yaml_reading import parse_yaml

_FILE: Final = "screening/statistics/statistics.yaml"


class Limit(Content):
    """A number, why it is this one, and how sure that is."""

    value: Annotated[int, Field(ge=1)]
    because: Text
    confidence: Confidence


class Limits(Content):
    """What the statistics go by."""

    least_shown: Limit
    months_in_period: Limit
    periods: Limit


@cache
def statistics_limits() -> Limits:
    """What the statistics go by; raises `ContentError` with every fault of the file."""
    node, faults = parse_yaml((files("screening") / "statistics" / "statistics.yaml").read_bytes(), _FILE)
    found = None if node is None else validate(Limits, node, faults)
    if found is None or faults:
        raise ContentError(tuple(faults))
    if 12 % found.months_in_period.value:
        raise ValueError(f"{_FILE}: periods must divide a year")
    return found
