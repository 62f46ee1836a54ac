"""The time it is. Only the edge (command line, service) asks; everything else is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone

# Kuwait has kept this offset all year since before any of these laws; no zone database is needed for it.
ASIA_KUWAIT = timezone(timedelta(hours=3), "Asia/Kuwait")

# What tells the time, in UTC; tests put their own in its place.
Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """Return this moment in UTC."""
    return datetime.now(UTC)


def day_in_kuwait(moment: datetime) -> date:
    """Return the calendar day in Kuwait at a moment."""
    return moment.astimezone(ASIA_KUWAIT).date()


def today_in_kuwait() -> date:
    """Return the calendar day in Kuwait at this moment."""
    return day_in_kuwait(utc_now())
