"""The promises on outcomes and referrals, in Arabic, by the same steps."""

from __future__ import annotations

from pytest_bdd import scenarios

scenarios("ar")
