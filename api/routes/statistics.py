"""Counts that cannot point at a person."""

from __future__ import annotations

from datetime import date

from fastapi import APIRouter
from pydantic import BaseModel, Field

from api.access import Caller, requires
from api.problems import problem_responses
from indicators.models import Text
from screening.statistics.tables import Heading, Statistics, Table, read_statistics

router = APIRouter(prefix="/api/v1", tags=["statistics"])


class HeadingShown(BaseModel):
    """What a row or a column counts; `all` is the total."""

    id: str
    label: Text


class PeriodShown(BaseModel):
    """A period that is over: from a day, until before another one, in Kuwait."""

    id: str
    first: date
    end: date


class TableShown(BaseModel):
    """A table of counts."""

    id: str
    title: Text
    by: Text
    rows: list[HeadingShown]
    columns: list[HeadingShown]
    cells: list[list[int | None]] = Field(description="by row, then column; null: kept back")


class StatisticsShown(BaseModel):
    """Counts of the sites within reach, taken together; small ones, and what gives them away, are null."""

    sites: list[str] | None = Field(description="null: every site")
    periods: list[PeriodShown]
    least_shown: int = Field(description="counts above 0 and below this are kept back")
    tables: list[TableShown]


@router.get(
    "/statistics",
    summary="Counts that cannot point at a person",
    responses=problem_responses(401, 403, 422, 503),
)
def show_statistics(caller: Caller = requires("statistics.read")) -> StatisticsShown:
    """Count interviews, results and referrals over time and by how the person came; whole periods only."""
    with caller.work() as work:
        return _show(read_statistics(work, caller.service))


def _show(found: Statistics) -> StatisticsShown:
    return StatisticsShown(
        sites=None if found.sites is None else sorted(found.sites),
        periods=[PeriodShown(id=one.id, first=one.first, end=one.end) for one in found.periods],
        least_shown=found.least_shown,
        tables=[_show_table(one) for one in found.tables],
    )


def _show_table(one: Table) -> TableShown:
    return TableShown(
        id=one.id,
        title=one.title,
        by=one.by,
        rows=[_show_heading(row) for row in one.rows],
        columns=[_show_heading(column) for column in one.columns],
        cells=[list(row) for row in one.cells],
    )


def _show_heading(one: Heading) -> HeadingShown:
    return HeadingShown(id=one.id, label=one.label)
