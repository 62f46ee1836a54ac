"""The `screening` command."""

from screening.cli.app import app, main

__all__ = ["app", "main"]
