"""The times that are counted: whole periods that are over, by days in Kuwait."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from screening.clock import ASIA_KUWAIT, day_in_kuwait


@dataclass(frozen=True, slots=True)
class Period:
    """Some months of one year: from a day, until before another one."""

    first: date
    end: date

    @property
    def id(self) -> str:
        """Its first and last month, such as `2026-07/2026-09`."""
        year, month = (self.end.year, self.end.month - 1) if self.end.month > 1 else (self.end.year - 1, 12)
        return f"{self.first:%Y-%m}/{year:04}-{month:02}"

    @property
    def begins_at(self) -> datetime:
        """The moment at which it begins."""
        return _midnight(self.first)

    @property
    def ends_at(self) -> datetime:
        """The moment from which on it is over."""
        return _midnight(self.end)


def complete_periods(now: datetime, months: int, count: int) -> tuple[Period, ...]:
    """The last so many periods of so many months that are over, oldest first; the running one is left out."""
    today = day_in_kuwait(now)
    running = today.year * 12 + (today.month - 1) // months * months
    return tuple(
        Period(_first_day(running - step * months), _first_day(running - (step - 1) * months))
        for step in range(count, 0, -1)
    )


def _first_day(month: int) -> date:
    return date(month // 12, month % 12 + 1, 1)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), ASIA_KUWAIT).astimezone(UTC)
