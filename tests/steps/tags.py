"""Tags become markers: `@L91-M-04` is `rule("L91-M-04")`, `@req-12` is `requirement(12)`, and so on."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

RULE_TAG = re.compile(r"[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*-\d{2}[a-z]?\Z")
NUMBERED_TAG = re.compile(r"(req|promise)-(\d+)\Z")


def marker_of(tag: str) -> pytest.MarkDecorator | None:
    """Return the marker that a tag stands for; None for a tag that is a marker itself."""
    if RULE_TAG.match(tag):
        return pytest.mark.rule(tag)
    numbered = NUMBERED_TAG.match(tag)
    if numbered is None:
        return None
    kind, number = numbered.groups()
    mark = pytest.mark.requirement if kind == "req" else pytest.mark.promise
    return mark(int(number))


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "requirement(number): the scenario shows this requirement")


def pytest_bdd_apply_tag(tag: str, function: Callable[..., Any]) -> bool | None:
    marker = marker_of(tag)
    if marker is None:
        return None
    marker(function)
    return True
