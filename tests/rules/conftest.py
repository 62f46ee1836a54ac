"""A small content tree that holds one of everything, for tests that break or reorder it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

SMALL_TREE = Path(__file__).parent / "small_tree"


@pytest.fixture
def small_tree(tmp_path: Path) -> Path:
    """A copy of the small content tree that a test may change."""
    copy = tmp_path / "tree"
    shutil.copytree(SMALL_TREE, copy)
    return copy
