"""Examples of requests in the OpenAPI description; tests send every one of them."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

from indicators.yaml_reading import read_yaml


def assessment_examples() -> dict[str, Any]:
    """The example interviews, all invented, by name in the form OpenAPI wants."""
    path = files("api.examples").joinpath("assessments.yaml")
    found: dict[str, Any] = read_yaml(path.read_bytes(), "api/examples/assessments.yaml").plain()
    return found
