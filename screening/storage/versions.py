"""Records that change carry a version, so that nobody overwrites what he has not seen."""

from __future__ import annotations

from typing import Protocol

from screening.refusals import refused


class Versioned(Protocol):
    """A record with a version that grows by one with every change."""

    version: int


def require_seen(record: Versioned, seen: int) -> None:
    """Raise `Refused` with S232 unless `seen` is the version that is there now.

    In PostgreSQL the record must have been read with `with_for_update()`, or two pass here at once.
    """
    if record.version != seen:
        raise refused("S232", field="If-Match")
