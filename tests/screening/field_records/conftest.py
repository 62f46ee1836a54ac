"""A device for the tests of this folder."""

from __future__ import annotations

import pytest

from tests.screening.field_records.devices import Device
from tests.services import World


@pytest.fixture
def device(world: World) -> Device:
    """The telephone of the inspector of site A."""
    return Device(world)
