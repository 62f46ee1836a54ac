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


def operation_examples() -> dict[str, Any]:
    """The example bodies of every operation that has some, by operation id: `operations/<id>.yaml`.

    Ids in them are those of `ids.yaml`, which stand for records that a reader has to put his own in for.
    """
    folder = files("api.examples").joinpath("operations")
    return {
        path.name.removesuffix(".yaml"): read_yaml(
            path.read_bytes(), f"api/examples/operations/{path.name}"
        ).plain()
        for path in sorted(folder.iterdir(), key=lambda one: one.name)
        if path.name.endswith(".yaml")
    }


def example_ids() -> dict[str, str]:
    """What stands for what in the examples."""
    path = files("api.examples").joinpath("ids.yaml")
    found: dict[str, str] = read_yaml(path.read_bytes(), "api/examples/ids.yaml").plain()
    return found
