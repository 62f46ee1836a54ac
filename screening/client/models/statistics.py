"""Models: statistics. Written by `python -m api.client_writing`."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, ConfigDict

from indicators.models import Text


class HeadingShown(BaseModel):
    """What a row or a column counts; `all` is the total."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    id: str
    label: Text


class PeriodShown(BaseModel):
    """A period that is over: from a day, until before another one, in Kuwait."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    id: str
    first: date
    end: date


class TableShown(BaseModel):
    """A table of counts."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    id: str
    title: Text
    by: Text
    rows: list[HeadingShown]
    columns: list[HeadingShown]
    cells: list[list[int | None]]


class StatisticsShown(BaseModel):
    """Counts of the sites within reach, taken together; small ones, and what gives them away, are …"""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    sites: list[str] | None
    periods: list[PeriodShown]
    least_shown: int
    tables: list[TableShown]
