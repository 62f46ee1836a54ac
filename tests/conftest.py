"""What every test can use. Steps of features are added to `pytest_plugins` as they are written."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
import structlog
from hypothesis import settings

# A part stands after those it imports, so that pytest can rewrite the assertions of each.
pytest_plugins: list[str] = ["tests.services", "tests.documented", "tests.browsers"]
pytest_plugins += [
    f"tests.steps.{part}"
    for part in (
        "tags",
        "scenes",
        "findings",
        "interviews",
        "referrals",
        "explanations",
        "content",
        "command_line",
        "http",
        "publishing",
        "drafting",
        "sittings",
        "field_records",
        "referral_records",
        "cases",
        "audit",
        "signing_in",
    )
]

# The same examples in every run; a longer search is asked for by name: HYPOTHESIS_PROFILE=search.
settings.register_profile("default", derandomize=True, deadline=None, max_examples=60)
settings.register_profile("search", deadline=None, max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


@pytest.fixture(autouse=True)
def logs_as_they_were() -> Iterator[None]:
    """A command that was tried set up the logs of the process, on a stream that ends with its test."""
    before = structlog.get_config()
    yield
    structlog.configure(**before)
