"""Every scenario of `features/`, in both languages."""

from __future__ import annotations

from pytest_bdd import scenarios

scenarios(".")
