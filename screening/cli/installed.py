"""The engines of a command: the content that is installed, and what was published where it runs."""

from __future__ import annotations

from screening.engines import Engines
from screening.settings import read_storage_settings


def open_engines() -> Engines:
    """Return engines by which a command comes to what the service here comes to; close them.

    Raises `Refused` with S040 for a setting that cannot be used.
    """
    return Engines(revisions=read_storage_settings().revisions_folder)
