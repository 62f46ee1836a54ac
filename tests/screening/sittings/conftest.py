"""The desk of a world, on both databases."""

from __future__ import annotations

from itertools import count

import pytest

from tests.services import World
from tests.sittings import Desk


@pytest.fixture
def desk(world: World) -> Desk:
    """What one test does with interviews."""
    return Desk(world, count(1))
