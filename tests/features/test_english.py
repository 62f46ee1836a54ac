"""Every scenario of `features/` in English."""

from __future__ import annotations

from pytest_bdd import scenarios

from tests.features.reading import FEATURES

scenarios(*(path.name for path in sorted(FEATURES.glob("*.feature"))))
