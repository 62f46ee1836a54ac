"""The evaluator where it runs: in Chromium, where the field form has it, and in Node, if there is one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.field.evaluators import NODE, Call, copy_modules, in_chromium, in_node
from tests.browsers import OpenPage


@pytest.fixture(params=["chromium", "node"])
def call(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Call]:
    """Calls a function of the harness with the shipped evaluator; skipped where it cannot run."""
    folder = copy_modules(tmp_path / "modules")
    if request.param == "chromium":
        open_page: OpenPage = request.getfixturevalue("open_page")
        with in_chromium(folder, open_page) as called:
            yield called
    elif NODE is None:
        pytest.skip("no Node found: the browser evaluator is tested in Chromium alone")
    else:
        with in_node(folder) as called:
            yield called
