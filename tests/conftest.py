"""What every test can use. Steps of features are added to `pytest_plugins` as they are written."""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

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

_MEMORY = Path("/dev/shm")
# A whole run leaves less, and what a machine has beside it is not taken up.
_ENOUGH = 4 * 2**30


def keep_files_in_memory() -> None:
    """Make temporary folders where no disk is; TMPDIR says otherwise.

    Every test on PostgreSQL copies and drops a database of hundreds of files, which a disk takes longer
    for than the test itself.
    """
    if "TMPDIR" in os.environ or not os.access(_MEMORY, os.W_OK):
        return
    # A container often runs nothing from there, and a test installs the package into a folder.
    runs = not os.statvfs(_MEMORY).f_flag & os.ST_NOEXEC
    if runs and shutil.disk_usage(_MEMORY).free >= _ENOUGH:
        os.environ["TMPDIR"] = str(_MEMORY)
        tempfile.tempdir = None


keep_files_in_memory()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the tests that take longest: one that began last would be waited for alone."""
    items.sort(key=lambda item: item.get_closest_marker("soak") is None)


def pytest_collection_finish() -> None:
    """What was collected stays to the end: walking it over and over took the collector a fifth of a run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.fixture(autouse=True)
def logs_as_they_were() -> Iterator[None]:
    """A command that was tried set up the logs of the process, on a stream that ends with its test."""
    before = structlog.get_config()
    yield
    structlog.configure(**before)
