"""Calendar days: how they are written, and how spans are counted back from one."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta
from typing import Final

# Every day of a file or an answer lies between these years; what lies outside is a slip of the pen.
FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2199

_DAY: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})\Z")


def read_day(text: str) -> date | None:
    """Return the day of a text `YYYY-MM-DD` in ASCII digits, or None when it is not one."""
    found = _DAY.match(text)
    if found is None:
        return None
    year, month, day = int(found[1]), int(found[2]), int(found[3])
    if (
        not FIRST_YEAR <= year <= LAST_YEAR
        or not 1 <= month <= 12
        or not 1 <= day <= monthrange(year, month)[1]
    ):
        return None
    return date(year, month, day)


def days_before(day: date, unit: str, count: int) -> date:
    """Return the day that lies `count` days, months or years before `day`.

    Months and years are calendar ones: the day of the month stays, and where that month has no such day its
    last day stands for it (one month before 31 March is the last day of February).
    """
    if unit == "days":
        return day - timedelta(days=count) if count < day.toordinal() else date.min
    months = day.year * 12 + day.month - 1 - (count * 12 if unit == "years" else count)
    year, month = divmod(months, 12)
    if year < 1:
        return date.min
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
