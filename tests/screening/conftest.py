"""Engines for the small content tree, which has one of everything a result can show."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from screening.assessments import assess
from screening.engines import Engines
from screening.result_models import Assessment
from tests.screening.samples import AS_OF, TODAY, TREE, Assess


@pytest.fixture(scope="session")
def engines() -> Iterator[Engines]:
    with Engines(TREE, time_limit=20) as found:
        yield found


@pytest.fixture
def assess_small(engines: Engines) -> Assess:
    """Assess answers by the small tree's short instrument."""

    def run(answers: dict[str, Any], **more: Any) -> Assessment:
        body = {"instrument": "short", "as_of": AS_OF, "answers": answers, **more}
        return assess(body, engines, TODAY)

    return run
