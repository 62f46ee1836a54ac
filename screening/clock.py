"""The day it is in Kuwait. Only the edge (command line, service) asks; everything else is told."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

# Kuwait has kept this offset all year since before any of these laws; no zone database is needed for it.
ASIA_KUWAIT = timezone(timedelta(hours=3), "Asia/Kuwait")


def today_in_kuwait() -> date:
    """Return the calendar day in Kuwait at this moment."""
    return datetime.now(ASIA_KUWAIT).date()
